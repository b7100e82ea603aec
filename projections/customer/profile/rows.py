"""The rows of customers: the profile, and the tiers over time."""

from collections.abc import Iterable
from typing import get_args

from events.customer.profile import CustomerRegistered, ProfileEvent, ProfileFactRecorded, ProfileReviewConfirmed
from events.customer.tier import TierAssigned, TierEvent, TierOverridden
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table

CUSTOMERS = Table(
    name="customers",
    key="customer_id",
    group="customer_id",
    columns={
        "customer_id": "uuid NOT NULL",
        "name": "text NOT NULL",
        "industry": "text",
        "region": "text",
        "registered_on": "date",
        "reviewed_on": "date",
        "facts": "jsonb NOT NULL",
        "events": "uuid[] NOT NULL",
    },
    extras=("CREATE INDEX {name}_by_name ON {table} (name, customer_id, known_from)",),
)
"""One row per customer; `facts` is topic → content, source, collector, collected_on, event."""

TIERS = Table(
    name="tiers",
    key="tier_id",
    group="customer_id",
    columns={
        "tier_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "tier": "text NOT NULL",
        "since": "timestamptz NOT NULL",
        "overridden": "boolean NOT NULL",
    },
    extras=("CREATE INDEX {name}_in_force ON {table} (customer_id, since DESC, known_from DESC) INCLUDE (tier)",),
)
"""One row per tier given, by the event that gave it; at one `since` the later recorded one counts."""


def reads(recorded: Recorded) -> Iterable[Group]:
    """The customer's row, or its tiers."""
    match recorded.event:
        case CustomerRegistered() | ProfileFactRecorded() | ProfileReviewConfirmed():
            return [(CUSTOMERS, stream_uuid(recorded.stream))]
        case TierAssigned() | TierOverridden():
            return [(TIERS, stream_uuid(recorded.stream))]
        case _:
            return []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event says of the customer."""
    event = recorded.event
    customer_id = stream_uuid(recorded.stream)
    match event:
        case CustomerRegistered():
            rows.put(
                CUSTOMERS,
                {
                    "customer_id": customer_id,
                    "name": event.name,
                    "industry": event.industry,
                    "region": event.region,
                    "registered_on": event.registered_on,
                    "reviewed_on": None,
                    "facts": {},
                    "events": [recorded.id],
                },
            )
        case ProfileFactRecorded():
            _learn(event, recorded, rows)
        case ProfileReviewConfirmed():
            before = rows.get(CUSTOMERS, customer_id) or {}
            events = [*before.get("events", ()), recorded.id]
            rows.change(CUSTOMERS, customer_id, reviewed_on=event.reviewed_on, events=events)
        case TierAssigned() | TierOverridden():
            rows.put(
                TIERS,
                {
                    "tier_id": recorded.id,
                    "customer_id": customer_id,
                    "tier": event.tier,
                    "since": event.since,
                    "overridden": isinstance(event, TierOverridden),
                },
            )
        case _:
            return


def _learn(event: ProfileFactRecorded, recorded: Recorded, rows: Rows) -> None:
    customer_id = stream_uuid(recorded.stream)
    before = rows.get(CUSTOMERS, customer_id)
    if before is None:
        raise LookupError("a fact about a customer that was never registered")
    superseded = before["facts"].get(event.topic, {}).get("event")
    fact = {**event.model_dump(mode="json", exclude={"topic"}), "event": str(recorded.id)}
    rows.change(
        CUSTOMERS,
        customer_id,
        facts={**before["facts"], event.topic: fact},
        events=[*(one for one in before["events"] if str(one) != superseded), recorded.id],
    )


PROJECTION = Projection("customers", 1, (CUSTOMERS, TIERS), reads, apply, frozenset(get_args(ProfileEvent | TierEvent)))
