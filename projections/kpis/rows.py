"""The cases of KPIs: every due time of a promise, and the instants that decide about a complaint.

What a figure needs to find and count cases is here, in narrow rows by index; what proves a case is in the other views.
Every row follows from the events of its own promise or complaint alone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from events.customer.commitments import (
    CommitmentCorrected,
    CommitmentEvent,
    CommitmentFulfilled,
    CommitmentMade,
    CommitmentRescheduled,
    CommitmentWaived,
)
from events.customer.complaints import (
    ComplaintEvent,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintResolved,
    WaitingOnCustomerStarted,
    WaitingOnCustomerStopped,
)
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table, Values
from projections.claims import require_unclaimed

TERMS = Table(
    name="terms",
    key="term_id",
    group="commitment_id",
    columns={
        "term_id": "text NOT NULL",
        "commitment_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "number": "integer NOT NULL",
        "by_side": "text NOT NULL",
        "made_at": "timestamptz NOT NULL",
        "opened_at": "timestamptz NOT NULL",
        "due_at": "timestamptz NOT NULL",
        "binding": "boolean NOT NULL",
        "superseded_at": "timestamptz",
        "bound_at": "timestamptz NOT NULL",
        "status": "text NOT NULL",
        "ended_at": "timestamptz",
        "excused": "boolean NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_due ON {table} (due_at, commitment_id, number)",
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, due_at)",
        "CREATE INDEX {name}_of_commitment ON {table} (commitment_id, number)",
    ),
)
"""One row per due time that a promise was given, the first being number 1. `binding`: it is the first, or the other
side agreed to it; `opened_at` is when, `superseded_at` when the next binding one was agreed to. `bound_at` is the last
binding due time. How the promise ended, and whose it is, stands in each of its rows."""

DUES = Table(
    name="dues",
    key="due_id",
    group="commitment_id",
    columns={
        "due_id": "text NOT NULL",
        "commitment_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "number": "integer NOT NULL",
        "due_at": "timestamptz NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_due ON {table} (due_at, commitment_id, number) INCLUDE (known_from)",
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, due_at) INCLUDE (commitment_id, number, known_from)",
        "CREATE INDEX {name}_of_commitment ON {table} (commitment_id, due_at)",
        "CREATE INDEX {name}_corrected ON {table} (due_at) WHERE known_to IS NOT NULL",
    ),
)
"""One row per due time and instant that it was ever believed to be: those that are believed no more were corrected."""

COMPLAINTS = Table(
    name="complaints",
    key="complaint_id",
    group="complaint_id",
    columns={
        "complaint_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "received_at": "timestamptz NOT NULL",
        "due_at": "timestamptz NOT NULL",
        "resolved_at": "timestamptz",
        "waiting_since": "timestamptz",
        "tier": "text",
        "provisional": "boolean NOT NULL",
    },
    extras=("CREATE INDEX {name}_of_customer ON {table} (customer_id)",),
)
"""One row per complaint with the instants that decide whether it was resolved in time."""

MOMENTS = Table(
    name="moments",
    key="moment_id",
    group="complaint_id",
    columns={
        "moment_id": "text NOT NULL",
        "complaint_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "at": "timestamptz NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_time ON {table} (at, complaint_id) INCLUDE (known_from)",
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, at) INCLUDE (complaint_id, known_from)",
        "CREATE INDEX {name}_of_complaint ON {table} (complaint_id, at)",
    ),
)
"""One row per instant at which a complaint was ever believed to be due or resolved; none is removed."""

_PROMISES: tuple[type[CommitmentEvent], ...] = (
    CommitmentMade,
    CommitmentRescheduled,
    CommitmentFulfilled,
    CommitmentWaived,
    CommitmentCorrected,
)
_COMPLAINTS: tuple[type[ComplaintEvent], ...] = (
    ComplaintReceived,
    WaitingOnCustomerStarted,
    WaitingOnCustomerStopped,
    ComplaintResolved,
    ComplaintReopened,
)


def reads(recorded: Recorded) -> Iterable[Group]:
    """The rows of the promise or complaint."""
    event: Any = recorded.event
    if isinstance(event, _PROMISES):
        return [(TERMS, event.commitment_id), (DUES, event.commitment_id)]
    if isinstance(event, _COMPLAINTS):
        return [(table, event.complaint_id) for table in (COMPLAINTS, MOMENTS)]
    return []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event says of a case."""
    event: Any = recorded.event
    if isinstance(event, _PROMISES):
        _promised(event, recorded, rows)
    elif isinstance(event, _COMPLAINTS):
        _complained(event, recorded, rows)


def _promised(event: CommitmentEvent, recorded: Recorded, rows: Rows) -> None:
    customer_id = stream_uuid(recorded.stream)
    if isinstance(event, CommitmentMade):
        require_unclaimed(next(iter(rows.group(TERMS, event.commitment_id)), None), "customer_id", customer_id)
        for old in rows.group(TERMS, event.commitment_id):
            rows.remove(TERMS, old["term_id"], event.commitment_id)
        first = {
            "commitment_id": event.commitment_id,
            "customer_id": customer_id,
            "by_side": event.by,
            "made_at": event.made_at,
            "bound_at": event.due_at,
            "status": "open",
            "ended_at": None,
            "excused": False,
        }
        _give(rows, first, 1, opened_at=event.made_at, due_at=event.due_at, binding=True)
        return
    terms = sorted(rows.group(TERMS, event.commitment_id), key=lambda term: term["number"])
    if not terms:
        raise LookupError("a commitment that was never made is changed")
    require_unclaimed(terms[0], "customer_id", customer_id)
    match event:
        case CommitmentRescheduled():
            at = event.rescheduled_at or recorded.occurred_at
            if event.agreed:
                _change(rows, terms, bound_at=event.due_at)
                bound = [term for term in terms if term["binding"]][-1]
                rows.change(TERMS, bound["term_id"], event.commitment_id, superseded_at=at)
            changed = rows.get(TERMS, terms[0]["term_id"], event.commitment_id) or {}
            number = terms[-1]["number"] + 1
            _give(rows, changed, number, opened_at=at, due_at=event.due_at, binding=event.agreed)
        case CommitmentFulfilled():
            _change(rows, terms, status="fulfilled", ended_at=event.fulfilled_at)
        case CommitmentWaived():
            excused = event.excused_because is not None
            _change(rows, terms, status="waived", ended_at=event.waived_at, excused=excused)
        case CommitmentCorrected():
            _correct(event, terms, rows)
        case _:
            return


def _correct(event: CommitmentCorrected, terms: list[Values], rows: Rows) -> None:
    """A corrected due time is that of the step that set it last."""
    last = terms[-1]
    bound_at = event.due_at if last["binding"] else last["bound_at"]
    _change(rows, terms, by_side=event.by, bound_at=bound_at)
    if event.due_at != last["due_at"]:
        rows.remove(DUES, _due_id(last), event.commitment_id)
        rows.change(TERMS, last["term_id"], event.commitment_id, due_at=event.due_at)
        _put_due(rows, {**last, "due_at": event.due_at})


def _give(rows: Rows, promise: Values, number: int, **term: Any) -> None:
    """Give a promise one more due time."""
    given = {
        **promise,
        "term_id": f"{promise['commitment_id']}/{number}",
        "number": number,
        "superseded_at": None,
        **term,
    }
    rows.put(TERMS, given)
    _put_due(rows, given)


def _put_due(rows: Rows, term: Values) -> None:
    named = {name: term[name] for name in ("commitment_id", "customer_id", "number", "due_at")}
    rows.put(DUES, {"due_id": _due_id(term), **named})


def _due_id(term: Values) -> str:
    return f"{term['term_id']}/{term['due_at'].isoformat()}"


def _change(rows: Rows, terms: Iterable[Values], **changes: Any) -> None:
    for term in terms:
        rows.put(TERMS, {**term, **changes})


def _complained(event: ComplaintEvent, recorded: Recorded, rows: Rows) -> None:
    customer_id = stream_uuid(recorded.stream)
    before = rows.get(COMPLAINTS, event.complaint_id)
    if isinstance(event, ComplaintReceived):
        require_unclaimed(before, "customer_id", customer_id)
        after: Values = {
            "complaint_id": event.complaint_id,
            "customer_id": customer_id,
            "received_at": event.received_at,
            "due_at": event.resolution_due_at,
            "resolved_at": None,
            "waiting_since": None,
            "tier": event.service_level.tier,
            "provisional": event.provisional,
        }
    elif before is None:
        raise LookupError("a complaint that was never received goes on")
    else:
        require_unclaimed(before, "customer_id", customer_id)
        after = {**before, **_changes(event)}
    rows.put(COMPLAINTS, after)
    for at in (after["due_at"], after["resolved_at"]):
        if at is not None:
            _put_moment(rows, after, at)


def _changes(event: ComplaintEvent) -> Values:
    match event:
        case WaitingOnCustomerStarted():
            return {"waiting_since": event.at}
        case WaitingOnCustomerStopped():
            return {"waiting_since": None, "due_at": event.resolution_due_at}
        case ComplaintResolved():
            return {"resolved_at": event.at, "due_at": event.resolution_due_at}
        case ComplaintReopened():
            return {"resolved_at": None, "due_at": event.resolution_due_at}
        case _:
            return {}


def _put_moment(rows: Rows, complaint: Values, at: datetime) -> None:
    rows.put(
        MOMENTS,
        {
            "moment_id": f"{complaint['complaint_id']}/{at.isoformat()}",
            "complaint_id": complaint["complaint_id"],
            "customer_id": complaint["customer_id"],
            "at": at,
        },
    )


PROJECTION = Projection(
    "cases",
    1,
    (TERMS, DUES, COMPLAINTS, MOMENTS),
    reads,
    apply,
    frozenset((*_PROMISES, *_COMPLAINTS)),
)
