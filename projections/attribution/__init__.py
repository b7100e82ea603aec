"""Attribution: who answers for a fact, under a named rule."""
