"""Keeping the views up to date: parking, replaying, rebuilding, healing."""
