"""Imports: files of every kind, mappings right and wrong, and real histories."""
