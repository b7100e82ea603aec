"""The rows of commitments: one each, with every reschedule it went through."""

from collections.abc import Iterable
from typing import Any, get_args

from events.customer.commitments import (
    CommitmentCorrected,
    CommitmentEvent,
    CommitmentFellDue,
    CommitmentFulfilled,
    CommitmentMade,
    CommitmentRescheduled,
    CommitmentWaived,
)
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table, Values
from projections.claims import require_unclaimed

COMMITMENTS = Table(
    name="commitments",
    key="commitment_id",
    group="commitment_id",
    columns={
        "commitment_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "text": "text NOT NULL",
        "by_side": "text NOT NULL",
        "due_at": "timestamptz NOT NULL",
        "first_due_at": "timestamptz NOT NULL",
        "made_at": "timestamptz NOT NULL",
        "promised_by": "uuid",
        "promised_to": "text",
        "origin": "text",
        "status": "text NOT NULL",
        "ended_at": "timestamptz",
        "fell_due_at": "timestamptz",
        "reschedules": "jsonb NOT NULL",
        "events": "uuid[] NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, due_at, commitment_id)",
        "CREATE INDEX {name}_by_due ON {table} (due_at, commitment_id)",
    ),
)
"""One row per commitment, `status` open, fulfilled or waived; `reschedules` is a list of event, from, to, agreed, at,
recorded_at, oldest first, and leads from `first_due_at` to `due_at`. A correction of the due time corrects the step
that set it: the last reschedule, or the first due time where there was none."""


_OURS: tuple[type[CommitmentEvent], ...] = get_args(CommitmentEvent)


def reads(recorded: Recorded) -> Iterable[Group]:
    """The commitment's row."""
    event = recorded.event
    return [(COMMITMENTS, event.commitment_id)] if isinstance(event, _OURS) else []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event says of the commitment."""
    event = recorded.event
    match event:
        case CommitmentMade():
            _make(event, recorded, rows)
        case CommitmentRescheduled():
            before = _known(event, recorded, rows)
            step = {
                "event": str(recorded.id),
                "from": event.previous_due_at.isoformat(),
                "to": event.due_at.isoformat(),
                "agreed": event.agreed,
                "at": (event.rescheduled_at or recorded.occurred_at).isoformat(),
                "recorded_at": recorded.recorded_at.isoformat(),
            }
            _change(before, recorded, rows, due_at=event.due_at, reschedules=[*before["reschedules"], step])
        case CommitmentFulfilled():
            before = _known(event, recorded, rows)
            _change(before, recorded, rows, status="fulfilled", ended_at=event.fulfilled_at)
        case CommitmentWaived():
            before = _known(event, recorded, rows)
            _change(before, recorded, rows, status="waived", ended_at=event.waived_at)
        case CommitmentCorrected():
            _correct(event, recorded, rows)
        case CommitmentFellDue():
            _change(_known(event, recorded, rows), recorded, rows, fell_due_at=event.due_at)
        case _:
            return


def _make(event: CommitmentMade, recorded: Recorded, rows: Rows) -> None:
    customer_id = stream_uuid(recorded.stream)
    require_unclaimed(rows.get(COMMITMENTS, event.commitment_id), "customer_id", customer_id)
    rows.put(
        COMMITMENTS,
        {
            "commitment_id": event.commitment_id,
            "customer_id": customer_id,
            "text": event.text,
            "by_side": event.by,
            "due_at": event.due_at,
            "first_due_at": event.due_at,
            "made_at": event.made_at,
            "promised_by": event.promised_by,
            "promised_to": event.promised_to,
            "origin": event.origin,
            "status": "open",
            "ended_at": None,
            "fell_due_at": None,
            "reschedules": [],
            "events": [recorded.id],
        },
    )


def _correct(event: CommitmentCorrected, recorded: Recorded, rows: Rows) -> None:
    before = _known(event, recorded, rows)
    steps = before["reschedules"]
    corrected: dict[str, Any] = {"due_at": event.due_at}
    if steps:
        corrected["reschedules"] = [*steps[:-1], {**steps[-1], "to": event.due_at.isoformat()}]
    else:
        corrected["first_due_at"] = event.due_at
    _change(
        before,
        recorded,
        rows,
        text=event.text,
        by_side=event.by,
        promised_by=event.promised_by,
        promised_to=event.promised_to,
        **corrected,
    )


def _known(event: CommitmentEvent, recorded: Recorded, rows: Rows) -> Values:
    before = rows.get(COMMITMENTS, event.commitment_id)
    if before is None:
        raise LookupError("a commitment that was never made is changed")
    require_unclaimed(before, "customer_id", stream_uuid(recorded.stream))
    return before


def _change(before: Values, recorded: Recorded, rows: Rows, **changes: Any) -> None:
    rows.put(COMMITMENTS, {**before, **changes, "events": [*before["events"], recorded.id]})


PROJECTION = Projection("commitments", 2, (COMMITMENTS,), reads, apply, frozenset(_OURS))
