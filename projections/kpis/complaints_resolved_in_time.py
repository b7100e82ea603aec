"""投诉按时解决率: which complaints were resolved before their time ran out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from projections.attribution.holders import Row
from projections.attribution.items import Item
from projections.kpis.cases import Case

_COUNTED = {"in_time", "late", "overdue"}


Proofs = Mapping[Any, tuple[UUID, ...]]
"""Id of a complaint → its events."""


def cases(rows: Iterable[Row], items: Mapping[Any, Item], version: int) -> Iterator[Case]:
    """The cases of rows of the question; from version 2 on time is weighed by the complaint's own clock."""
    for row in rows:
        item = items[row["item"]]
        yield _case(row, replace(item, keeping=None) if version == 1 else replace(item, ended_at=row["ended_at"]))


def unheld(rows: Iterable[Row], events: Proofs) -> Iterator[Case]:
    """The cases of rows of the question where it does not matter who held them."""
    for row in rows:
        name = f"complaint:{row['item']}"
        proof = events.get(row["item"], ())
        item = Item(name, row["customer_id"], row["made_at"], row["due_at"], row["ended_at"], (), proof)
        yield _case(row, item)


def _case(row: Row, item: Item) -> Case:
    outcome = row["outcome"]
    return Case(
        key=item.name,
        at=row["at"],
        item=item,
        outcome=outcome,
        score=Fraction(outcome == "in_time") if outcome in _COUNTED else None,
        events=item.events,
        place=row["place"],
        provisional=row["provisional"],
    )
