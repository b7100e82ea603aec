"""A view of one kind of item is declared in one file; how it is kept and asked is the same for all kinds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from events.base import Event
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from events.vocabulary.items import ItemKind
from events.vocabulary.values import LATEST
from projections.base import Group, Projection, Rows, Table, Values
from projections.claims import require_unclaimed
from projections.effective import changed, told_by
from projections.handed import ever_handed_to, handed_to
from projections.holders import held_by, item_holders
from projections.lives.questions import late, lived, pending_late
from projections.pages import Listing, Order, known
from projections.tables import kind_of

Said = Callable[[Any], Values]
"""The columns that an event says, as they are in the database."""


@dataclass(frozen=True)
class Filter:
    """What a list may be narrowed by."""

    sql: str
    """The condition, with `%(NAME)s` for the value and `v` for the row."""
    type: Any
    """The type of the value, as pydantic reads it from a query string."""
    description: str


@dataclass(frozen=True)
class KindView:
    """What is told of the items of a kind, beside what lives tell of them: status, due time, lateness.

    `columns` are what the opening event says and what later ones change, each with its SQL type. A later event counts
    from its own instant on, so that every item can be asked as it was at a time.
    """

    kind: ItemKind
    version: int
    columns: Mapping[str, str]
    says: Mapping[type[Event], Said]
    """The events of the kind, the opening one first, with the columns that each says; what is not here says none."""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    order: str = "due_at"
    """What a list is sorted by: the due time that binds, what has none last; else a column that is never empty."""
    indexes: tuple[str, ...] = ()
    """Columns to index, beside those that every list goes by."""

    @property
    def name(self) -> str:
        """The name of the view."""
        return self.kind.plural.replace("-", "_")

    @property
    def identifier(self) -> str:
        """The column with the id."""
        return self.kind.field

    @cached_property
    def table(self) -> Table:
        """One row per item: the columns as last told, and every change in `told`."""
        return Table(
            name=self.name,
            key=self.identifier,
            group=self.identifier,
            columns={
                self.identifier: "uuid NOT NULL",
                "customer_id": "uuid NOT NULL",
                **self.columns,
                "told": "jsonb NOT NULL",
                "events": "uuid[] NOT NULL",
            },
            extras=(
                f"CREATE INDEX {{name}}_of_customer ON {{table}} (customer_id, {self.identifier})",
                *(f"CREATE INDEX {{name}}_by_{column} ON {{table}} ({column})" for column in self.indexes),
            ),
        )

    @cached_property
    def projection(self) -> Projection:
        """How the rows are kept."""
        return Projection(self.name, self.version, (self.table,), self._reads, self._apply, self._events)

    @property
    def _events(self) -> frozenset[type[Event]]:
        return frozenset(self.says)

    def _reads(self, recorded: Recorded) -> Iterable[Group]:
        if recorded.kind not in self.says:
            return []
        return [(self.table, recorded.event.item_id(self.kind, recorded.stream))]

    def _apply(self, recorded: Recorded, rows: Rows) -> None:
        event = recorded.event
        says = self.says.get(recorded.kind)
        if says is None:
            return
        identifier, owner = event.item_id(self.kind, recorded.stream), stream_uuid(recorded.stream)
        before = rows.get(self.table, identifier)
        require_unclaimed(before, "customer_id", owner)
        if before is None and not event.opens:
            raise LookupError(f"a {self.kind.name} goes on that never began")
        said = says(event)
        row = before or {self.identifier: identifier, "customer_id": owner, "told": [], "events": []}
        rows.put(
            self.table,
            {
                **row,
                **said,
                "told": [*row["told"], changed(event.instant or recorded.occurred_at, said)],
                "events": [*row["events"], recorded.id],
            },
        )

    @cached_property
    def listing(self) -> Listing:
        """The list: items that were there at the instant `at`, as they were then."""
        identifier = f"v.{self.identifier}"
        handed = handed_to(f"'{self.kind.name}'", identifier)
        holders = item_holders(self.kind.name, "v", handed) if self.kind.held else "'{}'::uuid[]"
        mine = {"holder": held_by(self.kind.name, "v", holders, ever_handed_to(identifier))}
        own = (f"v.{column}" for column in self.columns)
        column, kind = ("d.due", "timestamptz") if self.order == "due_at" else self._ordered
        by = {column: kind, identifier: "uuid"}
        return Listing(
            columns=", ".join(
                (
                    identifier,
                    "v.customer_id, l.status, l.due_at, d.due",
                    f"{late('l')} AS overdue, {holders} AS holders",
                    *own,
                    "v.told, v.events",
                )
            ),
            source=(
                f"view_{self.name}.{self.name} AS v "
                f"JOIN view_lives.lives AS l ON {lived(self.kind.name, identifier, 'l')} "
                f"CROSS JOIN LATERAL (SELECT coalesce(l.due_at, '{LATEST.isoformat()}') AS due) AS d"
            ),
            row="v",
            stream="'customer:' || v.customer_id",
            filters={
                "customer": "v.customer_id = %(customer)s",
                "status": "l.status = %(status)s",
                **(_DUE | mine if self.kind.held else {}),
                **{name: one.sql for name, one in self.filters.items()},
            },
            orders={self.order: Order(by), f"-{self.order}": Order(by, descending=True)},
            found={"overdue": pending_late("l")},
        )

    @property
    def _ordered(self) -> tuple[str, str]:
        return f"v.{self.order}", kind_of(self.columns[self.order])

    @cached_property
    def sides(self) -> str:
        """ids, known → which side each of the items is of; ours where the kind does not say."""
        side = "v.by_side" if "by_side" in self.columns else "'us'"
        return (
            f"SELECT v.{self.identifier} AS id, {side} AS side FROM view_{self.name}.{self.name} AS v "
            f"WHERE v.{self.identifier} = ANY(%(ids)s::uuid[]) AND {known('v')}"
        )

    @cached_property
    def one(self) -> str:
        """id, at, known → the item."""
        return self.listing.one(self.identifier)


_DUE = {
    "overdue": f"{late('l')} = %(overdue)s",
    "due_from": "l.due_at >= %(due_from)s",
    "due_to": "l.due_at < %(due_to)s",
}


def as_it_was(row: Mapping[str, Any], at: datetime) -> Values:
    """A row of the list with what was told of the item by an instant; what was told later is left out."""
    columns = {name for change in row["told"] for name in change} - {"at"}
    told = told_by(row["told"], at)
    return {**row, **{name: told.get(name) for name in columns}}
