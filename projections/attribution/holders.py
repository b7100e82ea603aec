"""Who holds an item: the closest of its layers in which somebody stands at an instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any, Literal
from uuid import UUID

Row = Mapping[str, Any]
Kind = Literal["principal", "acting"]

ACCOUNT_MANAGER = "account_manager"
_ANSWERING = ("accountable", "responsible")
"""The involvements that answer for something, the stronger first; who is consulted or informed does not."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody who answers for something over `[since, until)`."""

    person: UUID
    kind: Kind
    since: datetime
    until: datetime | None
    events: tuple[UUID, ...]
    """The events that prove it."""
    assignment: UUID | None = None
    """The assignment; a delegate has that of the principal."""

    def covers(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


Layers = tuple[tuple[Holding, ...], ...]
"""Holdings by closeness to the item: a layer counts only while nobody stands in those before it."""


def layers(rows: Iterable[Row]) -> Layers:
    """Rows of the responsibility view as layers: those accountable, then those responsible."""
    found: dict[str, list[Holding]] = {involvement: [] for involvement in _ANSWERING}
    for row in rows:
        if row["involvement"] in found:
            found[row["involvement"]].append(_holding(row))
    return tuple(tuple(held) for held in found.values())


def _holding(row: Row) -> Holding:
    return Holding(
        row["person"], row["kind"], row["since"], row["until"], tuple(row["events"]), row.get("assignment_id")
    )


def handed(entries: Sequence[Mapping[str, Any]]) -> tuple[Holding, ...]:
    """The holders that a complaint was handed to, each until the next."""
    starts = [datetime.fromisoformat(entry["at"]) for entry in entries]
    return tuple(
        Holding(UUID(entry["person"]), "principal", since, until, (UUID(entry["event"]),))
        for entry, since, until in zip_longest(entries, starts, starts[1:])
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds an item at an instant: nobody twice, and nobody at all is an answer."""

    principals: tuple[Holding, ...] = ()
    acting: tuple[Holding, ...] = ()


def held_at(by_closeness: Layers, at: datetime) -> Held:
    """The principals of the closest layer in which somebody stands, and who acts for them."""
    for layer in by_closeness:
        principals = [holding for holding in layer if holding.kind == "principal" and holding.covers(at)]
        if principals:
            assignments = {holding.assignment for holding in principals}
            acting = [
                holding
                for holding in layer
                if holding.kind == "acting" and holding.assignment in assignments and holding.covers(at)
            ]
            return Held(_by_person(principals), _by_person(acting))
    return Held()


def _by_person(holdings: Sequence[Holding]) -> tuple[Holding, ...]:
    first: dict[UUID, Holding] = {}
    for holding in holdings:
        first.setdefault(holding.person, holding)
    return tuple(first.values())
