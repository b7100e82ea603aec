"""Opens workbooks: which sheets there are, and what the numbers and texts in their cells stand for."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from posixpath import join, normpath
from typing import IO, BinaryIO, Literal, cast
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.utils.exceptions import CellCoordinatesException

from services.imports.reasons import UnusableError

_MAIN = "xl/workbook.xml"
_NO_ZIP = b"\xd0\xcf\x11\xe0"
"""How old workbooks begin, and those with a password."""
_CHINESE_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in formats that are dates in Chinese, Japanese and Korean Excel; no file spells them out."""
_FIRST_OWN = 164

Temporal = Literal["date", "duration"]
"""What a number stands for by its format."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with cells."""

    name: str
    part: str
    visible: bool


def local(element: Element) -> str:
    """The name of an element without its namespace: strict and transitional workbooks differ in nothing else."""
    return element.tag.rpartition("}")[2]


def text_of(element: Element) -> str:
    """The text of a string item, without its phonetic guide."""
    parts = []
    for child in element:
        if local(child) == "t":
            parts.append(child.text or "")
        elif local(child) == "r":
            parts += [inner.text or "" for inner in child if local(inner) == "t"]
    return "".join(parts)


@contextmanager
def damaged(file: str) -> Iterator[None]:
    """Whatever a damaged workbook does to its reader is one error.

    Raises:
        UnusableError: `file.unreadable`.
    """
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        CellCoordinatesException,
        OSError,
        EOFError,
        KeyError,
        IndexError,
        ValueError,
        RuntimeError,  # a part with a password
    ) as error:
        raise UnusableError("file.unreadable", file=file) from error


class Workbook:
    """A workbook that is open."""

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self.archive = archive
        self.file = file
        self.main = self._main()
        workbook = self.elements(self.main)
        targets = self._targets(self.main)
        self.sheets: list[Sheet] = []
        """Those with cells, in their order; charts and macros are none."""
        self.others: list[str] = []
        self.epoch = WINDOWS_EPOCH
        for element in workbook:
            match local(element):
                case "workbookPr" if element.get("date1904") in {"1", "true"}:
                    self.epoch = MAC_EPOCH
                case "sheet":
                    self._add(element, targets)

    def _add(self, element: Element, targets: dict[str, tuple[str, str]]) -> None:
        relation = next((value for key, value in element.items() if key.endswith("}id")), "")
        kind, part = targets.get(relation, ("", ""))
        name = element.get("name", "")
        if kind == "worksheet":
            self.sheets.append(Sheet(name, part, element.get("state", "visible") == "visible"))
        else:
            self.others.append(name)

    def _main(self) -> str:
        for kind, part in self._targets("").values():
            if kind == "officeDocument":
                return part
        return _MAIN

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Id → kind and place of what a part refers to."""
        folder, _, name = part.rpartition("/")
        relations = join(folder, "_rels", f"{name}.rels")
        if relations not in self.archive.namelist():
            return {}
        found = {}
        for element in self.elements(relations):
            if local(element) == "Relationship":
                target = element.get("Target", "")
                place = target.removeprefix("/") if target.startswith("/") else normpath(join(folder, target))
                found[element.get("Id", "")] = element.get("Type", "").rpartition("/")[2], place
        return found

    def elements(self, part: str) -> Iterator[Element]:
        """The elements of a small part, each when it ends."""
        with self.archive.open(part) as stream:
            for _, element in iterparse(stream):  # noqa: S314 - expat bounds what entities unfold to
                yield element

    def open(self, part: str) -> IO[bytes]:
        """The bytes of a part."""
        return self.archive.open(part)

    def chosen(self, sheet: str | None) -> Sheet:
        """The sheet of a name, or the first one that is visible.

        Raises:
            UnusableError: there is none, or it holds no cells.
        """
        if sheet is None:
            found = next((one for one in self.sheets if one.visible), None)
            if found is None:
                raise UnusableError("sheet.none-visible", file=self.file)
            return found
        for one in self.sheets:
            if one.name == sheet:
                return one
        if sheet in self.others:
            raise UnusableError("sheet.without-cells", file=self.file, sheet=sheet)
        raise UnusableError("sheet.absent", file=self.file, sheet=sheet)

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells share."""
        found = []
        part = self._part("sharedStrings")
        if part is not None:
            for element in self.elements(part):
                if local(element) == "si":
                    found.append(text_of(element).replace("x005F_", ""))
                    element.clear()
        return found

    @cached_property
    def temporal(self) -> dict[int, Temporal]:
        """Style → what numbers in it stand for, where they are times."""
        part = self._part("styles")
        own: dict[int, str] = {}
        used: list[int] = []
        for element in self.elements(part) if part is not None else ():
            if local(element) == "numFmt":
                own[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
            elif local(element) == "cellXfs":
                used = [int(one.get("numFmtId", 0)) for one in element if local(one) == "xf"]
        kinds = {number: _kind(number, own) for number in set(used)}
        return {style: kind for style, number in enumerate(used) if (kind := kinds[number]) is not None}

    def _part(self, kind: str) -> str | None:
        return next((part for found, part in self._targets(self.main).values() if found == kind), None)


def _kind(number: int, own: dict[int, str]) -> Temporal | None:
    code = own.get(number) if number >= _FIRST_OWN or number in own else builtin_format_code(number)
    if code is not None and is_timedelta_format(code):
        return "duration"
    if (code is not None and is_date_format(code)) or (code is None and number in _CHINESE_DATES):
        return "date"
    return None


@contextmanager
def opened(stream: BinaryIO, file: str) -> Iterator[Workbook]:
    """The workbook in a stream, packed or not.

    Raises:
        UnusableError: it is none, or damaged.
    """
    with tempfile.TemporaryFile() as seekable:
        with damaged(file):
            while piece := stream.read(1 << 20):
                seekable.write(piece)
            seekable.seek(0)
            if seekable.read(len(_NO_ZIP)) == _NO_ZIP:
                raise UnusableError("file.old-workbook", file=file)
            archive = zipfile.ZipFile(cast("BinaryIO", seekable))
        with archive:
            with damaged(file):
                workbook = Workbook(archive, file)
            yield workbook
