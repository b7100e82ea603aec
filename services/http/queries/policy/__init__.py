"""Queries about the company's rules."""
