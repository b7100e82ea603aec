"""The rules of one key account."""
