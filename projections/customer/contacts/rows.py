"""The rows of contacts: one per visit or other interaction."""

from collections.abc import Iterable

from events.customer.interactions import InteractionLogged
from events.customer.visits import VisitRecorded
from events.recorded import Recorded
from events.vocabulary.identifiers import event_bytes, stream_uuid
from projections.base import Group, Projection, Rows, Table

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
        # Figures count contacts of a channel, customer by customer, without reading them.
        "CREATE INDEX {name}_of_channel ON {table} (channel, at) INCLUDE (customer_id, known_from, known_to)",
    ),
    once=True,
)
"""One row per contact, by the event that recorded it; `kind` is visit or interaction.
A visit has no `direction` and no `result`; an interaction no `purpose`, no `feedback` and no `customer_attendees`."""


def reads(_recorded: Recorded) -> Iterable[Group]:
    """No row: a contact is written once."""
    return ()


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe that a contact took place, as it is written."""
    kind, data = recorded.kind, recorded.data
    customer_id = stream_uuid(recorded.stream)
    if kind is VisitRecorded:
        rows.enter(
            CONTACTS,
            (
                data["visit_id"],
                customer_id,
                "visit",
                data["visited_at"],
                data["channel"],
                None,
                data["our_attendees"],
                data["customer_attendees"],
                data["purpose"],
                data["content"],
                data["feedback"],
                None,
                event_bytes(recorded.stream, recorded.version),
            ),
        )
    elif kind is InteractionLogged:
        rows.enter(
            CONTACTS,
            (
                data["interaction_id"],
                customer_id,
                "interaction",
                data["at"],
                data["channel"],
                data["direction"],
                data["our_attendees"],
                (),
                None,
                data["content"],
                None,
                data["result"],
                event_bytes(recorded.stream, recorded.version),
            ),
        )


PROJECTION = Projection("contacts", 2, (CONTACTS,), reads, apply, frozenset((VisitRecorded, InteractionLogged)))
