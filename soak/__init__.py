"""Faults under load: what was acknowledged is there once, whatever breaks; `python -m soak` at large counts."""
