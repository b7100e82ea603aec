"""The rows of complaints: one each, with its holders, pauses and escalations."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, get_args

from events.customer.complaints import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintEvent,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintResolved,
    SolutionProposed,
    WaitingOnCustomerStarted,
    WaitingOnCustomerStopped,
)
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table, Values
from projections.claims import require_unclaimed
from projections.effective import changed

COMPLAINTS = Table(
    name="complaints",
    key="complaint_id",
    group="complaint_id",
    columns={
        "complaint_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "received_at": "timestamptz NOT NULL",
        "channel": "text NOT NULL",
        "severity": "text NOT NULL",
        "content": "text NOT NULL",
        "contact": "text",
        "tier": "text",
        "policy_version": "integer NOT NULL",
        "calendar_version": "integer NOT NULL",
        "first_response_minutes": "integer NOT NULL",
        "resolution_minutes": "integer NOT NULL",
        "first_response_due_at": "timestamptz NOT NULL",
        "resolution_due_at": "timestamptz NOT NULL",
        "provisional": "boolean NOT NULL",
        "status": "text NOT NULL",
        "acknowledged_at": "timestamptz",
        "resolved_at": "timestamptz",
        "closed_at": "timestamptz",
        "waiting_since": "timestamptz",
        "holders": "jsonb NOT NULL",
        "pauses": "jsonb NOT NULL",
        "escalations": "jsonb NOT NULL",
        "solution": "text",
        "reopened": "integer NOT NULL",
        "changes": "jsonb NOT NULL",
        "events": "uuid[] NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, received_at, complaint_id)",
        "CREATE INDEX {name}_by_receipt ON {table} (received_at, complaint_id)",
        "CREATE INDEX {name}_by_due ON {table} (resolution_due_at, complaint_id)",
    ),
)
"""One row per complaint, `status` open, resolved or closed. Lists, oldest first: `holders` (person, department, at,
event), `pauses` of the resolution clock that have ended (since, until, why: customer or resolved), `escalations`
(at, clock, to_person, event). `resolved_at` and `closed_at` are empty again once it is reopened; `solution` is the
last one offered. `changes` tells all of them again, each event at its own instant; see `effective.complaint_at`."""

_OURS: tuple[type[ComplaintEvent], ...] = get_args(ComplaintEvent)


def reads(recorded: Recorded) -> Iterable[Group]:
    """The complaint's row."""
    event = recorded.event
    return [(COMPLAINTS, event.complaint_id)] if isinstance(event, _OURS) else []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event says of the complaint."""
    event = recorded.event
    if isinstance(event, ComplaintReceived):
        _receive(event, recorded, rows)
    elif isinstance(event, ComplaintEvent):
        before = rows.get(COMPLAINTS, event.complaint_id)
        if before is None:
            raise LookupError("a complaint that was never received goes on")
        require_unclaimed(before, "customer_id", stream_uuid(recorded.stream))
        changes = _changes(event, recorded, before)
        told = [*before["changes"], changed(event.instant or recorded.occurred_at, changes)]
        rows.put(COMPLAINTS, {**before, **changes, "changes": told, "events": [*before["events"], recorded.id]})


def _receive(event: ComplaintReceived, recorded: Recorded, rows: Rows) -> None:
    customer_id = stream_uuid(recorded.stream)
    require_unclaimed(rows.get(COMPLAINTS, event.complaint_id), "customer_id", customer_id)
    rows.put(
        COMPLAINTS,
        {
            "complaint_id": event.complaint_id,
            "customer_id": customer_id,
            "received_at": event.received_at,
            "channel": event.channel,
            "severity": event.severity,
            "content": event.content,
            "contact": event.contact,
            "tier": event.service_level.tier,
            "policy_version": event.service_level.policy_version,
            "calendar_version": event.service_level.calendar_version,
            "first_response_minutes": event.service_level.first_response_minutes,
            "resolution_minutes": event.service_level.resolution_minutes,
            "first_response_due_at": event.first_response_due_at,
            "resolution_due_at": event.resolution_due_at,
            "provisional": event.provisional,
            "status": "open",
            "acknowledged_at": None,
            "resolved_at": None,
            "closed_at": None,
            "waiting_since": None,
            "holders": [],
            "pauses": [],
            "escalations": [],
            "solution": None,
            "reopened": 0,
            "changes": [changed(event.received_at, {"resolution_due_at": event.resolution_due_at})],
            "events": [recorded.id],
        },
    )


def _changes(event: ComplaintEvent, recorded: Recorded, before: Values) -> Values:
    match event:
        case ComplaintAcknowledged():
            return {"acknowledged_at": event.at}
        case ComplaintAssigned():
            return {"holders": _added(before["holders"], event, recorded, "person", "department", "at")}
        case WaitingOnCustomerStarted():
            return {"waiting_since": event.at}
        case WaitingOnCustomerStopped():
            return {
                "waiting_since": None,
                "resolution_due_at": event.resolution_due_at,
                "pauses": _paused(before, before["waiting_since"], event.at, "customer"),
            }
        case SolutionProposed():
            return {"solution": event.solution}
        case ComplaintResolved():
            return {
                "status": "resolved",
                "resolved_at": event.at,
                "solution": event.solution,
                "resolution_due_at": event.resolution_due_at,
            }
        case ComplaintClosed():
            return {"status": "closed", "closed_at": event.at}
        case ComplaintReopened():
            return {
                "status": "open",
                "resolved_at": None,
                "closed_at": None,
                "reopened": before["reopened"] + 1,
                "resolution_due_at": event.resolution_due_at,
                "pauses": _paused(before, before["resolved_at"], event.at, "resolved"),
            }
        case ComplaintEscalated():
            return {"escalations": _added(before["escalations"], event, recorded, "at", "clock", "to_person")}
        case _:
            return {}


def _added(entries: list[Any], event: ComplaintEvent, recorded: Recorded, *fields: str) -> list[Any]:
    return [*entries, {**event.model_dump(mode="json", include=set(fields)), "event": str(recorded.id)}]


def _paused(before: Values, since: datetime, until: datetime, why: str) -> list[Any]:
    return [*before["pauses"], {"since": since.isoformat(), "until": until.isoformat(), "why": why}]


PROJECTION = Projection("complaints", 2, (COMPLAINTS,), reads, apply, frozenset(_OURS))
