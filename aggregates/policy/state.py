"""What decisions remember of the company's rules: the states of its slices."""

from dataclasses import dataclass, field
from datetime import datetime

from aggregates.policy.editions import Editions
from events.vocabulary.identifiers import StreamId
from events.vocabulary.policies import Level, Role
from events.vocabulary.values import Code, Severity, Tier
from events.vocabulary.working_calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Policy:
    """The company's rules."""

    stream: StreamId
    version: int = 0
    editions: Editions = field(default_factory=Editions)

    @property
    def calendars(self) -> tuple[WorkingCalendar, ...]:
        """Every edition of the working calendar."""
        return self.editions.calendars

    def role(self, code: Code) -> Role | None:
        """The role of the newest catalogue."""
        return self.editions.role(code)

    def calendar(self) -> WorkingCalendar | None:
        """The newest working calendar."""
        return self.editions.calendar()

    def level(self, tier: Tier | None, severity: Severity, at: datetime) -> tuple[int, Level] | None:
        """Edition and service level in force at an instant; one for the tier goes before one for all."""
        return self.editions.level(tier, severity, at)
