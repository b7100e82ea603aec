"""The lives: what every item was at every time."""
