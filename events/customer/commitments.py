"""Promises between us and the customer."""

from events.base import Event
from events.vocabulary.identifiers import CommitmentId, EventId, PersonId
from events.vocabulary.values import Instant, Label, Prose, Side


class CommitmentMade(Event, name="customer.commitment-made"):
    """One side promised something by a stated time."""

    commitment_id: CommitmentId
    text: Prose
    due_at: Instant
    by: Side
    made_at: Instant
    promised_by: PersonId | None
    """Who of ours said it."""
    promised_to: Label | None
    origin: Label | None
    """Where it was promised, for example `visit:ID`."""


class CommitmentRescheduled(Event, name="customer.commitment-rescheduled"):
    """A promise got a new due time; the old one stays part of its slippage."""

    commitment_id: CommitmentId
    due_at: Instant
    previous_due_at: Instant
    agreed: bool
    """Whether the customer agreed."""
    rescheduled_at: Instant | None = None
    """When it was agreed or announced; none: at the envelope's `occurred_at`, else when it was recorded."""


class CommitmentFulfilled(Event, name="customer.commitment-fulfilled"):
    """A promise was kept at `fulfilled_at`."""

    commitment_id: CommitmentId
    fulfilled_at: Instant


class CommitmentWaived(Event, name="customer.commitment-waived"):
    """The other side released the promise."""

    commitment_id: CommitmentId
    waived_at: Instant
    excused_because: Prose | None = None
    """Why a due time that had passed by then is excused; none: it stays missed."""


class CommitmentCorrected(Event, name="customer.commitment-corrected"):
    """A promise was recorded wrongly: as it truly was, in full."""

    commitment_id: CommitmentId
    corrects: EventId
    text: Prose
    due_at: Instant
    by: Side
    promised_by: PersonId | None
    promised_to: Label | None


class CommitmentFellDue(Event, name="customer.commitment-fell-due"):
    """A promise that was still open reached its due time."""

    commitment_id: CommitmentId
    due_at: Instant
