"""Reads the lines of CSV text: a row whose quotation mark stands open is lost alone, without those behind it."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count, islice

DELIMITERS = ",;\t|"
"""What is looked for where the mapping does not say; the comma first."""
_SEPARATOR = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)
"""The first line with which Excel is told of the delimiter."""
_MARK = "\ufeff"
_TELLING = 4
"""Cells of a line that are no accident in a longer text."""
_LOOKED_AT = 20
"""Rows that have to agree on a delimiter."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one row of the file says."""

    cells: tuple[str, ...]
    damaged: str | None = None
    """The number of a line that is not well-formed CSV; it is the only cell then."""


class _Taken(Iterator[str]):
    """The lines of a text; those of a row that was none can be given back."""

    def __init__(self, lines: Iterable[str], skipped: int) -> None:
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        """The lines of the row that is being read."""
        self.number = skipped
        """The number of the last line taken."""

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self.taken.append(line)
        self.number += 1
        return line

    def keep_first(self) -> str:
        """Give back all lines of the row but its first one."""
        first, *others = self.taken
        self._back.extendleft(reversed(others))
        self.number -= len(others)
        return first


@dataclass(frozen=True, slots=True)
class Begun:
    """A text whose first lines were looked at."""

    lines: Iterator[str]
    """Without byte order mark and `sep=` line."""
    delimiter: str
    """Stated by the file, given, or found."""
    skipped: int = 0
    """Lines that are not among them any more."""


def begin(lines: Iterable[str], delimiter: str | None, header: int) -> Begun:
    """Look at the first lines; the header is the row of that number."""
    rest = iter(lines)
    first = next(rest, "").removeprefix(_MARK)
    stated = _SEPARATOR.fullmatch(first)
    if stated is not None:
        return Begun(rest, stated[1], 1)
    looked_at = [first, *islice(rest, header + _LOOKED_AT)]
    return Begun(chain(looked_at, rest), delimiter or _found(looked_at, header))


def _found(lines: list[str], header: int) -> str:
    """The delimiter at which most rows fall into as many cells as the header; the comma where none does so."""
    best, most = DELIMITERS[0], 1
    for delimiter in DELIMITERS:
        widths = [len(line.cells) for line in rows_of(lines, delimiter, header)][header - 1 :]
        if widths and widths[0] > most and 2 * widths.count(widths[0]) > len(widths):
            best, most = delimiter, widths[0]
            if delimiter == DELIMITERS[0]:
                break
    return best


def rows_of(lines: Iterable[str], delimiter: str, header: int, skipped: int = 0) -> Iterator[Line]:
    """The rows in some lines; the header is the row of that number, `skipped` lines stood before all.

    A quotation mark that stands open swallows what comes behind it. Where that shows, the row is its first line alone,
    and the next one begins right behind it.
    """
    source = _Taken(lines, skipped)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    width = 0
    for number in count(1):
        source.taken = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is None or _swallows(source.taken, delimiter, width, fits=len(cells) == width):
            yield Line((source.keep_first().rstrip("\r\n"),), damaged=str(source.number))
            continue
        if number == header:
            width = len(cells)
        yield Line(tuple(cells))


def _swallows(lines: list[str], delimiter: str, width: int, *, fits: bool) -> bool:
    """Whether the lines of a row are rows of their own; `fits` where the row has as many cells as the header.

    If it has not, one line that is a row of its own says enough. If it has, all of them must look like rows, and rows
    must be wide enough for that to be no accident.
    """
    first, *others = lines
    if not others or width == 1:
        return False
    if fits:
        return width >= _TELLING and all(line.count(delimiter) + 1 == width for line in (first, *others))
    return any(_width(line, delimiter) == width for line in others)


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter, strict=True), ()))
    except csv.Error:
        return 0
