"""Orders to one key account."""
