"""Orders to one project."""
