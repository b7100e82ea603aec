"""The log is told from what it was before a restore."""
