"""Orders about the company's rules: each publishes a new edition in full."""

from typing import Annotated

from pydantic import Field

from commands.base import AtMost, Command, Short
from events.vocabulary.policies import CadenceRule, Level, Role
from events.vocabulary.values import Instant
from events.vocabulary.working_calendar import WorkingCalendar


class PublishRoleCatalogue(Command):
    """Publish the roles from now on."""

    roles: Short[tuple[Role, ...]] = Field(min_length=1)
    """Every role."""


class PublishServiceLevels(Command):
    """Publish the service levels for complaints received from `since` on."""

    since: Instant
    """Start, included."""
    levels: Short[tuple[Level, ...]] = Field(min_length=1)
    """Every service level."""


class PublishWorkingCalendar(Command):
    """Publish the working days and hours."""

    calendar: Annotated[
        WorkingCalendar, AtMost({"shifts": 24, "known_years": 200, "holidays": 2_500, "working_weekends": 1_000})
    ]
    """The whole calendar."""


class PublishCadence(Command):
    """Publish how often customers are to be contacted from `since` on."""

    since: Instant
    """Start, included."""
    rules: Short[tuple[CadenceRule, ...]] = Field(min_length=1)
    """Every rule."""


RulesCommand = PublishRoleCatalogue | PublishServiceLevels | PublishWorkingCalendar | PublishCadence
