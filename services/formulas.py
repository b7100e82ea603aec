"""Keeps what others wrote from acting as a formula in a spreadsheet that opens what we write."""

import unicodedata

_SIGNS = frozenset("=+-@")
_AT_ONCE = ("\t", "\r")
"""What a spreadsheet drops, and looks at what comes behind."""


def guarded(text: str) -> str:
    """The text, with an apostrophe before one that a spreadsheet may run: the apostrophe makes it text."""
    return f"'{text}" if acts(text) else text


def acts(text: str) -> bool:
    """Whether a text begins as a formula does, be it in full-width signs or behind blanks and what nobody sees."""
    if text.startswith(_AT_ONCE):
        return True
    first = next((character for character in text if not _passed_over(character)), "")
    return unicodedata.normalize("NFKC", first) in _SIGNS


def _passed_over(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Mn", "Zs"}
