"""What every projection is made of: versioned rows, and a pure mapping from recorded events to their changes.

A row is never overwritten: a change at position p closes the row that was believed before, `known_to = p`, and opens
the next one, `known_from = p`. So every view can be asked as it was known at any position.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from events.recorded import Recorded

Values = dict[str, Any]
"""The columns of a row, without the positions it was known over."""


@dataclass(frozen=True)
class Table:
    """A table of versioned rows.

    `key` identifies a row among those believed at one time; `group` is the column that rows are loaded by.
    `columns` maps every column to its SQL type; `known_from` and `known_to` (bigint) are added to them.
    `extras` are further statements, with `{table}` for the qualified table name and `{name}` for the bare one.
    """

    name: str
    key: str
    group: str
    columns: Mapping[str, str]
    extras: tuple[str, ...] = ()

    def statements(self, schema: str) -> Iterator[str]:
        """The SQL that creates the table in a schema."""
        table = f"{schema}.{self.name}"
        columns = ", ".join(f"{column} {kind}" for column, kind in self.columns.items())
        yield f"CREATE TABLE {table} ({columns}, known_from bigint NOT NULL, known_to bigint)"
        yield f"CREATE UNIQUE INDEX {self.name}_key ON {table} ({self.key}, known_from)"
        yield f"CREATE UNIQUE INDEX {self.name}_believed ON {table} ({self.key}) WHERE known_to IS NULL"
        if self.group != self.key:
            yield f"CREATE INDEX {self.name}_group ON {table} ({self.group}) WHERE known_to IS NULL"
        for extra in self.extras:
            yield extra.format(table=table, name=self.name)


@dataclass(slots=True)
class Row:
    """One version of a row."""

    values: Values
    known_from: int
    known_to: int | None = None
    stored: bool = False
    """Whether the database has this version already."""


@dataclass
class Rows:
    """The rows a batch of events works on, in memory; `position` is that of the event being applied."""

    position: int = 0
    loaded: dict[tuple[str, Any], dict[Any, Row]] = field(default_factory=dict)
    """(table, group) → key → row believed now."""
    closed: list[tuple[Table, Row]] = field(default_factory=list)
    """Rows believed no more."""
    tables: dict[str, Table] = field(default_factory=dict)

    def load(self, table: Table, group: Any, rows: Iterable[Row]) -> None:
        """Make the rows of a group known to the batch."""
        self.tables[table.name] = table
        self.loaded[table.name, group] = {row.values[table.key]: row for row in rows}

    def knows(self, table: Table, group: Any) -> bool:
        """Whether a group was loaded."""
        return (table.name, group) in self.loaded

    def group(self, table: Table, group: Any) -> list[Values]:
        """The rows of a group as believed now.

        Raises:
            KeyError: the projection did not say that it reads this group.
        """
        return [row.values for row in self.loaded[table.name, group].values()]

    def get(self, table: Table, key: Any, group: Any = None) -> Values | None:
        """One row as believed now; `group` where it is not the key itself.

        Raises:
            KeyError: the projection did not say that it reads this group.
        """
        row = self.loaded[table.name, key if group is None else group].get(key)
        return row.values if row else None

    def put(self, table: Table, values: Values) -> None:
        """Believe a row from the present event on."""
        group = self.loaded[table.name, values[table.group]]
        key = values[table.key]
        before = group.get(key)
        if before is not None:
            if before.values == values:
                return
            if before.known_from == self.position:
                before.values = values
                return
            self._close(table, before)
        group[key] = Row(values, self.position)

    def change(self, table: Table, key: Any, group: Any = None, /, **changes: Any) -> None:
        """Believe some columns of an existing row otherwise from the present event on."""
        before = self.get(table, key, group)
        if before is None:
            raise LookupError(f"no row {key} in {table.name}")
        self.put(table, {**before, **changes})

    def remove(self, table: Table, key: Any, group: Any = None) -> None:
        """Believe a row no more from the present event on."""
        rows = self.loaded[table.name, key if group is None else group]
        before = rows.pop(key, None)
        if before is not None and not (before.known_from == self.position and not before.stored):
            self._close(table, before)

    def _close(self, table: Table, row: Row) -> None:
        row.known_to = self.position
        self.closed.append((table, row))

    def believed(self) -> Iterator[tuple[Table, Row]]:
        """Every row believed now."""
        for (name, _), rows in self.loaded.items():
            for row in rows.values():
                yield self.tables[name], row


Group = tuple[Table, Any]
"""A table and the group in it that an event reads."""


@dataclass(frozen=True)
class Projection:
    """One question: its tables, the events it reads, and what each event does to the rows.

    Raise `version` whenever the rows would come out differently: the view is then rebuilt.
    """

    name: str
    version: int
    tables: tuple[Table, ...]
    reads: Callable[[Recorded], Iterable[Group]]
    """The groups that an event needs; none for an event that is not this projection's."""
    apply: Callable[[Recorded, Rows], None]

    @property
    def schema(self) -> str:
        """The database schema of the view."""
        return f"view_{self.name}"


def replay(projection: Projection, events: Iterable[Recorded]) -> Rows:
    """Apply events in memory, from nothing: the naive fold that the database must agree with."""
    rows = Rows()
    for recorded in events:
        for table, group in projection.reads(recorded):
            if not rows.knows(table, group):
                rows.load(table, group, ())
        rows.position = recorded.position
        projection.apply(recorded, rows)
    return rows
