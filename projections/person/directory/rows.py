"""The rows of people: the directory, and each membership of a department."""

from collections.abc import Iterable
from datetime import datetime
from typing import get_args
from uuid import UUID

from events.person.directory import DirectoryEvent, PersonDeactivated, PersonMovedDepartment, PersonRegistered
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table, Values

PEOPLE = Table(
    name="people",
    key="person_id",
    group="person_id",
    columns={
        "person_id": "uuid NOT NULL",
        "name": "text NOT NULL",
        "department": "text",
        "manager": "uuid",
        "skills": "text[] NOT NULL",
        "email": "text",
        "phone": "text",
        "inactive_since": "timestamptz",
        "events": "uuid[] NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_name ON {table} (name, person_id, known_from)",
        "CREATE INDEX {name}_by_department ON {table} (department, name, person_id)",
    ),
)
"""One row per person; `department` and `manager` are those of the membership with the latest `since`."""

MEMBERSHIPS = Table(
    name="memberships",
    key="membership_id",
    group="person_id",
    columns={
        "membership_id": "uuid NOT NULL",
        "person_id": "uuid NOT NULL",
        "department": "text",
        "manager": "uuid",
        "since": "timestamptz",
    },
    extras=(
        "CREATE INDEX {name}_of_person ON {table} (person_id, since DESC NULLS LAST, known_from DESC)",
        "CREATE INDEX {name}_of_department ON {table} (department, since)",
        "CREATE INDEX {name}_of_manager ON {table} (manager, since)",
    ),
)
"""From when a person belonged to a department, by the event that says so; `since` is null from the beginning on."""


def reads(recorded: Recorded) -> Iterable[Group]:
    """The person's rows."""
    match recorded.event:
        case PersonRegistered() | PersonMovedDepartment() | PersonDeactivated():
            person_id = stream_uuid(recorded.stream)
            return [(PEOPLE, person_id), (MEMBERSHIPS, person_id)]
        case _:
            return []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event says of the person."""
    event = recorded.event
    person_id = stream_uuid(recorded.stream)
    match event:
        case PersonRegistered():
            rows.put(
                PEOPLE,
                {
                    "person_id": person_id,
                    "name": event.name,
                    "department": event.department,
                    "manager": event.manager,
                    "skills": list(event.skills),
                    "email": event.email,
                    "phone": event.phone,
                    "inactive_since": None,
                    "events": [recorded.id],
                },
            )
            _join(recorded, rows, event.department, event.manager, None)
        case PersonMovedDepartment():
            latest = all(_starts_by(one, event.since) for one in rows.group(MEMBERSHIPS, person_id))
            _join(recorded, rows, event.department, event.manager, event.since)
            moved = {"department": event.department, "manager": event.manager} if latest else {}
            _change(recorded, rows, **moved)
        case PersonDeactivated():
            _change(recorded, rows, inactive_since=event.since)
        case _:
            return


def _starts_by(membership: Values, since: datetime) -> bool:
    return membership["since"] is None or membership["since"] <= since


def _join(recorded: Recorded, rows: Rows, department: str | None, manager: UUID | None, since: datetime | None) -> None:
    rows.put(
        MEMBERSHIPS,
        {
            "membership_id": recorded.id,
            "person_id": stream_uuid(recorded.stream),
            "department": department,
            "manager": manager,
            "since": since,
        },
    )


def _change(recorded: Recorded, rows: Rows, **changes: object) -> None:
    person_id = stream_uuid(recorded.stream)
    before = rows.get(PEOPLE, person_id)
    if before is None:
        raise LookupError("somebody who was never registered moves or leaves")
    rows.put(PEOPLE, {**before, **changes, "events": [*before["events"], recorded.id]})


PROJECTION = Projection("people", 1, (PEOPLE, MEMBERSHIPS), reads, apply, frozenset(get_args(DirectoryEvent)))
