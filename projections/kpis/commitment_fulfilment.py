"""承诺履约率: which promises of a period were kept on time."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from projections.attribution.holders import Row, layers
from projections.attribution.items import Holders, Item
from projections.kpis.cases import Case

_COUNTED = {"kept", "late", "missed"}
Proofs = Mapping[Any, tuple[UUID, ...]]
"""Id of an item → its events."""


def cases(rows: Iterable[Row], held: Holders, events: Proofs, version: int) -> Iterator[Case]:
    """The cases of rows of the question.

    From version 2 on each due time is one, and nobody is charged with what the customer promised.
    """
    for row in rows:
        name, customer = f"commitment:{row['item']}", row["customer_id"]
        item = Item(
            name=name,
            customer=customer,
            occurred_at=row["made_at"],
            due_at=row["due_at"],
            ended_at=row["ended_at"],
            layers=(*layers(held.get(name, ())), *layers(held.get(f"customer:{customer}", ()))),
            customers_own=version > 1 and row["outcome"] == "customers_own",
        )
        yield Case(
            key=name if version == 1 else f"{name}/{row['number']}",
            at=row["at"],
            item=item,
            outcome=row["outcome"],
            score=Fraction(row["outcome"] == "kept") if row["outcome"] in _COUNTED else None,
            events=events.get(row["item"], ()),
            place=row["place"],
            tier_event=row["tier_id"],
        )
