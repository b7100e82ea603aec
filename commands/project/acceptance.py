"""Orders about how a delivery is accepted."""

from commands.base import Command
from events.vocabulary.values import Instant, Label, Outcome, Prose


class PassSelfCheck(Command):
    """Record that our own check before acceptance was passed."""

    at: Instant


class RequestAcceptance(Command):
    """Ask the customer to accept."""

    at: Instant


class RecordAcceptance(Command):
    """Record the customer's decision, criterion by criterion, with the signed report."""

    at: Instant
    outcome: Outcome
    quality: Outcome
    quantity: Outcome
    delivery_time: Outcome
    service_level: Outcome
    report: Prose
    signed_by: Label


class OrderRectification(Command):
    """Order that what was rejected is put right by a stated time."""

    at: Instant
    content: Prose
    due_at: Instant


class SubmitRectification(Command):
    """Record that what was rejected was put right."""

    at: Instant
    content: Prose


AcceptanceCommand = PassSelfCheck | RequestAcceptance | RecordAcceptance | OrderRectification | SubmitRectification
