"""Orders about the person directory."""

from commands.base import Command
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Code, Instant, Label


class RegisterPerson(Command):
    """Enter somebody who works for the company."""

    name: Label
    department: Code | None = None
    manager: PersonId | None = None
    skills: tuple[Label, ...] = ()
    email: Label | None = None
    phone: Label | None = None


class MoveDepartment(Command):
    """Let somebody work in another department from `since` on."""

    department: Code
    manager: PersonId | None = None
    since: Instant


class DeactivatePerson(Command):
    """Record that somebody left."""

    since: Instant


DirectoryCommand = RegisterPerson | MoveDepartment | DeactivatePerson
