"""The rules of visits: each promise made in one becomes a commitment."""

from aggregates.circumstances import Circumstances
from aggregates.customer.account import Account
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.items import Items
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.customer.visits import VisitCommand
from events.customer.commitments import CommitmentMade
from events.customer.visits import VisitEvent, VisitRecorded
from events.vocabulary.identifiers import VisitId

Visits = Items[VisitId, Fingerprint]


def decide(
    command: VisitCommand, mine: Visits, customer: Account, circumstances: Circumstances
) -> list[VisitEvent | CommitmentMade]:
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
    known = mine.get(command.visit_id)
    if known is not None:
        repeated = all(customer.promised(promise.commitment_id) == fingerprint(promise) for promise in promises)
        if known == fingerprint(visit) and repeated:
            return []
        raise Refused("visit.id-taken", "visit_id")
    admit(visit, visit, customer, circumstances)
    for promise in promises:
        circumstances.require_person(promise.promised_by, "commitments.promised_by")
    ids = [promise.commitment_id for promise in promises]
    if len(set(ids)) < len(ids) or any(customer.promised(one) is not None for one in ids):
        raise Refused("commitment.id-taken", "commitments.commitment_id")
    if any(promise.due_at < promise.made_at for promise in promises):
        raise Refused("commitment.due-before-made", "commitments.due_at")
    return [visit, *promises]


def admit(event: VisitEvent, _before: VisitEvent, _customer: Account, circumstances: Circumstances) -> None:
    """Refuse strangers."""
    for attendee in event.our_attendees:
        circumstances.require_person(attendee, "our_attendees")


def evolve(mine: Visits, event: VisitEvent, _version: int) -> Visits:
    """The visits after an event."""
    return mine.put(event.visit_id, fingerprint(event))


SLICE = Slice("visits", VisitCommand, VisitEvent, decide, evolve, admit=admit)
