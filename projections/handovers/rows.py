"""The rows of handovers: one each, with the open items it moves."""

from collections.abc import Iterable
from typing import Any, get_args

from events.recorded import Recorded
from events.responsibility import (
    HandoverAccepted,
    HandoverCancelled,
    HandoverDeclined,
    HandoverLapsed,
    HandoverProposed,
    InventoryItem,
)
from projections.base import Group, Projection, Rows, Table
from projections.claims import require_unclaimed

HANDOVERS = Table(
    name="handovers",
    key="handover_id",
    group="handover_id",
    columns={
        "handover_id": "uuid NOT NULL",
        "stream": "text NOT NULL",
        "assignment_id": "uuid NOT NULL",
        "from_person": "uuid NOT NULL",
        "to_person": "uuid NOT NULL",
        "effective_at": "timestamptz NOT NULL",
        "status": "text NOT NULL",
        "inventory": "jsonb NOT NULL",
        "proposed": "jsonb NOT NULL",
        "moves": "jsonb",
        "events": "uuid[] NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_of_stream ON {table} (stream, effective_at, handover_id)",
        "CREATE INDEX {name}_of_assignment ON {table} (assignment_id)",
        "CREATE INDEX {name}_by_time ON {table} (effective_at, handover_id)",
        "CREATE INDEX {name}_to ON {table} (to_person, effective_at, handover_id)",
        "CREATE INDEX {name}_from ON {table} (from_person, effective_at, handover_id)",
    ),
)
"""One row per handover, `status` proposed, accepted, declined, cancelled or lapsed; `inventory` is a list of item,
due_at, overdue, assignment_id: as `proposed`, and once accepted as it was accepted. `moves` are the figures that it
moves, where it was to take effect in the past when it was proposed."""

_Handover = HandoverProposed | HandoverAccepted | HandoverDeclined | HandoverCancelled | HandoverLapsed
_OURS: tuple[type[_Handover], ...] = get_args(_Handover)


def reads(recorded: Recorded) -> Iterable[Group]:
    """The handover's row."""
    event = recorded.event
    return [(HANDOVERS, event.handover_id)] if isinstance(event, _OURS) else []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event says of the handover."""
    event = recorded.event
    match event:
        case HandoverProposed():
            require_unclaimed(rows.get(HANDOVERS, event.handover_id), "stream", recorded.stream)
            rows.put(
                HANDOVERS,
                {
                    "handover_id": event.handover_id,
                    "stream": recorded.stream,
                    "assignment_id": event.assignment_id,
                    "from_person": event.from_person,
                    "to_person": event.to_person,
                    "effective_at": event.effective_at,
                    "status": "proposed",
                    "inventory": _written(event.inventory),
                    "proposed": _written(event.inventory),
                    "moves": event.moves and event.moves.model_dump(mode="json"),
                    "events": [recorded.id],
                },
            )
        case HandoverAccepted():
            _answer(event, recorded, rows, status="accepted", inventory=_written(event.inventory))
        case HandoverDeclined():
            _answer(event, recorded, rows, status="declined")
        case HandoverCancelled():
            _answer(event, recorded, rows, status="cancelled")
        case HandoverLapsed():
            _answer(event, recorded, rows, status="lapsed")
        case _:
            return


def _answer(event: _Handover, recorded: Recorded, rows: Rows, **changes: Any) -> None:
    before = rows.get(HANDOVERS, event.handover_id)
    if before is None:
        raise LookupError("a handover that was never proposed is answered")
    require_unclaimed(before, "stream", recorded.stream)
    rows.put(HANDOVERS, {**before, **changes, "events": [*before["events"], recorded.id]})


def _written(inventory: Iterable[InventoryItem]) -> list[Any]:
    return [item.model_dump(mode="json") for item in inventory]


PROJECTION = Projection("handovers", 3, (HANDOVERS,), reads, apply, frozenset(_OURS))
