"""The facts that somebody answers for, each with its instants, who did it, and who held it when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Literal
from uuid import UUID

from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution.holders import ACCOUNT_MANAGER, Holding, Kind, Layers, Row, handed, layers
from projections.customer.complaints.clocks import Keeping, keeping

Part = Literal["promised_by", "attendee", "about_person"]
Holders = Mapping[str, Sequence[Row]]
"""Subject in full → rows of the responsibility view; of a customer, only its account managers."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody who did it, which is kept apart from who answers for it."""

    person: UUID
    part: Part


@dataclass(frozen=True, slots=True)
class Item:
    """One fact that is charged to people."""

    name: str
    """`commitment:ID`, `complaint:ID`, …"""
    customer: UUID
    occurred_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    layers: Layers
    events: tuple[UUID, ...] = ()
    did: tuple[Deed, ...] = ()
    pinned: tuple[Holding, ...] | None = None
    """Who held it at `occurred_at`, where the fact itself says so."""
    weighed_until: datetime | None = None
    """Where the time that is weighed ends, if that is not `ended_at`."""
    keeping: Keeping | None = None
    """Who kept it while its clock ran, where working time is weighed instead of all time."""
    customers_own: bool = False
    """Whether the customer promised it: nobody of ours answers for it."""


def _of_customer(customer: UUID, held: Holders) -> Layers:
    return layers(held.get(f"customer:{customer}", ()))


def binding_due(row: Row) -> datetime:
    """When a promise falls due: the first due time, or the last one that the customer agreed to."""
    return binding_path(row)[-1]


def binding_path(row: Row) -> list[datetime]:
    """The due times that bound us one after another; a reschedule without agreement is none of them."""
    agreed = [datetime.fromisoformat(step["to"]) for step in row["reschedules"] if step["agreed"]]
    return [row["first_due_at"], *agreed]


def commitment(row: Row, held: Holders) -> Item:
    """A row of the commitments view as an item."""
    name = f"commitment:{row['commitment_id']}"
    return Item(
        name=name,
        customer=row["customer_id"],
        occurred_at=row["made_at"],
        due_at=binding_due(row),
        ended_at=row["ended_at"],
        layers=(*layers(held.get(name, ())), *_of_customer(row["customer_id"], held)),
        events=tuple(row["events"]),
        did=(Deed(row["promised_by"], "promised_by"),) if row["promised_by"] else (),
        customers_own=row["by_side"] != "us",
    )


def complaint(row: Row, held: Holders, calendar: WorkingCalendar | None = None) -> Item:
    """A row of the complaints view as an item; time is weighed by its clock where the calendar of that is given."""
    name = f"complaint:{row['complaint_id']}"
    closest, managers = layers(held.get(name, ())), _of_customer(row["customer_id"], held)
    return Item(
        name=name,
        customer=row["customer_id"],
        occurred_at=row["received_at"],
        due_at=row["resolution_due_at"],
        ended_at=row["resolved_at"],
        layers=(*closest, handed(row["holders"]), *managers),
        events=tuple(row["events"]),
        keeping=None if calendar is None else keeping(row, calendar, closest, managers),
    )


def lived(name: str, parts: Sequence[Row], held: Holders, handings: Sequence[Row], *, customers_own: bool) -> Item:
    """An item of any kind, from the parts of its life and whoever it was handed to."""
    first, last = parts[0], parts[-1]
    open_parts = [part for part in parts if part["open"]]
    ended_at = (
        None
        if last["open"]
        else next(
            (part["since"] for part in parts if open_parts and part["since"] > open_parts[-1]["since"]), first["since"]
        )
    )
    closest, managers = layers(held.get(name, ())), _of_customer(first["customer_id"], held)
    return Item(
        name=name,
        customer=first["customer_id"],
        occurred_at=first["since"],
        due_at=next((part["due_at"] for part in reversed(open_parts) if part["due_at"]), None),
        ended_at=ended_at,
        layers=(*closest, _one_after_another(handings), *managers),
        events=tuple(dict.fromkeys(event for part in parts for event in part["events"])),
        customers_own=customers_own,
    )


def _one_after_another(handings: Sequence[Row]) -> tuple[Holding, ...]:
    starts = [row["since"] for row in handings]
    return tuple(
        Holding(row["person"], "principal", row["since"], until, tuple(row["events"]))
        for row, until in zip_longest(handings, starts[1:])
    )


def contact(row: Row, held: Holders) -> Item:
    """A row of the contacts view as an item that is over when it happens and has no due time."""
    return Item(
        name=f"{row['kind']}:{row['contact_id']}",
        customer=row["customer_id"],
        occurred_at=row["at"],
        due_at=None,
        ended_at=row["at"],
        layers=_of_customer(row["customer_id"], held),
        events=(row["event"],),
        did=tuple(Deed(person, "attendee") for person in row["our_attendees"]),
    )


def answer(row: Row, held: Holders) -> Item:
    """A row of the answers view as an item whose account managers are pinned."""
    by_closeness = _of_customer(row["customer_id"], held)
    return Item(
        name=f"survey-answer:{row['answer_id']}",
        customer=row["customer_id"],
        occurred_at=row["answered_at"],
        due_at=None,
        ended_at=row["answered_at"],
        layers=by_closeness,
        events=(row["event"],),
        did=(Deed(row["about_person"], "about_person"),) if row["about_person"] else (),
        pinned=tuple(
            _pinned(server, row, by_closeness) for server in row["served_by"] if server["role"] == ACCOUNT_MANAGER
        ),
    )


def _pinned(server: Row, row: Row, by_closeness: Layers) -> Holding:
    """A pinned holder with the interval that is believed of them; an empty one where it is believed no more."""
    person, assignment = UUID(server["person"]), UUID(server["assignment_id"])
    kind: Kind = "acting" if server["acting"] else "principal"
    at = row["answered_at"]
    for holding in (one for layer in by_closeness for one in layer):
        if (holding.person, holding.assignment, holding.kind) == (person, assignment, kind) and holding.covers(at):
            return Holding(person, kind, holding.since, holding.until, (row["event"], *holding.events), assignment)
    return Holding(person, kind, at, at, (row["event"],), assignment)
