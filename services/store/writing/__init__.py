"""How saves come into the log: grouped, appended in one dense order, one commit and one flush for many."""
