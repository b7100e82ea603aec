"""What a rule may know beyond its own stream: the time, the company's rules, and who exists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aggregates.person.state import Person
from aggregates.policy.state import Policy
from aggregates.refusal import Refused
from commands.base import Command
from events.vocabulary.identifiers import CustomerId, PersonId


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The world at the moment of decision."""

    now: datetime
    policy: Callable[[], Policy]
    """The company's rules."""
    person: Callable[[PersonId], Person]
    """The remembered state of a person; an empty one where nobody of that id was registered."""
    customer_exists: Callable[[CustomerId], bool]

    def decided_at(self, command: Command) -> datetime:
        """When the order was given in the business: `occurred_at`, else now."""
        return command.occurred_at or self.now

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
