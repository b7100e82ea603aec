"""The rules of promises."""

from datetime import datetime
from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.state import Commitment, Customer
from aggregates.fingerprint import fingerprint
from aggregates.refusal import Refused
from commands.catalogue import CommitmentCommand
from commands.customer.commitments import (
    CorrectCommitment,
    FulfilCommitment,
    MakeCommitment,
    RecordCommitmentFellDue,
    RescheduleCommitment,
    WaiveCommitment,
)
from events.catalogue import AnyEvent, CommitmentEvent
from events.customer.commitments import (
    CommitmentCorrected,
    CommitmentFellDue,
    CommitmentFulfilled,
    CommitmentMade,
    CommitmentRescheduled,
    CommitmentWaived,
)
from events.vocabulary.identifiers import event_id


def decide(command: CommitmentCommand, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if isinstance(command, MakeCommitment):
        return _make(command, state, circumstances)
    known = state.commitments.get(command.commitment_id)
    if known is None:
        raise Refused("commitment.unknown", "commitment_id")
    match command:
        case RescheduleCommitment():
            same = known.made.due_at == command.due_at and known.agreed in {None, command.agreed}
            if known.status == "open" and same:
                return []
            _require_open(known)
            _require_due_after_made(known, command.due_at)
            return [
                CommitmentRescheduled(
                    commitment_id=command.commitment_id,
                    due_at=command.due_at,
                    previous_due_at=known.made.due_at,
                    agreed=command.agreed,
                )
            ]
        case FulfilCommitment():
            if known.status == "fulfilled" and known.ended_at == command.fulfilled_at:
                return []
            _require_open(known)
            if command.fulfilled_at < known.made.made_at:
                raise Refused("commitment.fulfilled-before-made", "fulfilled_at")
            return [CommitmentFulfilled(commitment_id=command.commitment_id, fulfilled_at=command.fulfilled_at)]
        case WaiveCommitment():
            if known.status == "waived":
                return []
            _require_open(known)
            waived_at = circumstances.decided_at(command)
            if waived_at < known.made.made_at:
                raise Refused("interval.inverted", "occurred_at")
            return [
                CommitmentWaived(
                    commitment_id=command.commitment_id,
                    waived_at=waived_at,
                    excused_because=command.excused_because,
                )
            ]
        case CorrectCommitment():
            return _correct(command, known, state, circumstances)
        case RecordCommitmentFellDue():
            open_when_due = known.ended_at is None or command.due_at < known.ended_at
            passed = known.made.due_at == command.due_at <= circumstances.now
            if not (open_when_due and passed) or known.fell_due_at == command.due_at:
                return []
            return [CommitmentFellDue(commitment_id=command.commitment_id, due_at=command.due_at)]
        case _:
            assert_never(command)


def _require_open(known: Commitment) -> None:
    if known.status != "open":
        raise Refused(f"commitment.already-{known.status}", "commitment_id")


def _require_due_after_made(known: Commitment, due_at: datetime) -> None:
    if due_at < known.made.made_at and not known.due_before_made:
        raise Refused("commitment.due-before-made", "due_at")


def _make(command: MakeCommitment, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
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
    known = state.commitments.get(command.commitment_id)
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
    command: CorrectCommitment, known: Commitment, state: Customer, circumstances: Circumstances
) -> list[AnyEvent]:
    for name in ("text", "due_at", "by"):
        if command.gives(name) and getattr(command, name) is None:
            raise Refused("correction.not-clearable", name)
    before = known.made
    event = CommitmentCorrected(
        commitment_id=command.commitment_id,
        corrects=event_id(state.stream, known.changed),
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
    return before.model_copy(
        update={
            "text": event.text,
            "due_at": event.due_at,
            "by": event.by,
            "promised_by": event.promised_by,
            "promised_to": event.promised_to,
        }
    )


def evolve(state: Customer, event: CommitmentEvent) -> Customer:
    """The state after an event."""
    version = state.version + 1
    if isinstance(event, CommitmentMade):
        made = Commitment(
            event, fingerprint(event), due_before_made=event.due_at < event.made_at, opened=version, changed=version
        )
        return _with(state, made)
    before = replace(state.commitments[event.commitment_id], changed=version)
    match event:
        case CommitmentRescheduled():
            after = replace(before, made=before.made.model_copy(update={"due_at": event.due_at}), agreed=event.agreed)
        case CommitmentFulfilled():
            after = replace(before, status="fulfilled", ended_at=event.fulfilled_at)
        case CommitmentWaived():
            after = replace(before, status="waived", ended_at=event.waived_at)
        case CommitmentCorrected():
            after = replace(before, made=_corrected(before.made, event))
        case CommitmentFellDue():
            after = replace(before, fell_due_at=event.due_at)
        case _:
            assert_never(event)
    return _with(state, after)


def _with(state: Customer, commitment: Commitment) -> Customer:
    key = commitment.made.commitment_id
    return replace(
        state,
        version=state.version + 1,
        commitments=state.commitments.put(key, commitment),
        open_commitments=state.open_commitments.put(key, commitment.opened)
        if commitment.status == "open"
        else state.open_commitments.without(key),
    )
