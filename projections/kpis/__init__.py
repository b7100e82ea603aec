"""Figures with the exact events they were computed from."""
