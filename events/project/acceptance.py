"""How a delivery is accepted: checked, asked for, decided, rectified until accepted."""

from events.base import Event
from events.vocabulary.values import Instant, Label, Outcome, Prose


class SelfCheckPassed(Event, name="project.self-check-passed"):
    """Our own check before acceptance was passed."""

    at: Instant


class AcceptanceRequested(Event, name="project.acceptance-requested"):
    """The customer was asked to accept."""

    at: Instant


class AcceptanceRecorded(Event, name="project.acceptance-recorded"):
    """The customer accepted or rejected, criterion by criterion."""

    at: Instant
    outcome: Outcome
    quality: Outcome
    quantity: Outcome
    delivery_time: Outcome
    service_level: Outcome
    report: Prose
    signed_by: Label


class RectificationOrdered(Event, name="project.rectification-ordered"):
    """What was rejected is to be put right by a stated time."""

    at: Instant
    content: Prose
    due_at: Instant


class RectificationSubmitted(Event, name="project.rectification-submitted"):
    """What was rejected was put right."""

    at: Instant
    content: Prose
