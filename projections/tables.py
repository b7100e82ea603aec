"""A table of versioned rows: its columns, and the SQL that creates it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Table:
    """A table of versioned rows.

    `key` identifies a row among those believed at one time; `group` is the column that rows are loaded by.
    `columns` maps every column to its SQL type; `known_from` and `known_to` (bigint) are added to them.
    The value of a `jsonb` column may be `bytes`: JSON that is written already.
    `extras` are further statements, with `{table}` for the qualified table name and `{name}` for the bare one.
    """

    name: str
    key: str
    group: str
    columns: Mapping[str, str]
    extras: tuple[str, ...] = ()
    once: bool = False
    """Each row is of one event, which alone writes it; no event reads or changes it, so its group is never loaded."""
    history: bool = True
    """Whether rows believed no more are kept; without it nobody can ask as it was known before."""

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
        if self.once:
            yield f"CREATE UNIQUE INDEX {self.name}_key ON {table} ({self.key})"
            return
        if self.history:
            yield f"CREATE UNIQUE INDEX {self.name}_key ON {table} ({self.key}, known_from)"
        yield f"CREATE UNIQUE INDEX {self.name}_believed ON {table} ({self.key}) WHERE known_to IS NULL"
        if self.group != self.key:
            yield f"CREATE INDEX {self.name}_group ON {table} ({self.group}) WHERE known_to IS NULL"

    def further(self, schema: str) -> Iterator[str]:
        """The SQL for what only questions and integrity need."""
        for extra in self.extras:
            yield extra.format(table=f"{schema}.{self.name}", name=self.name)
