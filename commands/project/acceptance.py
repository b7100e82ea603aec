"""Orders about how a delivery is accepted."""

from pydantic import Field

from commands.base import Command
from events.vocabulary.values import Instant, Later, Outcome, PersonalLabel, PersonalProse


class PassSelfCheck(Command):
    """Record that our own check before acceptance was passed."""

    at: Instant
    """When it happened."""


class RequestAcceptance(Command):
    """Ask the customer to accept."""

    at: Instant
    """When it happened."""


class RecordAcceptance(Command):
    """Record the customer's decision, criterion by criterion, with the signed report."""

    at: Instant
    """When it happened."""
    outcome: Outcome
    """The decision as a whole."""
    quality: Outcome
    """The decision on quality."""
    quantity: Outcome
    """The decision on quantity."""
    delivery_time: Outcome
    """The decision on the delivery time."""
    service_level: Outcome
    """The decision on the service level."""
    report: PersonalProse = Field(examples=["验收报告 2025-12：四项全部合格"])
    """The signed acceptance report."""
    signed_by: PersonalLabel
    """Who of the customer signed."""


class OrderRectification(Command):
    """Order that what was rejected is put right by a stated time."""

    at: Instant
    """When it happened."""
    content: PersonalProse = Field(examples=["接地电阻超标，须重做接地"])
    """What is to be put right."""
    due_at: Later
    """By when."""


class SubmitRectification(Command):
    """Record that what was rejected was put right."""

    at: Instant
    """When it happened."""
    content: PersonalProse = Field(examples=["已重做接地，实测合格"])
    """What was put right."""


AcceptanceCommand = PassSelfCheck | RequestAcceptance | RecordAcceptance | OrderRectification | SubmitRectification
