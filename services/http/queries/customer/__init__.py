"""Queries about customers."""
