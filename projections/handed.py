"""Whom items were handed to: the holder of an item, unless somebody is assigned to it."""

from collections.abc import Iterable

from events.catalogue import CATALOGUE
from events.recorded import Recorded
from projections.base import Group, Projection, Rows, Table
from projections.pages import known

HANDED = Table(
    name="handed",
    key="event",
    group="event",
    columns={
        "event": "uuid NOT NULL",
        "kind": "text NOT NULL",
        "id": "uuid NOT NULL",
        "person": "uuid NOT NULL",
        "since": "timestamptz NOT NULL",
        "version": "integer NOT NULL",
        "events": "uuid[] NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_of_item ON {table} (id, kind, since)",
        "CREATE INDEX {name}_to ON {table} (person)",
    ),
)
"""One row per event that hands an item to a person from `since` on; of two from one instant the later one counts."""


def reads(recorded: Recorded) -> Iterable[Group]:
    """The row of the event."""
    return [(HANDED, recorded.id)] if recorded.kind.hands else []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe that an item was handed to a person."""
    event, kind = recorded.event, recorded.kind.about
    person = getattr(event, event.hands) if event.hands else None
    if kind is None or person is None:
        return
    rows.put(
        HANDED,
        {
            "event": recorded.id,
            "kind": kind.name,
            "id": event.item_id(kind, recorded.stream),
            "person": person,
            "since": event.instant or recorded.occurred_at,
            "version": recorded.version,
            "events": [recorded.id],
        },
    )


def handed_to(kind: str, identifier: str) -> str:
    """An array of the person whom an item was handed to at the instant `at`; kind and id are SQL expressions."""
    return (
        f"(SELECT ARRAY[g.person] FROM view_handed.handed AS g WHERE g.id = {identifier} AND g.kind = {kind} "
        f"AND g.since <= %(at)s AND {known('g')} ORDER BY g.since DESC, g.version DESC LIMIT 1)"
    )


def ever_handed_to(identifier: str) -> str:
    """The condition for items that were ever handed to the person `holder`; the id is an SQL expression."""
    return (
        f"{identifier} = ANY(ARRAY(SELECT g.id FROM view_handed.handed AS g "
        f"WHERE g.person = %(holder)s AND {known('g')}))"
    )


HANDINGS = (
    "SELECT kind || ':' || id AS subject, person, since, events FROM view_handed.handed AS g "
    f"WHERE kind || ':' || id = ANY(%(subjects)s::text[]) AND {known('g')} ORDER BY since, version"
)
"""subjects, known → whom they were handed to, one after another."""

PROJECTION = Projection(
    "handed", 1, (HANDED,), reads, apply, frozenset(cls for cls in CATALOGUE.values() if cls.hands is not None)
)
