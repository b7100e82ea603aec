"""The projects: initiation, decision and acceptance."""
