"""Lists that are asked page by page, at a known position: later writes do not move what is on the next page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


def known(row: str) -> str:
    """The condition for rows as they were believed at position `known`; `row` names the table."""
    return f"{row}.known_from <= %(known)s AND ({row}.known_to IS NULL OR {row}.known_to > %(known)s)"


def effective(row: str) -> str:
    """The condition for intervals that hold at the instant `at`; `row` names the table."""
    return f"{row}.since <= %(at)s AND ({row}.until IS NULL OR {row}.until > %(at)s)"


def version_of(stream: str) -> str:
    """The version of a stream, itself SQL, at position `known`: one step into an index for what is known now."""
    return (
        f"(SELECT z.originator_version FROM zeren.log AS z WHERE z.originator_id = {stream} "
        "AND z.notification_id <= %(known)s ORDER BY z.originator_version DESC LIMIT 1)"
    )


@dataclass(frozen=True)
class Order:
    """Columns to sort by, each with its SQL type, the last one unique and none ever null."""

    columns: Mapping[str, str]
    descending: bool = False

    @property
    def clause(self) -> str:
        """The columns with their direction."""
        return ", ".join(f"{column} DESC" if self.descending else column for column in self.columns)

    @property
    def resumed(self) -> str:
        """The condition for rows after the values `after_0`, `after_1`, …, given as text or in their own type."""
        values = ", ".join(f"%(after_{index})s::{kind}" for index, kind in enumerate(self.columns.values()))
        return f"({', '.join(self.columns)}) {'<' if self.descending else '>'} ({values})"


@dataclass(frozen=True)
class Listing:
    """A list: what is selected from where, which filters it takes and which orders, the first being the usual one.

    `source` is a table with its alias; `row` is that alias. Besides its filters a query takes `known`, `at`, `limit`.
    """

    columns: str
    source: str
    row: str
    filters: Mapping[str, str]
    orders: Mapping[str, Order]
    found: Mapping[str, str] = field(default_factory=dict)
    """For some filters, the condition in their place where their value is true: the same, as an index finds it."""
    stream: str | None = None
    """The stream of a row as SQL, where commands can follow: then each row has its `version`, as known."""

    @property
    def usual(self) -> str:
        """The name of the usual order."""
        return next(iter(self.orders))

    def query(
        self, filters: Iterable[str] | Mapping[str, Any] = (), order: str | None = None, *, resumed: bool = False
    ) -> str:
        """The SQL for one page; with the values of the filters it may be asked by index.

        Raises:
            KeyError: there is no such filter or order.
        """
        sorting = self.orders[order or self.usual]
        values: Mapping[str, Any] = filters if isinstance(filters, Mapping) else {}
        conditions = [known(self.row), *(self._condition(name, values.get(name)) for name in filters)]
        if resumed:
            conditions.append(sorting.resumed)
        return (
            f"SELECT {self._columns} FROM {self.source} WHERE {' AND '.join(f'({one})' for one in conditions)} "
            f"ORDER BY {sorting.clause} LIMIT %(limit)s"
        )

    @property
    def _columns(self) -> str:
        return self.columns if self.stream is None else f"{self.columns}, {version_of(self.stream)} AS version"

    def _condition(self, name: str, value: Any) -> str:
        return self.found[name] if value is True and name in self.found else self.filters[name]

    def one(self, key: str) -> str:
        """The SQL for the row whose key is `id`."""
        return f"SELECT {self._columns} FROM {self.source} WHERE {self.row}.{key} = %(id)s AND {known(self.row)}"
