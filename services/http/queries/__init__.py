"""The query side of the HTTP API: one router per subject."""
