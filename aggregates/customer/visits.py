"""The rules of visits: each promise made in one becomes a commitment."""

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.state import Customer
from aggregates.fingerprint import fingerprint
from aggregates.refusal import Refused
from commands.customer.visits import VisitCommand
from events.catalogue import AnyEvent
from events.customer.commitments import CommitmentMade
from events.customer.visits import VisitEvent, VisitRecorded


def decide(command: VisitCommand, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    visit = VisitRecorded(
        visit_id=command.visit_id,
        visited_at=command.visited_at,
        channel=command.channel,
        our_attendees=command.our_attendees,
        customer_attendees=command.customer_attendees,
        purpose=command.purpose,
        content=command.content,
        feedback=command.feedback,
    )
    promises = [
        CommitmentMade(
            commitment_id=promise.commitment_id,
            text=promise.text,
            due_at=promise.due_at,
            by=promise.by,
            made_at=command.visited_at,
            promised_by=promise.promised_by,
            promised_to=None,
            origin=f"visit:{command.visit_id}",
        )
        for promise in command.commitments
    ]
    known = state.visits.get(command.visit_id)
    if known is not None:
        made = [state.commitments.get(promise.commitment_id) for promise in promises]
        repeated = all(
            one is not None and one.original == fingerprint(promise)
            for one, promise in zip(made, promises, strict=True)
        )
        if known == fingerprint(visit) and repeated:
            return []
        raise Refused("visit.id-taken", "visit_id")
    for attendee in command.our_attendees:
        circumstances.require_person(attendee, "our_attendees")
    for promise in promises:
        circumstances.require_person(promise.promised_by, "commitments.promised_by")
    ids = [promise.commitment_id for promise in promises]
    if len(set(ids)) < len(ids) or any(one in state.commitments for one in ids):
        raise Refused("commitment.id-taken", "commitments.commitment_id")
    if any(promise.due_at < promise.made_at for promise in promises):
        raise Refused("commitment.due-before-made", "commitments.due_at")
    return [visit, *promises]


def evolve(state: Customer, event: VisitEvent) -> Customer:
    """The state after an event."""
    return replace(state, version=state.version + 1, visits=state.visits.put(event.visit_id, fingerprint(event)))
