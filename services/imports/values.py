"""What every name of a mapping means in one row."""

import hashlib
from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid5

from services.imports.cleaning import ERRORS, normalised, unwrapped
from services.imports.headers import places
from services.imports.instants import InstantReader
from services.imports.mapping import IDENTITY, ROW, Mapping
from services.imports.reasons import RowRejectedError
from services.imports.tables import Row, SourceFile
from services.imports.templates import render

_IMPORTS = UUID("0f2f7a2e-6c0b-5d0a-9a55-7f2f3c1d8e10")


class Reader:
    """Gives the names of a mapping their meaning in the rows of one file.

    Raises:
        UnusableError: the file's header does not fit the mapping.
    """

    def __init__(self, mapping: Mapping, file: SourceFile) -> None:
        self.mapping = mapping
        self.places = places(mapping, file)
        self.width = len(file.header)
        self.named = max(self.places.values(), default=-1) + 1
        """How many cells a row has up to its last one with a name."""
        self.is_workbook = file.is_workbook
        self.unknown = frozenset(mapping.source.unknown)
        self.read = {self.places[name]: name for name in mapping.columns()}
        self.normalised = frozenset(self.places[name] for name in mapping.source.normalised)
        self.instants = {
            name: InstantReader(name, instant, workbook=file.is_workbook, epoch=file.epoch)
            for name, instant in mapping.instants.items()
        }
        ignored = {self.places[name] for name in mapping.rows.ignore}
        self.telling = [place for place in range(self.width) if place not in ignored]
        namespace = mapping.namespace or mapping.name
        self.namespaces = {name: uuid5(_IMPORTS, f"{namespace}/{name}") for name in mapping.ids}
        self.id = lru_cache(maxsize=50_000)(self._id)
        self.own_namespace = uuid5(_IMPORTS, mapping.name)

    def require_readable(self, row: Row) -> None:
        """Refuse a row that does not fit the header.

        Raises:
            RowRejectedError: as it says.
        """
        if row.damaged is not None:
            raise RowRejectedError("row.damaged", line=row.damaged)
        if self.is_ragged(row):
            raise RowRejectedError("row.ragged", found=str(len(row.cells)), expected=str(self.width))
        for place in row.without_value:
            if place in self.read:
                raise RowRejectedError("row.not-computed", name=self.read[place])
        for place, name in self.read.items():
            error = self.cell(row, place)
            if error in ERRORS and error not in self.unknown:
                raise RowRejectedError("row.cell-error", name=name, error=error)

    def is_ragged(self, row: Row) -> bool:
        """Whether a row has other cells than the header: blank ones at its end do not count, and need not be there."""
        if len(row.cells) > self.width:
            return any(cell.strip() for cell in row.cells[self.width :])
        return not self.is_workbook and len(row.cells) < self.named

    def is_blank(self, row: Row) -> bool:
        """Whether a row says nothing, and holds no formula that the mapping would read."""
        return not any(row.cells) and not any(place in self.read for place in row.without_value)

    def cell(self, row: Row, place: int) -> str:
        """What a cell means; a blank text where the row ends before it."""
        text = unwrapped(row.cells[place].strip()) if place < len(row.cells) else ""
        return normalised(text) if place in self.normalised else text

    def _told(self, row: Row, place: int) -> str:
        """What a cell says, for the fingerprint of the row: as it stands, unless the mapping says otherwise."""
        if place in self.normalised:
            return self.cell(row, place)
        return row.cells[place].strip() if place < len(row.cells) else ""

    def _id(self, name: str, key: str) -> str:
        return str(uuid5(self.namespaces[name], key))

    def content(self, row: Row) -> str:
        """A fingerprint of all that a row says, the same for repeated rows."""
        told = "\x1f".join(self._told(row, place) for place in self.telling)
        return hashlib.sha256(told.encode()).hexdigest()[:32]


class RowValues:
    """The names of a mapping in one row; `first` gives what the first row of the key said."""

    def __init__(
        self, reader: Reader, row: Row, identity: str = "", first: dict[str, str | None] | None = None
    ) -> None:
        self.reader = reader
        self.row = row
        self.first = first
        self.found: dict[str, str | None] = {ROW: str(row.number), IDENTITY: identity}

    def get(self, name: str) -> str | None:
        """The value of a name; none where it is absent.

        Raises:
            RowRejectedError: a time cannot be read, or a value is none that the mapping knows.
        """
        if name not in self.found:
            self.found[name] = self._find(name)
        return self.found[name]

    def need(self, name: str) -> str:
        """The value of a name that must be there.

        Raises:
            RowRejectedError: it is absent, or as above.
        """
        value = self.get(name)
        if value is None:
            raise RowRejectedError("row.absent", name=name)
        return value

    def instant(self, name: str) -> datetime:
        """An instant that must be there.

        Raises:
            RowRejectedError: it is absent or cannot be read.
        """
        for column in self.reader.mapping.instants[name].columns:
            self.need(column)
        return self.reader.instants[name].read(self._time(name) or "")[0]

    def day(self, name: str) -> str | None:
        """The value of a name where a day is asked for: of an instant its local date."""
        return self.get(f"{name}.date" if name in self.reader.mapping.instants else name)

    def _time(self, name: str) -> str | None:
        """An instant as it is written; none where a part of it is absent."""
        day, *of_day = (self.get(column) for column in self.reader.mapping.instants[name].columns)
        if day is None or None in of_day:
            return None
        return self.reader.instants[name].joined(day, of_day[0] or "") if of_day else day

    def need_rendered(self, template: str) -> str:
        """A template with its slots filled, all of which must have a value.

        Raises:
            RowRejectedError: one has none.
        """
        text = render(template, self.get)
        return text if text is not None else render(template, self.need) or ""

    def _find(self, name: str) -> str | None:
        reader, mapping = self.reader, self.reader.mapping
        place = reader.places.get(name)
        if place is not None:
            cell = reader.cell(self.row, place)
            return None if not cell or cell in reader.unknown else cell
        if name in mapping.ids:
            return self._id(name)
        if name in mapping.values:
            return self._mapped(name)
        if name in mapping.firsts:
            return self._first(name)
        if name in mapping.earliest:
            return min(filter(None, map(self.get, mapping.earliest[name])), default=None)
        instant, _, part = name.partition(".")
        text = self._time(instant)
        if text is None:
            return None
        at, day = reader.instants[instant].read(text)
        return day.isoformat() if part else at.isoformat(timespec="microseconds")

    def _id(self, name: str) -> str | None:
        key = render(self.reader.mapping.ids[name], self.get)
        return None if key is None else self.reader.id(name, key)

    def _mapped(self, name: str) -> str | None:
        values = self.reader.mapping.values[name]
        value = self.get(values.column)
        if value is None:
            return values.otherwise
        if value in values.map:
            return values.map[value]
        if values.otherwise is None:
            raise RowRejectedError("row.value-unknown", name=values.column)
        return values.otherwise

    def _first(self, name: str) -> str | None:
        if self.first is not None:
            return self.first[name]
        return render(self.reader.mapping.firsts[name], self.get)
