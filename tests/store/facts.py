"""Small facts to store, the same that the soak writes."""

from soak.facts import new_stream, save, stored

__all__ = ["new_stream", "save", "stored"]
