"""Reads the rows of CSV and XLSX files as text, one after the other."""

import csv
import gzip
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, cast

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.imports.encodings import AUTO, scan
from services.imports.mapping import Source
from services.imports.reasons import UnusableError

_TEXT = {".csv", ".tsv", ".txt"}
_WORKBOOK = {".xlsx", ".xlsm"}
_Line = Sequence[str]
"""The cells of a line; a bare text names the lines of one that is not well-formed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file."""

    number: int
    """1 for the first row after the header."""
    cells: tuple[str, ...]
    damaged: str | None = None
    """The lines of a row that is not well-formed CSV, `12-14`; it then has no cells."""


@dataclass(frozen=True)
class SourceFile:
    """A file that was looked over and can be read, as often as needed."""

    path: Path
    source: Source
    encoding: str
    digest: str
    """SHA-256 of its content, unpacked, in hexadecimal."""
    rows_at_most: int
    header: tuple[str, ...]
    """As it stands in the file."""

    @property
    def is_workbook(self) -> bool:
        """Whether times come as times, not as text."""
        return _kind(self.path) in _WORKBOOK

    def rows(self) -> Iterator[Row]:
        """The rows after the header; blank ones are skipped but counted.

        Raises:
            UnusableError: the file is damaged.
        """
        with _lines(self.path, self.source, self.encoding) as lines:
            next(lines)
            for number, cells in enumerate(lines, 1):
                if isinstance(cells, str):
                    yield Row(number, (), damaged=cells)
                elif any(cells):
                    yield Row(number, tuple(cells))


def look_over(path: Path, source: Source) -> SourceFile:
    """Find out encoding, digest and header of a file.

    Raises:
        UnusableError: it is absent, of an unknown kind, damaged, empty, or in an unknown encoding.
    """
    if not path.is_file():
        raise UnusableError("file.absent", file=path.name)
    if _kind(path) in _WORKBOOK:
        encoding, digest, rows = AUTO, hashlib.sha256(path.read_bytes()).hexdigest(), 0
    elif _kind(path) in _TEXT:
        try:
            scanned = scan(lambda: _bytes(path), source.encoding, path.name)
        except (OSError, EOFError) as error:
            raise UnusableError("file.unreadable", file=path.name) from error
        encoding, digest, rows = scanned.encoding, scanned.digest, max(scanned.lines - 1, 0)
    else:
        raise UnusableError("file.kind-unknown", file=path.name)
    with _lines(path, source, encoding) as lines:
        first = next(lines, ())
    if isinstance(first, str):
        raise UnusableError("file.unreadable", file=path.name)
    header = tuple(first)
    if not any(header):
        raise UnusableError("file.empty", file=path.name)
    return SourceFile(path, source, encoding, digest, rows, header)


def _kind(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if suffixes[-1:] == [".gz"] and suffixes[1:] else "".join(suffixes[-1:])


def _bytes(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.open(path))
    return path.open("rb")


@contextmanager
def _lines(path: Path, source: Source, encoding: str) -> Iterator[Iterator[_Line]]:
    if _kind(path) in _WORKBOOK:
        with _sheet_lines(path, source.sheet) as lines:
            yield lines
        return
    with TextIOWrapper(_bytes(path), encoding=encoding, newline="") as stream:
        yield _checked(stream, source, path.name)


def _checked(stream: TextIOWrapper, source: Source, file: str) -> Iterator[_Line]:
    reader = csv.reader(stream, delimiter=source.delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield f"{line}-{reader.line_num}"
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise UnusableError("file.unreadable", file=file) from error


@contextmanager
def _sheet_lines(path: Path, sheet: str | None) -> Iterator[Iterator[_Line]]:
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise UnusableError("file.unreadable", file=path.name) from error
    try:
        if sheet is not None and sheet not in workbook.sheetnames:
            raise UnusableError("sheet.absent", file=path.name, sheet=sheet)
        worksheet = workbook[sheet if sheet is not None else workbook.sheetnames[0]]
        yield ([_text(value) for value in row] for row in worksheet.iter_rows(values_only=True))
    finally:
        workbook.close()


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)
