"""The person directory."""

from events.base import Event
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Code, Instant, Label


class PersonRegistered(Event, name="person.registered"):
    """Somebody works for the company."""

    name: Label
    department: Code | None
    manager: PersonId | None
    skills: tuple[Label, ...]
    email: Label | None
    phone: Label | None


class PersonMovedDepartment(Event, name="person.moved-department"):
    """Somebody works in another department from `since` on."""

    department: Code
    manager: PersonId | None
    since: Instant


class PersonDeactivated(Event, name="person.deactivated"):
    """Somebody left; the record stays."""

    since: Instant
