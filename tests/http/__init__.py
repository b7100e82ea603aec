"""The API as client programs use it."""
