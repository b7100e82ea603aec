"""How a delivery is accepted: checked, asked for, decided, rectified until accepted."""

from events.base import Event
from events.vocabulary.items import ACCEPTANCE, Turn
from events.vocabulary.values import Instant, Outcome, PersonalLabel, PersonalProse


class SelfCheckPassed(Event, name="project.self-check-passed", occurs="at", turns=(Turn("checked", of=ACCEPTANCE),)):
    """Our own check before acceptance was passed."""

    at: Instant


class AcceptanceRequested(
    Event, name="project.acceptance-requested", occurs="at", turns=(Turn("requested", of=ACCEPTANCE),)
):
    """The customer was asked to accept."""

    at: Instant


class AcceptanceRecorded(
    Event, name="project.acceptance-recorded", occurs="at", turns=(Turn(said="outcome", of=ACCEPTANCE),)
):
    """The customer accepted or rejected, criterion by criterion."""

    at: Instant
    outcome: Outcome
    quality: Outcome
    quantity: Outcome
    delivery_time: Outcome
    service_level: Outcome
    report: PersonalProse
    signed_by: PersonalLabel


class RectificationOrdered(
    Event, name="project.rectification-ordered", occurs="at", turns=(Turn("ordered", due="due_at", of=ACCEPTANCE),)
):
    """What was rejected is to be put right by a stated time."""

    at: Instant
    content: PersonalProse
    due_at: Instant


class RectificationSubmitted(
    Event, name="project.rectification-submitted", occurs="at", turns=(Turn("checked", settles=True, of=ACCEPTANCE),)
):
    """What was rejected was put right."""

    at: Instant
    content: PersonalProse


AcceptanceEvent = (
    SelfCheckPassed | AcceptanceRequested | AcceptanceRecorded | RectificationOrdered | RectificationSubmitted
)
