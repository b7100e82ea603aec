"""Orders about how a project starts."""

from pydantic import Field

from commands.base import Command
from events.vocabulary.identifiers import CustomerId
from events.vocabulary.values import Day, Instant, Money, PersonalProse, PlainLabel, Reason


class ProposeProject(Command):
    """Propose a delivery for a customer."""

    customer: CustomerId
    """Id of the customer."""
    name: PlainLabel = Field(examples=["三号线自动化改造"])
    """Name of the project."""
    goal: PersonalProse | None = Field(default=None, examples=["产能提高三成"])
    """What the project is to reach."""
    budget: Money | None = None
    """Budget in yuan, two decimals."""
    starts_on: Day | None = None
    """Planned first day."""
    ends_on: Day | None = Field(default=None, examples=["2025-12-31"])
    """Planned last day."""


class ApproveProject(Command):
    """Approve the project."""

    at: Instant
    """When it happened."""


class RejectProject(Command):
    """Turn the project down."""

    at: Instant
    """When it happened."""
    reason: Reason
    """Why, in the actor's words."""


InitiationCommand = ProposeProject | ApproveProject | RejectProject
