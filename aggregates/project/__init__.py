"""The rules of one delivery."""
