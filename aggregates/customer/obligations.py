"""The rules of the duties that a contract states."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.account import Account
from aggregates.due import Due, falls_due
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.histories import Told
from aggregates.items import Items
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.customer.obligations import (
    CureBreach,
    DeclareBreach,
    ObligationCommand,
    RecordObligationFellDue,
    RecordPerformance,
    StartObligationWaiting,
    StopObligationWaiting,
)
from events.customer.obligations import (
    BreachCured,
    BreachDeclared,
    ObligationEvent,
    ObligationFellDue,
    ObligationPerformed,
    ObligationUndertaken,
    ObligationWaitingStarted,
    ObligationWaitingStopped,
)
from events.vocabulary.identifiers import ObligationId
from events.vocabulary.items import OBLIGATION

RULE = "when-obligation-falls-due-then-record-it@1"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty as it is believed now."""

    due_at: datetime | None
    last: Fingerprint
    """The newest event about it, but for those that a process noted."""
    last_at: datetime
    status: Literal["open", "waiting", "performed", "breached", "cured"] = "open"
    fell_due: frozenset[datetime] = frozenset()
    """The due times that were recorded as passed."""


Obligations = Items[ObligationId, Obligation]


def decide(
    command: ObligationCommand, mine: Obligations, customer: Account, circumstances: Circumstances
) -> list[ObligationEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    known = mine.get(command.obligation_id)
    if known is None:
        raise Refused("obligation.unknown", "obligation_id")
    event = _asked(command, known)
    if fingerprint(event) == known.last:
        return []
    if isinstance(event, ObligationFellDue) and (event.due_at in known.fell_due or event.due_at > circumstances.now):
        return []
    history = customer.histories[event.about_item]
    settled = settle(event, event, mine, history.told, customer, circumstances)
    return [] if settled is None or fingerprint(settled) == known.last else [settled]


def _asked(command: ObligationCommand, known: Obligation) -> ObligationEvent:
    obligation_id = command.obligation_id
    match command:
        case StartObligationWaiting():
            return ObligationWaitingStarted(obligation_id=obligation_id, at=command.at)
        case StopObligationWaiting():
            due_at = known.due_at or command.at
            return ObligationWaitingStopped(obligation_id=obligation_id, at=command.at, due_at=due_at)
        case RecordPerformance():
            return ObligationPerformed(
                obligation_id=obligation_id, at=command.at, measured=command.measured, content=command.content
            )
        case DeclareBreach():
            return BreachDeclared(
                obligation_id=obligation_id, at=command.at, content=command.content, cure_due_at=command.cure_due_at
            )
        case CureBreach():
            return BreachCured(obligation_id=obligation_id, at=command.at, content=command.content)
        case RecordObligationFellDue():
            return ObligationFellDue(obligation_id=obligation_id, due_at=command.due_at)
        case _:
            assert_never(command)


_NEEDS: dict[type[ObligationEvent], tuple[str, ...]] = {
    ObligationWaitingStarted: ("open",),
    ObligationWaitingStopped: ("waiting",),
    ObligationPerformed: ("open", "waiting"),
    BreachDeclared: ("open", "waiting"),
    BreachCured: ("breached",),
}
"""The statuses in which a step may be taken."""


def settle(
    event: ObligationEvent,
    _before: ObligationEvent,
    mine: Obligations,
    told: Sequence[Told],
    _customer: Account,
    _circumstances: Circumstances,
) -> ObligationEvent | None:
    """The event with its due time; none where a due time did not pass; refuses what may not come next."""
    if isinstance(event, ObligationUndertaken):
        return event
    known = mine.get(event.obligation_id)
    if known is None:
        raise Refused("obligation.unknown", "obligation_id")
    if isinstance(event, ObligationFellDue):
        return event if event.due_at in falls_due(OBLIGATION, told) else None
    if known.status not in _NEEDS[type(event)]:
        raise Refused("obligation.out-of-order", "obligation_id", obligation_status=known.status)
    if event.at < known.last_at:
        raise Refused("obligation.before-last-step", "at")
    if isinstance(event, BreachDeclared) and event.cure_due_at is not None and event.cure_due_at < event.at:
        raise Refused("interval.inverted", "cure_due_at")
    if isinstance(event, ObligationWaitingStopped) and known.due_at is not None:
        # What was lost while the customer let us wait is not ours; what was late before stays late.
        lost = event.at - known.last_at if known.last_at <= known.due_at else timedelta()
        return event.model_copy(update={"due_at": known.due_at + lost})
    return event


def admit(event: ObligationEvent, before: ObligationEvent, _customer: Account, circumstances: Circumstances) -> None:
    """Refuse what may not be said instead of `before`."""
    if isinstance(event, ObligationUndertaken) and isinstance(before, ObligationUndertaken):
        if event.due_at < event.undertaken_at:
            raise Refused("obligation.due-before-undertaken", "due_at")
        if event.owner is not None and event.owner != before.owner:
            circumstances.require_active(event.owner, "owner", event.undertaken_at)


def evolve(mine: Obligations, event: ObligationEvent, _version: int) -> Obligations:
    """The duties after an event."""
    if isinstance(event, ObligationUndertaken):
        return mine.put(event.obligation_id, Obligation(event.due_at, fingerprint(event), event.undertaken_at))
    known = mine[event.obligation_id]
    if isinstance(event, ObligationFellDue):
        return mine.put(event.obligation_id, replace(known, fell_due=known.fell_due | {event.due_at}))
    known = replace(known, last=fingerprint(event), last_at=event.at)
    match event:
        case ObligationWaitingStarted():
            known = replace(known, status="waiting")
        case ObligationWaitingStopped():
            known = replace(known, status="open", due_at=event.due_at)
        case ObligationPerformed():
            known = replace(known, status="performed")
        case BreachDeclared():
            known = replace(known, status="breached", due_at=event.cure_due_at)
        case BreachCured():
            known = replace(known, status="cured")
        case _:
            assert_never(event)
    return mine.put(event.obligation_id, known)


def due(mine: Obligations, customer: Account, now: datetime) -> Iterator[Due]:
    """What is to be recorded by now."""
    for identifier, known in mine.items():
        for due_at in falls_due(OBLIGATION, customer.histories[f"obligation:{identifier}"].told):
            if due_at <= now and due_at not in known.fell_due:
                yield Due(due_at, falling_due(identifier, due_at), RULE)


def falling_due(obligation: ObligationId, due_at: datetime) -> RecordObligationFellDue:
    """The command that records a due time as passed, at its own instant."""
    return RecordObligationFellDue(obligation_id=obligation, due_at=due_at, occurred_at=due_at)


SLICE = Slice(
    "obligations",
    ObligationCommand,
    ObligationEvent,
    decide,
    evolve,
    settle=settle,
    admit=admit,
    due=due,
)
