"""A table of versioned rows: its columns, and the SQL that creates it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


def kind_of(declared: str) -> str:
    """The SQL type alone of a column that is declared with more, such as `NOT NULL`."""
    return declared.split(maxsplit=1)[0]


@dataclass(frozen=True, eq=False)
class Table:
    """A table of versioned rows.

    `key` identifies a row among those believed at one time; `group` is the column that rows are loaded by.
    `columns` maps every column to its SQL type; `known_from` and `known_to` (bigint) are added to them.
    The value of a `jsonb` or `json` column may be `bytes`: JSON that is written already. In a table whose rows are
    written once, ids and instants may be text as events write it, and ids their 16 bytes.
    `extras` are further statements, with `{table}` for the qualified table name and `{name}` for the bare one.
    """

    name: str
    key: str
    group: str
    columns: Mapping[str, str]
    extras: tuple[str, ...] = ()
    once: bool = False
    """Each row is of one event, which alone writes it; no event reads or changes it, so its group is never loaded. Only
    a correction of that event ends the row, and enters another with its key."""
    recalled: str = ""
    """The SQL that finds `known_from` and the columns, by an array of groups, in other tables of `{schema}`: the rows
    follow from those, are put and never removed, and are themselves not kept."""
    recalling: tuple[str, ...] = ()
    """The indexes of this table that other rows are recalled by; statements like `extras`."""

    def statements(self, schema: str) -> Iterator[str]:
        """The SQL that creates the table in a schema, ready for use."""
        yield self.bare(schema)
        yield from self.lookups(schema)
        yield from self.further(schema)

    def bare(self, schema: str) -> str:
        """The SQL that creates the table without any index."""
        columns = ", ".join(f"{column} {kind}" for column, kind in self.columns.items())
        return f"CREATE TABLE {schema}.{self.name} ({columns}, known_from bigint NOT NULL, known_to bigint)"

    def lookups(self, schema: str) -> Iterator[str]:
        """The SQL for the indexes that batches find rows by."""
        table = f"{schema}.{self.name}"
        for statement in self.recalling:
            yield statement.format(table=table, name=self.name)
        if self.once:
            return
        yield f"CREATE UNIQUE INDEX {self.name}_key ON {table} ({self.key}, known_from)"
        yield f"CREATE UNIQUE INDEX {self.name}_believed ON {table} ({self.key}) WHERE known_to IS NULL"
        if self.group != self.key:
            yield f"CREATE INDEX {self.name}_group ON {table} ({self.group}) WHERE known_to IS NULL"

    def further(self, schema: str) -> Iterator[str]:
        """The SQL for what only questions and integrity need."""
        if self.once:
            yield f"CREATE UNIQUE INDEX {self.name}_key ON {schema}.{self.name} ({self.key}, known_from)"
        for extra in self.extras:
            yield extra.format(table=f"{schema}.{self.name}", name=self.name)
