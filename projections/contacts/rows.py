"""The rows of contacts: one per visit or other interaction."""

from collections.abc import Iterable

from events.customer.interactions import InteractionLogged
from events.customer.visits import VisitRecorded
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table, Values

CONTACTS = Table(
    name="contacts",
    key="event",
    group="event",
    columns={
        "contact_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "kind": "text NOT NULL",
        "at": "timestamptz NOT NULL",
        "channel": "text NOT NULL",
        "direction": "text",
        "our_attendees": "uuid[] NOT NULL",
        "customer_attendees": "text[] NOT NULL",
        "purpose": "text",
        "content": "text NOT NULL",
        "feedback": "text",
        "result": "text",
        "event": "uuid NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_id ON {table} (contact_id)",
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, at, contact_id)",
        "CREATE INDEX {name}_by_time ON {table} (at, contact_id)",
    ),
    once=True,
)
"""One row per contact, by the event that recorded it; `kind` is visit or interaction.
A visit has no `direction` and no `result`; an interaction no `purpose`, no `feedback` and no `customer_attendees`."""


def reads(_recorded: Recorded) -> Iterable[Group]:
    """No row: a contact is written once."""
    return ()


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe that a contact took place."""
    values = _contact(recorded)
    if values is not None:
        rows.put(CONTACTS, values)


def _contact(recorded: Recorded) -> Values | None:
    event = recorded.event
    customer_id = stream_uuid(recorded.stream)
    match event:
        case VisitRecorded():
            return {
                "contact_id": event.visit_id,
                "customer_id": customer_id,
                "kind": "visit",
                "at": event.visited_at,
                "channel": event.channel,
                "direction": None,
                "our_attendees": list(event.our_attendees),
                "customer_attendees": list(event.customer_attendees),
                "purpose": event.purpose,
                "content": event.content,
                "feedback": event.feedback,
                "result": None,
                "event": recorded.id,
            }
        case InteractionLogged():
            return {
                "contact_id": event.interaction_id,
                "customer_id": customer_id,
                "kind": "interaction",
                "at": event.at,
                "channel": event.channel,
                "direction": event.direction,
                "our_attendees": list(event.our_attendees),
                "customer_attendees": [],
                "purpose": None,
                "content": event.content,
                "feedback": None,
                "result": event.result,
                "event": recorded.id,
            }
        case _:
            return None


PROJECTION = Projection("contacts", 1, (CONTACTS,), reads, apply, frozenset((VisitRecorded, InteractionLogged)))
