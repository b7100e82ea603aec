"""The chapters of the story, each one subject."""
