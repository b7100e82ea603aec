"""Orders to one person."""
