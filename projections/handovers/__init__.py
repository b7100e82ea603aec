"""The handovers: what was proposed, with which open items, and how it ended."""
