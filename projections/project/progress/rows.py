"""The rows of projects: one each, with the step of acceptance it has reached."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, get_args

from events.project.acceptance import (
    AcceptanceEvent,
    AcceptanceRecorded,
    AcceptanceRequested,
    RectificationOrdered,
    RectificationSubmitted,
    SelfCheckPassed,
)
from events.project.initiation import InitiationEvent, ProjectApproved, ProjectProposed, ProjectRejected
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table
from projections.effective import changed

PROJECTS = Table(
    name="projects",
    key="project_id",
    group="project_id",
    columns={
        "project_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "name": "text NOT NULL",
        "goal": "text",
        "budget": "numeric",
        "starts_on": "date",
        "ends_on": "date",
        "decision": "text",
        "decided_at": "timestamptz",
        "stage": "text NOT NULL",
        "accepted_at": "timestamptz",
        "rejections": "integer NOT NULL",
        "last_at": "timestamptz",
        "changes": "jsonb NOT NULL",
        "events": "uuid[] NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_name ON {table} (name, project_id, known_from)",
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, name, project_id)",
        (
            "CREATE INDEX {name}_unaccepted ON {table} (ends_on, project_id) "
            "WHERE known_to IS NULL AND accepted_at IS NULL"
        ),
    ),
)
"""One row per project; `stage` is none, checked, requested, rejected, ordered or accepted, `last_at` when it got there,
`rejections` how often the customer rejected;
`changes` tells all of them again, each event at its own instant; see `effective.project_at`."""

_OURS = (*get_args(InitiationEvent), *get_args(AcceptanceEvent))


def reads(recorded: Recorded) -> Iterable[Group]:
    """The project's row."""
    return [(PROJECTS, stream_uuid(recorded.stream))] if isinstance(recorded.event, _OURS) else []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event says of the project."""
    event = recorded.event
    match event:
        case ProjectProposed():
            _propose(event, recorded, rows)
        case ProjectApproved():
            _change(event.at, recorded, rows, decision="approved", decided_at=event.at)
        case ProjectRejected():
            _change(event.at, recorded, rows, decision="rejected", decided_at=event.at)
        case SelfCheckPassed() | RectificationSubmitted():
            _change(event.at, recorded, rows, stage="checked", last_at=event.at)
        case AcceptanceRequested():
            _change(event.at, recorded, rows, stage="requested", last_at=event.at)
        case AcceptanceRecorded(outcome="accepted"):
            _change(event.at, recorded, rows, stage="accepted", last_at=event.at, accepted_at=event.at)
        case AcceptanceRecorded():
            before = rows.get(PROJECTS, stream_uuid(recorded.stream)) or {}
            rejections = before.get("rejections", 0) + 1
            _change(event.at, recorded, rows, stage="rejected", last_at=event.at, rejections=rejections)
        case RectificationOrdered():
            _change(event.at, recorded, rows, stage="ordered", last_at=event.at)
        case _:
            return


def _propose(event: ProjectProposed, recorded: Recorded, rows: Rows) -> None:
    rows.put(
        PROJECTS,
        {
            "project_id": stream_uuid(recorded.stream),
            "customer_id": event.customer,
            "name": event.name,
            "goal": event.goal,
            "budget": event.budget,
            "starts_on": event.starts_on,
            "ends_on": event.ends_on,
            "decision": None,
            "decided_at": None,
            "stage": "none",
            "accepted_at": None,
            "rejections": 0,
            "last_at": None,
            "changes": [],
            "events": [recorded.id],
        },
    )


def _change(at: datetime, recorded: Recorded, rows: Rows, **changes: Any) -> None:
    project_id = stream_uuid(recorded.stream)
    before = rows.get(PROJECTS, project_id)
    if before is None:
        raise LookupError("a project that was never proposed goes on")
    told = [*before["changes"], changed(at, changes)]
    rows.put(PROJECTS, {**before, **changes, "changes": told, "events": [*before["events"], recorded.id]})


PROJECTION = Projection("projects", 2, (PROJECTS,), reads, apply, frozenset(_OURS))
