"""Orders about the company's rules: each publishes a new edition in full."""

from typing import Annotated

from pydantic import Field

from commands.base import Command
from events.vocabulary.policies import CadenceRule, Level, Role
from events.vocabulary.values import Instant
from events.vocabulary.working_calendar import WorkingCalendar


class PublishRoleCatalogue(Command):
    """Publish the roles from now on."""

    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class PublishServiceLevels(Command):
    """Publish the service levels for complaints received from `since` on."""

    since: Instant
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]


class PublishWorkingCalendar(Command):
    """Publish the working days and hours."""

    calendar: WorkingCalendar


class PublishCadence(Command):
    """Publish how often customers are to be contacted from `since` on."""

    since: Instant
    rules: Annotated[tuple[CadenceRule, ...], Field(min_length=1)]


RulesCommand = PublishRoleCatalogue | PublishServiceLevels | PublishWorkingCalendar | PublishCadence
