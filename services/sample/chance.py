"""Chance that falls the same way every time."""

from random import Random
from typing import Any
from uuid import UUID, uuid5

_SAMPLE = UUID("9a1d6b52-8f5e-5c1f-9f6a-2f4d1f0c7a35")


def dice(*names: object) -> Random:
    """Dice of their own for each name, so that one part of the story does not shift another."""
    return Random("/".join(map(str, names)))  # noqa: S311 - the story has to be the same every time


def named(*names: object) -> UUID:
    """The identifier of whatever has this name in the story."""
    return uuid5(_SAMPLE, "/".join(map(str, names)))


def fill(template: str, **words: Any) -> str:
    """A phrase with its blanks filled in."""
    return template.format(**words)
