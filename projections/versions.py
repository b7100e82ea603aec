"""The rows a batch of events works on, in memory: what is believed now, and what changed since it was last written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from events.recorded import Recorded
from projections.tables import Table
from projections.written import read

Values = dict[str, Any]
"""The columns of a row, without the positions it was known over."""

Entry = tuple[Any, ...]
"""A row of a table whose rows are written once: its columns in their order, then the position it is known from."""


@dataclass(slots=True)
class Row:
    """One version of a row."""

    values: Values
    known_from: int
    known_to: int | None = None
    stored: bool = False
    """Whether the database has this version already."""

    def version(self) -> Values:
        """All its columns as the database gives them back: JSON that was written already is read."""
        read = {name: from_json(one) if isinstance(one, bytes) else one for name, one in self.values.items()}
        return {**read, "known_from": self.known_from, "known_to": self.known_to}


Groups = dict[Any, dict[Any, Row]]
"""Group → key → row believed now."""


class Rows:
    """The rows of one view in memory; `position` is that of the event being applied.

    Groups that were not used for long are forgotten once they are written, `size` others later at the earliest.
    """

    def __init__(self, size: int = 50_000, *, whole: bool = False) -> None:
        self.position = 0
        self.whole = whole
        """Whether all groups that have rows are in memory: the view began with nothing, and nothing was forgotten."""
        self.opened: list[tuple[Table, Row]] = []
        """Versions that begin since the last writing; some of them end again."""
        self.closed: list[tuple[Table, Row]] = []
        """Versions believed no more since the last writing."""
        self.entered: dict[Table, list[Entry]] = {}
        """Rows of tables that are written once, since the last writing."""
        self.expired: dict[Table, list[tuple[Any, int]]] = {}
        """Rows of such tables that a correction ends, by key and position, since the last writing."""
        self.histories: dict[int, Sequence[Recorded]] = {}
        """Position of an event that puts another right → all events about the item before it."""
        self._size = size
        self._held: defaultdict[str, Groups] = defaultdict(dict)
        self._older: dict[str, Groups] = {}

    def load(self, table: Table, group: Any, rows: Iterable[Row]) -> None:
        """Make the rows of a group known to the batch."""
        self._held[table.name][group] = {row.values[table.key]: row for row in rows}

    def knows(self, table: Table, group: Any) -> bool:
        """Whether a group is in memory; it stays there for the batch."""
        held = self._held[table.name]
        if group in held:
            return True
        older = self._older.get(table.name)
        if older is None or group not in older:
            return False
        held[group] = older.pop(group)
        return True

    def group(self, table: Table, group: Any) -> list[Values]:
        """The rows of a group as believed now.

        Raises:
            KeyError: the projection did not say that it reads this group.
        """
        return [row.values for row in self._held[table.name][group].values()]

    def get(self, table: Table, key: Any, group: Any = None) -> Values | None:
        """One row as believed now; `group` where it is not the key itself.

        Raises:
            KeyError: the projection did not say that it reads this group.
        """
        row = self._held[table.name][key if group is None else group].get(key)
        return row.values if row else None

    def enter(self, table: Table, values: Sequence[Any]) -> None:
        """Write a row of a table whose rows are written once; its columns in their order, some as they are written."""
        entry = (*values, self.position)
        entries = self.entered.get(table)
        if entries is None:
            self.entered[table] = [entry]
        else:
            entries.append(entry)

    def expire(self, table: Table, key: Any) -> None:
        """Believe a row of a table whose rows are written once no more from the present event on."""
        self.expired.setdefault(table, []).append((key, self.position))

    def put(self, table: Table, values: Values) -> None:
        """Believe a row from the present event on."""
        group = self._held[table.name][values[table.group]]
        key = values[table.key]
        if table.recalled:
            group[key] = Row(values, self.position)
            return
        before = group.get(key)
        if before is not None:
            if before.values == values:
                return
            if before.known_from == self.position:
                before.values = values
                return
            self._close(table, before)
        group[key] = row = Row(values, self.position)
        self.opened.append((table, row))

    def change(self, table: Table, key: Any, group: Any = None, /, **changes: Any) -> None:
        """Believe some columns of an existing row otherwise from the present event on."""
        before = self.get(table, key, group)
        if before is None:
            raise LookupError(f"no row {key} in {table.name}")
        self.put(table, {**before, **changes})

    def remove(self, table: Table, key: Any, group: Any = None) -> None:
        """Believe a row no more from the present event on."""
        before = self._held[table.name][key if group is None else group].pop(key, None)
        if before is not None:
            self._close(table, before)

    def _close(self, table: Table, row: Row) -> None:
        row.known_to = self.position
        if row.stored or row.known_from < self.position:
            self.closed.append((table, row))

    def believed(self) -> Iterator[tuple[Table, Row]]:
        """Every version that begins since the last writing and is believed still; what is written once, in any case."""
        for table, row in self.opened:
            if row.known_to is None:
                yield table, row
        for table, entries in self.entered.items():
            ends = self.expired.get(table, ())
            for *values, known_from in entries:
                row = Row(read(table.columns, values), known_from)
                if ends:
                    key = row.values[table.key]
                    row.known_to = min((at for one, at in ends if one == key and at > known_from), default=None)
                yield table, row

    def all_believed(self) -> dict[tuple[Table, Any, Any], Values]:
        """The rows that were put since the last writing and are believed still, by table, group and key."""
        return {
            (table, row.values[table.group], row.values[table.key]): row.values
            for table, row in self.opened
            if row.known_to is None
        }

    def all_entered(self) -> dict[tuple[Table, Any], Entry]:
        """The rows of tables that are written once, by table and key, as they were entered."""
        return {
            (table, read(table.columns, entry[:-1])[table.key]): entry[:-1]
            for table, entries in self.entered.items()
            for entry in entries
        }

    @property
    def groups(self) -> int:
        """How many groups are in memory."""
        return sum(map(len, self._held.values())) + sum(map(len, self._older.values()))

    def written(self) -> None:
        """Everything that changed is in the database now."""
        for _, row in self.opened:
            row.stored = True
        self.opened = []
        self.closed = []
        self.entered = {}
        self.expired = {}
        self.histories = {}
        if sum(map(len, self._held.values())) >= self._size:
            self.whole = self.whole and not any(self._older.values())
            self._older = self._held
            self._held = defaultdict(dict)
