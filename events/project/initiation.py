"""How a project starts."""

from datetime import date

from events.base import Event
from events.vocabulary.identifiers import CustomerId
from events.vocabulary.values import Instant, Label, Money, Prose


class ProjectProposed(Event, name="project.proposed"):
    """A delivery for a customer was proposed."""

    customer: CustomerId
    name: Label
    goal: Prose | None
    budget: Money | None
    starts_on: date | None
    ends_on: date | None


class ProjectApproved(Event, name="project.approved"):
    """Leadership approved the project."""

    at: Instant


class ProjectRejected(Event, name="project.rejected"):
    """Leadership turned the project down."""

    at: Instant
