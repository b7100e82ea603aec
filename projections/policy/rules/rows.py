"""The rows of the company's rules: one per edition."""

from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from events.policy.cadence import CadencePublished
from events.policy.calendars import WorkingCalendarPublished
from events.policy.roles import RoleCataloguePublished
from events.policy.service_levels import ServiceLevelsPublished
from events.recorded import Recorded
from projections.base import Group, Projection, Rows, Table

EDITIONS = Table(
    name="editions",
    key="edition_id",
    group="edition_id",
    columns={
        "edition_id": "text NOT NULL",
        "policy": "text NOT NULL",
        "edition": "integer NOT NULL",
        "since": "timestamptz",
        "content": "jsonb NOT NULL",
        "event": "uuid NOT NULL",
    },
    extras=("CREATE INDEX {name}_in_force ON {table} (policy, since DESC, edition DESC)",),
)
"""One row per edition, `policy` working-calendar, role-catalogue, service-levels or cadence. The edition in force at an
instant is the one with the latest `since`, then the highest number; where `since` is null (role-catalogue,
working-calendar) the newest edition counts for every instant that nobody pinned another one for."""

_PUBLISHED = RoleCataloguePublished | ServiceLevelsPublished | WorkingCalendarPublished | CadencePublished


def reads(recorded: Recorded) -> Iterable[Group]:
    """The edition's row."""
    name = _name(recorded)
    return [(EDITIONS, name)] if name else []


def _name(recorded: Recorded) -> str | None:
    event = recorded.event
    match event:
        case RoleCataloguePublished():
            return f"role-catalogue/{event.edition}"
        case ServiceLevelsPublished():
            return f"service-levels/{event.edition}"
        case WorkingCalendarPublished():
            return f"working-calendar/{event.edition}"
        case CadencePublished():
            return f"cadence/{event.edition}"
        case _:
            return None


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe that an edition was published."""
    event = recorded.event
    name = _name(recorded)
    if name is None or not isinstance(event, _PUBLISHED):
        return
    since: datetime | None = getattr(event, "since", None)
    rows.put(
        EDITIONS,
        {
            "edition_id": name,
            "policy": name.partition("/")[0],
            "edition": event.edition,
            "since": since,
            "content": event.model_dump(mode="json", exclude={"edition", "since"}),
            "event": recorded.id,
        },
    )


PROJECTION = Projection("policies", 1, (EDITIONS,), reads, apply, frozenset(get_args(_PUBLISHED)))
