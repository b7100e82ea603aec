"""Whether text that can be read as GB18030 was rather written in Big5 or in a western encoding."""

import re
import unicodedata
from dataclasses import dataclass

BIG5, WESTERN = "big5", "windows-1252"
_PAIR = re.compile(rb"[\x81-\xfe][\x30-\xff]")
_CHINESE = re.compile(rb"[\xa1\xa3\xb0-\xd7][\xa1-\xfe]")
_TAIWANESE = re.compile(rb"[\xa1-\xa2\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_LONGEST = 40
"""Characters of a preview."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Another encoding that fits better, and a line as both read it."""

    encoding: str
    line: int
    as_gb18030: str
    otherwise: str


@dataclass(slots=True)
class Evidence:
    """What the bytes of a file speak for; characters that are common in an encoding speak for it."""

    chinese: int = 0
    """Characters among the 3,755 common ones of GB 2312, and its punctuation."""
    taiwanese: int = 0
    """Characters among the 5,401 common ones of Big5, and its punctuation."""
    pairs: int = 0
    fits_big5: bool = True
    high: int = 0
    """Bytes above 127."""
    alone: int = 0
    """Bytes above 127 between two that are not: a letter with an accent in a word without others."""
    shown: tuple[int, bytes] = (0, b"")
    """The first line that is not ASCII."""

    def note(self, number: int, line: bytes) -> None:
        """Take in a line."""
        if not self.shown[0]:
            self.shown = number, line
        for run in _HIGH.findall(line):
            self.high += len(run)
            self.alone += len(run) == 1
        for pair in _PAIR.findall(line):
            self.pairs += 1
            self.chinese += bool(_CHINESE.fullmatch(pair))
            self.taiwanese += bool(_TAIWANESE.fullmatch(pair))
        if self.fits_big5:
            self.fits_big5 = _fits(line)

    def doubt(self) -> Doubt | None:
        """What speaks against GB18030, where something does."""
        if self.fits_big5 and self.taiwanese > self.chinese and 2 * self.taiwanese > self.pairs:
            return self._against(BIG5)
        if 2 * self.alone > self.high:
            return self._against(WESTERN)
        return None

    def _against(self, encoding: str) -> Doubt:
        number, line = self.shown
        return Doubt(encoding, number, _preview(line, "gb18030"), _preview(line, encoding))


def _fits(line: bytes) -> bool:
    try:
        line.decode("cp950")
    except UnicodeDecodeError:
        return False
    return True


def _preview(line: bytes, encoding: str) -> str:
    """The part of a line around what is not ASCII, without characters that do something to a screen."""
    text = line.decode(encoding, errors="replace")
    first = next((place for place, character in enumerate(text) if not character.isascii()), 0)
    start = max(first - _LONGEST // 4, 0)
    shown = text[start : start + _LONGEST]
    return "".join(one for one in shown if unicodedata.category(one)[0] != "C").strip()
