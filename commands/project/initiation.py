"""Orders about how a project starts."""

from datetime import date

from commands.base import Command
from events.vocabulary.identifiers import CustomerId
from events.vocabulary.values import Instant, Label, Money, Prose


class ProposeProject(Command):
    """Propose a delivery for a customer."""

    customer: CustomerId
    name: Label
    goal: Prose | None = None
    budget: Money | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class ApproveProject(Command):
    """Approve the project."""

    at: Instant


class RejectProject(Command):
    """Turn the project down."""

    at: Instant
    reason: Prose


InitiationCommand = ProposeProject | ApproveProject | RejectProject
