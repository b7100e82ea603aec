"""Orders about the company's rules: each publishes a new edition in full."""

from pydantic import Field

from commands.base import Command
from events.vocabulary.policies import CadenceRule, Level, Role
from events.vocabulary.values import Instant
from events.vocabulary.working_calendar import WorkingCalendar


class PublishRoleCatalogue(Command):
    """Publish the roles from now on."""

    roles: tuple[Role, ...] = Field(min_length=1)
    """Every role."""


class PublishServiceLevels(Command):
    """Publish the service levels for complaints received from `since` on."""

    since: Instant
    """Start, included."""
    levels: tuple[Level, ...] = Field(min_length=1)
    """Every service level."""


class PublishWorkingCalendar(Command):
    """Publish the working days and hours."""

    calendar: WorkingCalendar
    """The whole calendar."""


class PublishCadence(Command):
    """Publish how often customers are to be contacted from `since` on."""

    since: Instant
    """Start, included."""
    rules: tuple[CadenceRule, ...] = Field(min_length=1)
    """Every rule."""


RulesCommand = PublishRoleCatalogue | PublishServiceLevels | PublishWorkingCalendar | PublishCadence
