"""What a cell means, where it is written otherwise than it is meant."""

import re

_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
"""How a spreadsheet is kept from reading a number: `="00123"`."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
"""Characters that nobody sees."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width letters, digits and signs → the plain ones."""

ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
"""What a spreadsheet says instead of a value that it cannot compute."""


def unwrapped(cell: str) -> str:
    """The text in `="…"`."""
    found = _AS_TEXT.fullmatch(cell)
    return found[1].replace('""', '"').strip() if found else cell


def normalised(cell: str) -> str:
    """The cell without what nobody sees, in plain letters and digits."""
    return _UNSEEN.sub("", cell).translate(_FULL_WIDTH).strip()
