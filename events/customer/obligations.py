"""The dated duties of either side that a contract states."""

from events.base import Event
from events.vocabulary.identifiers import ContractId, ObligationId, PersonId
from events.vocabulary.items import OBLIGATION, Turn
from events.vocabulary.values import Instant, Measure, PersonalProse, PlainLabel, PlainProse, Side, Target


class ObligationUndertaken(
    Event,
    name="customer.obligation-undertaken",
    opens=OBLIGATION,
    occurs="undertaken_at",
    turns=(Turn("open", due="due_at"),),
    hands="owner",
):
    """One side is to do something by a stated time, under a clause of a contract."""

    obligation_id: ObligationId
    contract_id: ContractId
    clause: PlainLabel
    text: PlainProse
    by: Side
    due_at: Instant
    undertaken_at: Instant
    owner: PersonId | None
    """Who of ours sees to it, be it that the customer does it."""
    target: Target | None


class ObligationWaitingStarted(
    Event,
    name="customer.obligation-waiting-started",
    about=OBLIGATION,
    occurs="at",
    turns=(Turn("waiting", pauses=True),),
):
    """The next step is the customer's: the due time stands still."""

    obligation_id: ObligationId
    at: Instant


class ObligationWaitingStopped(
    Event,
    name="customer.obligation-waiting-stopped",
    about=OBLIGATION,
    occurs="at",
    turns=(Turn("open", due="due_at"),),
    derived=("due_at",),
):
    """The next step is ours again: what was lost is added to the due time."""

    obligation_id: ObligationId
    at: Instant
    due_at: Instant


class ObligationPerformed(
    Event, name="customer.obligation-performed", about=OBLIGATION, occurs="at", turns=(Turn("performed"),)
):
    """The duty was done."""

    obligation_id: ObligationId
    at: Instant
    measured: Measure | None
    content: PersonalProse | None


class BreachDeclared(
    Event,
    name="customer.obligation-breached",
    about=OBLIGATION,
    occurs="at",
    turns=(Turn("breached", due="cure_due_at"),),
):
    """One side says that the duty was not done; it may still be made good by a stated time."""

    obligation_id: ObligationId
    at: Instant
    content: PersonalProse
    cure_due_at: Instant | None


class BreachCured(
    Event, name="customer.obligation-breach-cured", about=OBLIGATION, occurs="at", turns=(Turn("cured"),)
):
    """The breach was made good."""

    obligation_id: ObligationId
    at: Instant
    content: PersonalProse


class ObligationFellDue(
    Event,
    name="customer.obligation-fell-due",
    about=OBLIGATION,
    occurs="due_at",
    turns=(Turn(noted="due_at"),),
    noted=True,
):
    """A duty that was still open reached its due time."""

    obligation_id: ObligationId
    due_at: Instant


ObligationEvent = (
    ObligationUndertaken
    | ObligationWaitingStarted
    | ObligationWaitingStopped
    | ObligationPerformed
    | BreachDeclared
    | BreachCured
    | ObligationFellDue
)
