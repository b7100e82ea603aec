"""What a rule may know beyond its own stream: the time, who acts, the company's rules, and who exists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from aggregates.policy.state import Policy
from aggregates.refusal import Refused
from commands.base import Command
from events.base import Event
from events.vocabulary.identifiers import CustomerId, PersonId

TOLERANCE = timedelta(minutes=5)
"""How far clocks may differ: an instant that is off by less is now."""
_FURTHEST_EAST = timedelta(hours=14)
"""Where a day begins first."""


class Employee(Protocol):
    """A person, as the rules of other streams see them."""

    @property
    def registered(self) -> bool:
        """Whether the person is in the directory."""
        ...

    @property
    def inactive_since(self) -> datetime | None:
        """When the person left; none who has not."""
        ...


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The world at the moment of decision."""

    now: datetime
    policy: Callable[[], Policy]
    """The company's rules."""
    person: Callable[[PersonId], Employee]
    """The remembered state of a person; an empty one where nobody of that id was registered."""
    customer_exists: Callable[[CustomerId], bool]
    recorded: Callable[[int], Event]
    """The event at a version of the stream itself, as it was recorded."""
    actor: PersonId | None = None
    """Who gives the command; none where that is the administrator or a process of ours."""
    on_behalf_of: PersonId | None = None
    imported: bool = False
    """Whether the command comes from a file, and brings its provenance."""

    def decided_at(self, command: Command) -> datetime:
        """When the order was given in the business: `occurred_at`, else now."""
        return command.occurred_at or self.now

    def is_past(self, at: datetime) -> bool:
        """Whether an instant lies in the past."""
        return at < self.now - TOLERANCE

    def is_ahead(self, happened: datetime | date | None) -> bool:
        """Whether an instant, or a day wherever on earth, still lies ahead."""
        if happened is None:
            return False
        if isinstance(happened, datetime):
            return happened > self.now + TOLERANCE
        return happened > (self.now + TOLERANCE + _FURTHEST_EAST).date()

    def require_reason(self, command: Command, at: datetime, field: str) -> None:
        """Refuse to change the past without saying why."""
        if self.is_past(at) and command.reason is None and not self.imported:
            raise Refused("reason.required", field)

    def require_person(self, person: PersonId | None, field: str) -> None:
        """Refuse somebody who was never registered."""
        if person is not None and not self.person(person).registered:
            raise Refused("person.unknown", field)

    def require_active(self, person: PersonId, field: str, at: datetime) -> None:
        """Refuse somebody who was never registered or has left by `at`."""
        self.require_person(person, field)
        left = self.person(person).inactive_since
        if left is not None and left <= at:
            raise Refused("person.inactive", field)

    def require_stays(self, person: PersonId, field: str, until: datetime | None) -> None:
        """Refuse to let somebody hold something beyond the day they leave; `until` is excluded, none is for ever."""
        left = self.person(person).inactive_since
        if left is not None and (until is None or until > left):
            raise Refused("person.leaves-before", field)
