"""Who answers for a customer, a project or an item inside it, over which interval."""

from typing import Any

from events.base import Event
from events.vocabulary.identifiers import AssignmentId, DelegationId, EventId, HandoverId, PersonId, Subject
from events.vocabulary.items import ASSIGNMENT, DELEGATION, HANDOVER, Turn
from events.vocabulary.moves import Moves
from events.vocabulary.values import Code, Instant, Involvement, Value


class InventoryItem(Value):
    """An open item that the leaver holds when a handover is proposed or accepted."""

    item: Subject
    due_at: Instant | None
    overdue: bool
    """Whether it was already overdue at the effective time (inherited overdue)."""
    assignment_id: AssignmentId | None = None
    """The leaver's own assignment on the item, where there is one."""


class ResponsibilityAssigned(Event, name="responsibility.assigned", opens=ASSIGNMENT, occurs=None):
    """A person holds a role for a subject over `[since, until)`."""

    assignment_id: AssignmentId
    subject: Subject
    role: Code
    person: PersonId
    involvement: Involvement
    since: Instant
    until: Instant | None
    exclusive: bool
    """Whether the role took one holder at a time under the catalogue then in force."""
    handover_id: HandoverId | None = None
    """The handover that this assignment comes from."""


class ResponsibilityEnded(Event, name="responsibility.ended", about=ASSIGNMENT, occurs=None):
    """An assignment ends at `until`."""

    assignment_id: AssignmentId
    until: Instant


class ResponsibilityCorrected(Event, name="responsibility.corrected", about=ASSIGNMENT, occurs=None):
    """An assignment was recorded wrongly: person and interval as they truly were, in full."""

    assignment_id: AssignmentId
    corrects: EventId
    person: PersonId
    since: Instant
    until: Instant | None


class ResponsibilityWithdrawn(Event, name="responsibility.withdrawn", about=ASSIGNMENT, occurs=None):
    """An assignment should never have been recorded."""

    assignment_id: AssignmentId
    corrects: EventId


class DelegationGranted(Event, name="responsibility.delegation-granted", opens=DELEGATION, occurs=None):
    """Somebody acts for the holder of an assignment over `[since, until)`; the holder stays accountable."""

    delegation_id: DelegationId
    assignment_id: AssignmentId
    to_person: PersonId
    since: Instant
    until: Instant


class DelegationRevoked(Event, name="responsibility.delegation-revoked", about=DELEGATION, occurs=None):
    """A delegation ends early at `until`; at its own start it never took effect."""

    delegation_id: DelegationId
    assignment_id: AssignmentId
    until: Instant


def _not_retroactive(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "retroactive": False}


def _moves_not_asked(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "moves": None}


class HandoverProposed(
    Event,
    name="responsibility.handover-proposed",
    opens=HANDOVER,
    occurs=None,
    turns=(Turn("proposed"),),
    derived=("inventory", "retroactive", "moves"),
    version=3,
    upcasters={1: _not_retroactive, 2: _moves_not_asked},
):
    """The holder of an assignment is to be succeeded, with the open items frozen as an inventory."""

    handover_id: HandoverId
    assignment_id: AssignmentId
    from_person: PersonId
    to_person: PersonId
    effective_at: Instant
    inventory: tuple[InventoryItem, ...]
    retroactive: bool = False
    """Whether it was to take effect in the past when it was proposed; the reason stands in the envelope."""
    moves: Moves | None = None
    """The figures that it moves; none where it is not in the past, or where nobody asked."""


class HandoverAccepted(
    Event, name="responsibility.handover-accepted", about=HANDOVER, occurs=None, turns=(Turn("accepted"),)
):
    """The successor takes over; the ends and assignments that follow from it are recorded with it."""

    handover_id: HandoverId
    inventory: tuple[InventoryItem, ...]
    """The items still open at acceptance, with what was overdue at the effective time."""


class HandoverDeclined(
    Event, name="responsibility.handover-declined", about=HANDOVER, occurs=None, turns=(Turn("declined"),)
):
    """The proposed successor does not take over."""

    handover_id: HandoverId


class HandoverCancelled(
    Event, name="responsibility.handover-cancelled", about=HANDOVER, occurs=None, turns=(Turn("cancelled"),)
):
    """The proposal is taken back."""

    handover_id: HandoverId


class HandoverLapsed(
    Event, name="responsibility.handover-lapsed", about=HANDOVER, occurs=None, turns=(Turn("lapsed"),)
):
    """The assignment that was to be handed over ended, or was withdrawn, before anybody answered."""

    handover_id: HandoverId


ResponsibilityEvent = (
    ResponsibilityAssigned
    | ResponsibilityEnded
    | ResponsibilityCorrected
    | ResponsibilityWithdrawn
    | DelegationGranted
    | DelegationRevoked
    | HandoverProposed
    | HandoverAccepted
    | HandoverDeclined
    | HandoverCancelled
    | HandoverLapsed
)
