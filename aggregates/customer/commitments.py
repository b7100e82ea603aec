"""The rules of promises."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from commands.customer.commitments import (
    CommitmentCommand,
    CorrectCommitment,
    FulfilCommitment,
    MakeCommitment,
    RecordCommitmentFellDue,
    RescheduleCommitment,
    WaiveCommitment,
)
from events.base import but
from events.customer.commitments import (
    CommitmentCorrected,
    CommitmentEvent,
    CommitmentFellDue,
    CommitmentFulfilled,
    CommitmentMade,
    CommitmentRescheduled,
    CommitmentWaived,
)
from events.vocabulary.identifiers import CommitmentId, event_id
from events.vocabulary.items import COMMITMENT

RULE = "when-commitment-falls-due-then-record-it@1"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise as it is believed now."""

    made: CommitmentMade
    """With the text, due time and people as last corrected or rescheduled."""
    original: Fingerprint
    due_before_made: bool
    """Whether it was due before it was made when it was recorded."""
    opened: int
    """The version that it was made at."""
    changed: int
    """The version of the last event about it."""
    status: Literal["open", "fulfilled", "waived"] = "open"
    ended_at: datetime | None = None
    fell_due: frozenset[datetime] = frozenset()
    """The due times that were recorded as passed."""
    agreed: bool | None = None
    """Whether the customer agreed to the last new due time; none where there was no new one."""


Commitments = Items[CommitmentId, Commitment]


def decide(
    command: CommitmentCommand, mine: Commitments, customer: Account, circumstances: Circumstances
) -> list[CommitmentEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if isinstance(command, MakeCommitment):
        return _make(command, mine, circumstances)
    known = mine.get(command.commitment_id)
    if known is None:
        raise Refused("commitment.unknown", "commitment_id")
    if isinstance(command, CorrectCommitment):
        return _correct(command, known, customer, circumstances)
    event = _asked(command, known, circumstances)
    if event is None:
        return []
    # Of what was told only a due time is asked whether it follows from it.
    told = customer.histories[event.about_item].told if isinstance(event, CommitmentFellDue) else ()
    settled = settle(event, event, mine, told, customer, circumstances)
    return [] if settled is None else [settled]


def _asked(
    command: RescheduleCommitment | FulfilCommitment | WaiveCommitment | RecordCommitmentFellDue,
    known: Commitment,
    circumstances: Circumstances,
) -> CommitmentEvent | None:
    """What a command asks for; none where it is so already."""
    match command:
        case RescheduleCommitment():
            same = known.made.due_at == command.due_at and known.agreed in {None, command.agreed}
            if known.status == "open" and same:
                return None
            return CommitmentRescheduled(
                commitment_id=command.commitment_id,
                due_at=command.due_at,
                previous_due_at=known.made.due_at,
                agreed=command.agreed,
                rescheduled_at=circumstances.decided_at(command),
            )
        case FulfilCommitment():
            if known.status == "fulfilled" and known.ended_at == command.fulfilled_at:
                return None
            return CommitmentFulfilled(commitment_id=command.commitment_id, fulfilled_at=command.fulfilled_at)
        case WaiveCommitment():
            if known.status == "waived":
                return None
            return CommitmentWaived(
                commitment_id=command.commitment_id,
                waived_at=circumstances.decided_at(command),
                excused_because=command.excused_because,
            )
        case RecordCommitmentFellDue():
            if command.due_at in known.fell_due or command.due_at > circumstances.now:
                return None
            return CommitmentFellDue(commitment_id=command.commitment_id, due_at=command.due_at)
        case _:
            assert_never(command)


def settle(
    event: CommitmentEvent,
    _before: CommitmentEvent,
    mine: Commitments,
    told: Sequence[Told],
    _customer: Account,
    _circumstances: Circumstances,
) -> CommitmentEvent | None:
    """The event with what follows from the history; none where a due time did not pass; refuses what may not come."""
    if isinstance(event, CommitmentMade):
        return event
    known = mine.get(event.commitment_id)
    if known is None:
        raise Refused("commitment.unknown", "commitment_id")
    match event:
        case CommitmentRescheduled():
            _require_open(known)
            if event.rescheduled_at is not None and event.rescheduled_at < known.made.made_at:
                raise Refused("commitment.rescheduled-before-made", "occurred_at")
            _require_due_after_made(known, event.due_at)
            return but(event, previous_due_at=known.made.due_at)
        case CommitmentFulfilled():
            _require_open(known)
            if event.fulfilled_at < known.made.made_at:
                raise Refused("commitment.fulfilled-before-made", "fulfilled_at")
        case CommitmentWaived():
            _require_open(known)
            if event.waived_at < known.made.made_at:
                raise Refused("interval.inverted", "occurred_at")
        case CommitmentFellDue():
            return event if event.due_at in falls_due(COMMITMENT, told) else None
        case CommitmentCorrected():
            pass
        case _:
            assert_never(event)
    return event


def _require_open(known: Commitment) -> None:
    if known.status != "open":
        raise Refused(f"commitment.already-{known.status}", "commitment_id")


def _require_due_after_made(known: Commitment, due_at: datetime) -> None:
    if due_at < known.made.made_at and not known.due_before_made:
        raise Refused("commitment.due-before-made", "due_at")


def admit(event: CommitmentEvent, before: CommitmentEvent, _customer: Account, circumstances: Circumstances) -> None:
    """Refuse what may not be said instead of `before`."""
    if isinstance(event, CommitmentMade) and isinstance(before, CommitmentMade):
        circumstances.require_person(event.promised_by, "promised_by")
        if event.due_at < event.made_at and before.due_at >= before.made_at:
            raise Refused("commitment.due-before-made", "due_at")


def _make(command: MakeCommitment, mine: Commitments, circumstances: Circumstances) -> list[CommitmentEvent]:
    event = CommitmentMade(
        commitment_id=command.commitment_id,
        text=command.text,
        due_at=command.due_at,
        by=command.by,
        made_at=circumstances.decided_at(command),
        promised_by=command.promised_by,
        promised_to=command.promised_to,
        origin=command.origin,
    )
    known = mine.get(command.commitment_id)
    if known is not None:
        made_at = command.occurred_at or known.made.made_at
        if known.original == fingerprint(event.model_copy(update={"made_at": made_at})):
            return []
        raise Refused("commitment.id-taken", "commitment_id")
    if command.occurred_at is not None and command.due_at < command.occurred_at:
        raise Refused("commitment.due-before-made", "due_at")
    circumstances.require_person(command.promised_by, "promised_by")
    return [event]


def _correct(
    command: CorrectCommitment, known: Commitment, customer: Account, circumstances: Circumstances
) -> list[CommitmentEvent]:
    for name in ("text", "due_at", "by"):
        if command.gives(name) and getattr(command, name) is None:
            raise Refused("correction.not-clearable", name)
    before = known.made
    event = CommitmentCorrected(
        commitment_id=command.commitment_id,
        corrects=event_id(customer.stream, known.changed),
        text=command.text or before.text,
        due_at=command.due_at or before.due_at,
        by=command.by or before.by,
        promised_by=command.promised_by if command.gives("promised_by") else before.promised_by,
        promised_to=command.promised_to if command.gives("promised_to") else before.promised_to,
    )
    if _corrected(before, event) == before:
        return []
    if event.due_at != before.due_at:
        _require_due_after_made(known, event.due_at)
    circumstances.require_person(command.promised_by, "promised_by")
    return [event]


def _corrected(before: CommitmentMade, event: CommitmentCorrected) -> CommitmentMade:
    return but(
        before,
        text=event.text,
        due_at=event.due_at,
        by=event.by,
        promised_by=event.promised_by,
        promised_to=event.promised_to,
    )


def evolve(mine: Commitments, event: CommitmentEvent, version: int) -> Commitments:
    """The promises after an event."""
    if isinstance(event, CommitmentMade):
        made = Commitment(
            event, fingerprint(event), due_before_made=event.due_at < event.made_at, opened=version, changed=version
        )
        return mine.put(event.commitment_id, made)
    before = mine[event.commitment_id]
    match event:
        case CommitmentRescheduled():
            moved = but(before.made, due_at=event.due_at)
            after = replace(before, changed=version, made=moved, agreed=event.agreed)
        case CommitmentFulfilled():
            after = replace(before, changed=version, status="fulfilled", ended_at=event.fulfilled_at)
        case CommitmentWaived():
            after = replace(before, changed=version, status="waived", ended_at=event.waived_at)
        case CommitmentCorrected():
            after = replace(before, changed=version, made=_corrected(before.made, event))
        case CommitmentFellDue():
            after = replace(before, changed=version, fell_due=before.fell_due | {event.due_at})
        case _:
            assert_never(event)
    return mine.put(event.commitment_id, after)


def due(mine: Commitments, customer: Account, now: datetime) -> Iterator[Due]:
    """What is to be recorded by now."""
    for identifier, known in mine.items():
        for due_at in falls_due(COMMITMENT, customer.histories[f"commitment:{identifier}"].told):
            if due_at <= now and due_at not in known.fell_due:
                yield Due(due_at, falling_due(identifier, due_at), RULE)


def falling_due(commitment: CommitmentId, due_at: datetime) -> RecordCommitmentFellDue:
    """The command that records a due time as passed, at its own instant."""
    return RecordCommitmentFellDue(commitment_id=commitment, due_at=due_at, occurred_at=due_at)


SLICE = Slice(
    "commitments",
    CommitmentCommand,
    CommitmentEvent,
    decide,
    evolve,
    settle=settle,
    admit=admit,
    due=due,
)
