"""How a project starts."""

from datetime import date

from events.base import Event
from events.vocabulary.identifiers import CustomerId
from events.vocabulary.items import ACCEPTANCE, PROJECT, Turn
from events.vocabulary.values import Instant, Money, PersonalProse, PlainLabel


class ProjectProposed(
    Event, name="project.proposed", occurs=None, turns=(Turn("proposed", of=PROJECT), Turn("none", of=ACCEPTANCE))
):
    """A delivery for a customer was proposed."""

    customer: CustomerId
    name: PlainLabel
    goal: PersonalProse | None
    budget: Money | None
    starts_on: date | None
    ends_on: date | None


class ProjectApproved(Event, name="project.approved", occurs="at", turns=(Turn("approved", of=PROJECT),)):
    """Leadership approved the project."""

    at: Instant


class ProjectRejected(Event, name="project.rejected", occurs="at", turns=(Turn("rejected", of=PROJECT),)):
    """Leadership turned the project down."""

    at: Instant


InitiationEvent = ProjectProposed | ProjectApproved | ProjectRejected
