"""The people: the directory, with who belonged where at a time."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from projections.person.directory.questions import MEMBERSHIPS, ONE
from services.questions.asked import Asked, Single, Versioned, single
from services.questions.views import Moment, Views

VIEWS = ("people",)


class Person(Versioned):
    """An employee."""

    person_id: UUID = Field(description="Id of the person")
    name: str = Field(description="Name")
    department: str | None = Field(description="Code of the department at `effective_at`")
    manager: UUID | None = Field(description="The superior at `effective_at`")
    skills: list[str] = Field(description="Skills")
    email: str | None = Field(description="Mail address")
    phone: str | None = Field(description="Telephone number")
    inactive_since: datetime | None = Field(description="When the person left")
    active: bool = Field(description="Whether the person works here at `effective_at`")
    events: list[UUID] = Field(description="Ids of the events that prove it")


class PersonPage(Asked):
    """One page of people."""

    items: list[Person] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


class Membership(BaseModel):
    """A department and superior from an instant on."""

    department: str | None = Field(description="Code of the department")
    manager: UUID | None = Field(description="The superior")
    since: datetime | None = Field(description="From when on; null from the beginning on")
    event: UUID = Field(description="The event that says so")


class PersonAnswer(Single):
    """One employee."""

    person: Person = Field(description="The person as known")
    memberships: list[Membership] = Field(description="Every department the person belonged to, by start")


def person(views: Views, identifier: UUID, moment: Moment) -> PersonAnswer | None:
    """One person as known at the moment; none where nobody of that id was known."""
    parameters = {"id": identifier, "person": identifier, "at": moment.effective_at, "known": moment.known_position}
    rows = views.rows(ONE, parameters)
    if not rows:
        return None
    memberships = [Membership.model_validate(row) for row in views.rows(MEMBERSHIPS, parameters)]
    found = Person.model_validate(rows[0])
    return PersonAnswer(person=found, memberships=memberships, **single(f"person:{identifier}", rows[0], moment))
