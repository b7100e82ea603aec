"""Orders about the person directory."""

from pydantic import Field

from commands.base import Command, Short
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Code, Instant, OwnLabel, PlainLabel


class RegisterPerson(Command):
    """Enter somebody who works for the company."""

    name: OwnLabel
    """Name of the person."""
    department: Code | None = Field(default=None, examples=["east_team"])
    """Code of the department."""
    manager: PersonId | None = None
    """Id of the superior."""
    skills: Short[tuple[PlainLabel, ...]] = Field(default=(), examples=[["PLC"]])
    """What the person can do."""
    email: OwnLabel | None = Field(default=None, examples=["lin@example.com"])
    """Mail address."""
    phone: OwnLabel | None = Field(default=None, examples=["+86 21 5555 0100"])
    """Telephone number."""


class MoveDepartment(Command):
    """Let somebody work in another department from `since` on."""

    department: Code = Field(examples=["east_team"])
    """Code of the department."""
    manager: PersonId | None = None
    """Id of the superior."""
    since: Instant
    """Start, included."""


class DeactivatePerson(Command):
    """Record that somebody left."""

    since: Instant
    """Start, included."""


DirectoryCommand = RegisterPerson | MoveDepartment | DeactivatePerson
