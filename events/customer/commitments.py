"""Promises between us and the customer."""

from typing import Any

from events.base import Event
from events.vocabulary.identifiers import CommitmentId, EventId, PersonId
from events.vocabulary.items import COMMITMENT, Turn
from events.vocabulary.values import Instant, PersonalLabel, PersonalProse, PlainLabel, Side


class CommitmentMade(
    Event, name="customer.commitment-made", opens=COMMITMENT, occurs="made_at", turns=(Turn("open", due="due_at"),)
):
    """One side promised something by a stated time."""

    commitment_id: CommitmentId
    text: PersonalProse
    due_at: Instant
    by: Side
    made_at: Instant
    promised_by: PersonId | None
    """Who of ours said it."""
    promised_to: PersonalLabel | None
    origin: PlainLabel | None
    """Where it was promised, for example `visit:ID`."""


def _without_its_instant(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "rescheduled_at": None}


class CommitmentRescheduled(
    Event,
    name="customer.commitment-rescheduled",
    about=COMMITMENT,
    occurs="rescheduled_at",
    turns=(Turn(due="due_at", binding="agreed"),),
    version=2,
    upcasters={1: _without_its_instant},
    derived=("previous_due_at",),
):
    """A promise got a new due time; the old one stays part of its slippage."""

    commitment_id: CommitmentId
    due_at: Instant
    previous_due_at: Instant
    agreed: bool
    """Whether the customer agreed; without that the new due time binds nobody."""
    rescheduled_at: Instant | None = None
    """When; of those recorded before this was asked, only the envelope can tell."""


class CommitmentFulfilled(
    Event,
    name="customer.commitment-fulfilled",
    about=COMMITMENT,
    occurs="fulfilled_at",
    turns=(Turn("fulfilled"),),
):
    """A promise was kept at `fulfilled_at`."""

    commitment_id: CommitmentId
    fulfilled_at: Instant


def _without_excuse(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "excused_because": None}


class CommitmentWaived(
    Event,
    name="customer.commitment-waived",
    about=COMMITMENT,
    occurs="waived_at",
    turns=(Turn("waived"),),
    version=2,
    upcasters={1: _without_excuse},
):
    """The other side released the promise."""

    commitment_id: CommitmentId
    waived_at: Instant
    excused_because: PersonalProse | None = None
    """Why a miss that came before it is excused; none where it is not."""


class CommitmentCorrected(
    Event,
    name="customer.commitment-corrected",
    about=COMMITMENT,
    occurs=None,
    turns=(Turn(due="due_at", amends=True),),
):
    """A promise was recorded wrongly: as it truly was, in full."""

    commitment_id: CommitmentId
    corrects: EventId
    text: PersonalProse
    due_at: Instant
    by: Side
    promised_by: PersonId | None
    promised_to: PersonalLabel | None


class CommitmentFellDue(
    Event,
    name="customer.commitment-fell-due",
    about=COMMITMENT,
    occurs="due_at",
    turns=(Turn(noted="due_at"),),
    noted=True,
):
    """A promise that was still open reached its due time."""

    commitment_id: CommitmentId
    due_at: Instant


CommitmentEvent = (
    CommitmentMade
    | CommitmentRescheduled
    | CommitmentFulfilled
    | CommitmentWaived
    | CommitmentCorrected
    | CommitmentFellDue
)
