"""The editions of the company's rules, as far as decisions read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from events.policy.cadence import CadencePublished
from events.policy.service_levels import ServiceLevelsPublished
from events.vocabulary.policies import Level, Role
from events.vocabulary.values import Code, Severity, Tier
from events.vocabulary.working_calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Editions:
    """Every edition that may still be asked for, newest last; of the cadence only the newest."""

    catalogues: int = 0
    roles: Mapping[Code, Role] = field(default_factory=dict)
    service_levels: tuple[ServiceLevelsPublished, ...] = ()
    calendars: tuple[WorkingCalendar, ...] = ()
    cadence: CadencePublished | None = None

    def role(self, code: Code) -> Role | None:
        """The role of the newest catalogue."""
        return self.roles.get(code)

    def calendar(self) -> WorkingCalendar | None:
        """The newest working calendar."""
        return self.calendars[-1] if self.calendars else None

    def level(self, tier: Tier | None, severity: Severity, at: datetime) -> tuple[int, Level] | None:
        """Edition and service level in force at an instant; one for the tier goes before one for all."""
        in_force = [published for published in self.service_levels if published.since <= at]
        if not in_force:
            return None
        published = max(in_force, key=lambda one: (one.since, one.edition))
        for wanted in (tier, None):
            for level in published.levels:
                if level.tier == wanted and level.severity == severity:
                    return published.edition, level
        return None
