"""Reads the rows of a sheet as text, cell by cell: what the file says of its own size is never asked."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel, from_ISO8601

from services.imports.workbooks import Workbook, local, text_of

LARGEST_PLACE = 16_384
"""Columns that a sheet can have."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet."""

    number: int
    """1 for the first row of the sheet."""
    cells: tuple[str, ...]
    without_value: tuple[int, ...] = ()
    """Places of formulas whose value the file does not hold."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of one column that are merged with the one above them."""

    first: int
    last: int
    place: int


@dataclass(slots=True)
class Survey:
    """What one pass over a sheet found out."""

    rows: int = 0
    merged: list[Merged] = field(default_factory=list)


def survey(workbook: Workbook, part: str) -> Survey:
    """Read a sheet once to its end, so that whatever is damaged is found before anything is done with it."""
    found = Survey()
    with workbook.open(part) as stream:
        for element in _ended(stream, "row", "mergeCell"):
            if local(element) == "row":
                found.rows += 1
                _cells(workbook, element)
            else:
                first_column, first, _, last = range_boundaries(element.get("ref", ""))
                if None in {first_column, first, last}:
                    raise ValueError("merged cells without bounds")
                found.merged.append(Merged(int(first or 0), int(last or 0), int(first_column or 0) - 1))
    return found


def lines(workbook: Workbook, part: str, merged: list[Merged]) -> Iterator[Line]:
    """The rows of a sheet that are there, with the cells of `merged` filled down."""
    number = 0
    held: dict[Merged, str] = {}
    waiting = sorted(merged, key=lambda one: one.first)
    with workbook.open(part) as stream:
        for element in _ended(stream, "row"):
            number = int(element.get("r") or number + 1)
            cells, without_value = _cells(workbook, element)
            while waiting and waiting[0].first <= number:
                held[waiting.pop(0)] = ""
            for one in list(held):
                if number > one.last:
                    del held[one]
                elif number == one.first:
                    held[one] = cells[one.place] if one.place < len(cells) else ""
                else:
                    cells += [""] * (one.place + 1 - len(cells))
                    cells[one.place] = cells[one.place] or held[one]
            yield Line(number, tuple(cells), without_value)


def _ended(stream: IO[bytes], *names: str) -> Iterator[Element]:
    """The elements of some names, each when it ends; what was read is let go."""
    around: list[Element] = []
    for event, element in iterparse(stream, ("start", "end")):  # noqa: S314 - expat bounds what entities unfold to
        if event == "start":
            around.append(element)
            continue
        around.pop()
        if local(element) in names:
            yield element
            element.clear()
            around[-1].clear()


def _cells(workbook: Workbook, row: Element) -> tuple[list[str], tuple[int, ...]]:
    cells: list[str] = []
    without_value = []
    place = -1
    for cell in row:
        if local(cell) != "c":
            continue
        coordinate = cell.get("r")
        place = column_index_from_string(coordinate_from_string(coordinate)[0]) - 1 if coordinate else place + 1
        if not 0 <= place < LARGEST_PLACE:
            raise ValueError("a cell beyond the last column")
        text, lacks = _text(workbook, cell)
        cells += [""] * (place + 1 - len(cells))
        cells[place] = text
        if lacks:
            without_value.append(place)
    return cells, tuple(without_value)


def _text(workbook: Workbook, cell: Element) -> tuple[str, bool]:
    """What a cell says, and whether it is a formula without a value."""
    parts = {local(part): part for part in cell}
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return (text_of(parts["is"]) if "is" in parts else ""), False
    value = parts["v"].text if "v" in parts else None
    if not value:
        # Of a formula that gives an empty text, the value is there and empty.
        return "", "f" in parts and not (kind == "str" and "v" in parts)
    match kind:
        case "s":
            return workbook.strings[int(value)], False
        case "b":
            return ("true" if value == "true" or (value != "false" and int(value)) else "false"), False
        case "d":
            return written(from_ISO8601(value)), False  # type: ignore[no-untyped-call]
        case "n":
            return _number(workbook, value, int(cell.get("s") or 0)), False
        case _:
            return value, False


def _number(workbook: Workbook, value: str, style: int) -> str:
    number = float(value) if any(mark in value for mark in ".eE") else int(value)
    kind = workbook.temporal.get(style)
    if kind is None:
        return written(number)
    with suppress(OverflowError, ValueError):
        return written(from_excel(number, workbook.epoch, timedelta=kind == "duration"))
    return "#VALUE!"


def written(value: Any) -> str:
    """A value of a cell as text."""
    match value:
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)
