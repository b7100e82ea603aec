"""Reads the rows of CSV and XLSX files as text, one after the other."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from openpyxl.utils.datetime import WINDOWS_EPOCH

from services.imports import cells
from services.imports.encodings import scan
from services.imports.lines import Line, begin, rows_of
from services.imports.reasons import UnusableError
from services.imports.source import Source
from services.imports.workbooks import damaged, opened

_TEXT = {".csv", ".tsv", ".txt"}
_WORKBOOK = {".xlsx", ".xlsm"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file."""

    number: int
    """1 for the first row after the header."""
    cells: tuple[str, ...]
    damaged: str | None = None
    """The line of a row that is not well-formed CSV; it has one cell then, the whole line."""
    without_value: tuple[int, ...] = ()
    """Places of formulas whose value the file does not hold."""


@dataclass(frozen=True)
class SourceFile:
    """A file that was looked over and can be read, as often as needed."""

    path: Path
    source: Source
    digest: str
    """SHA-256 of its content, unpacked, in hexadecimal."""
    rows_at_most: int
    header: tuple[str, ...]
    """As it stands in the file."""
    encoding: str | None = None
    """None for a workbook, like the delimiter."""
    delimiter: str | None = None
    sheet: str | None = None
    """The sheet that is read; none for CSV."""
    epoch: datetime = WINDOWS_EPOCH
    """From which day the numbers of Excel count."""

    @property
    def is_workbook(self) -> bool:
        """Whether times come as times, not as text."""
        return self.sheet is not None

    def rows(self) -> Iterator[Row]:
        """The rows after the header; blank ones are skipped but counted.

        Raises:
            UnusableError: the file is damaged.
        """
        for row in self._all():
            if row.number > 0 and (any(row.cells) or row.without_value):
                yield row

    def _all(self) -> Iterator[Row]:
        """The header is row 0, and what stands above it has numbers below."""
        before = self.source.header
        if not self.is_workbook:
            for number, line in enumerate(_lines(self.path, self.source, self.encoding), 1):
                yield Row(number - before, line.cells, line.damaged)
            return
        with (
            _readable(self.path.name),
            _bytes(self.path) as stream,
            opened(stream, self.path.name) as workbook,
            damaged(self.path.name),
        ):
            part = workbook.chosen(self.sheet).part
            merged = cells.survey(workbook, part).merged if self.source.merged == "fill" else []
            for found in cells.lines(workbook, part, merged):
                yield Row(found.number - before, found.cells, without_value=found.without_value)


def look_over(path: Path, source: Source) -> SourceFile:
    """Find out encoding, delimiter, sheet, digest and header of a file.

    Raises:
        UnusableError: it is absent, of an unknown kind, damaged, empty, or in an unknown encoding.
    """
    try:
        there = path.is_file()
    except OSError:  # a name that no file can have
        there = False
    if not there:
        raise UnusableError("file.absent", file=path.name)
    if kind_of(path) in _WORKBOOK:
        file = _workbook(path, source)
    elif kind_of(path) in _TEXT:
        file = _text(path, source)
    else:
        raise UnusableError("file.kind-unknown", file=path.name)
    if not any(cell.strip() for cell in file.header):
        raise UnusableError("file.empty", file=path.name)
    return file


def kind_of(path: Path) -> str:
    """The ending of a file's name, without `.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if suffixes[-1:] == [".gz"] and suffixes[1:] else "".join(suffixes[-1:])


def _text(path: Path, source: Source) -> SourceFile:
    with _readable(path.name):
        scanned = scan(lambda: _bytes(path), source.encoding, path.name)
        with TextIOWrapper(_bytes(path), encoding=scanned.encoding, newline="") as stream:
            delimiter = begin(stream, source.delimiter, source.header).delimiter
    header = next(islice(_lines(path, source, scanned.encoding), source.header - 1, None), Line(()))
    if header.damaged is not None:
        raise UnusableError("file.unreadable", file=path.name)
    rows = max(scanned.lines - source.header, 0)
    return SourceFile(path, source, scanned.digest, rows, header.cells, scanned.encoding, delimiter)


def _lines(path: Path, source: Source, encoding: str | None) -> Iterator[Line]:
    with _readable(path.name), TextIOWrapper(_bytes(path), encoding=encoding, newline="") as stream:
        begun = begin(stream, source.delimiter, source.header)
        yield from rows_of(begun.lines, begun.delimiter, source.header, begun.skipped)


def _workbook(path: Path, source: Source) -> SourceFile:
    with _readable(path.name), _bytes(path) as stream:
        digest = hashlib.sha256()
        while piece := stream.read(1 << 20):
            digest.update(piece)
    with _readable(path.name), _bytes(path) as stream, opened(stream, path.name) as workbook:
        sheet = workbook.chosen(source.sheet)
        with damaged(path.name):
            rows = max(cells.survey(workbook, sheet.part).rows - source.header, 0)
            lines = cells.lines(workbook, sheet.part, [])
            header = next((line.cells for line in lines if line.number == source.header), ())
            found = SourceFile(path, source, digest.hexdigest(), rows, header, sheet=sheet.name, epoch=workbook.epoch)
    return found


def _bytes(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.open(path))
    return path.open("rb")


@contextmanager
def _readable(file: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UnusableError("file.unreadable", file=file) from error
