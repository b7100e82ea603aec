"""The person directory."""

from events.base import Event
from events.vocabulary.identifiers import PersonId
from events.vocabulary.items import PERSON, Turn
from events.vocabulary.values import Code, Instant, OwnLabel, PlainLabel


class PersonRegistered(Event, name="person.registered", occurs=None, turns=(Turn("active", of=PERSON),)):
    """Somebody works for the company."""

    name: OwnLabel
    department: Code | None
    manager: PersonId | None
    skills: tuple[PlainLabel, ...]
    email: OwnLabel | None
    phone: OwnLabel | None


class PersonMovedDepartment(Event, name="person.moved-department", occurs=None):
    """Somebody works in another department from `since` on."""

    department: Code
    manager: PersonId | None
    since: Instant


class PersonDeactivated(Event, name="person.deactivated", occurs="since", turns=(Turn("left", of=PERSON),)):
    """Somebody left; the record stays."""

    since: Instant


DirectoryEvent = PersonRegistered | PersonMovedDepartment | PersonDeactivated
