"""The commitments: what was promised, when it is due, and how often that moved."""
