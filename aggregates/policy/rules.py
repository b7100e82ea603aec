"""The rules for publishing rules: every edition is complete, repeats are not recorded."""

from typing import assert_never

from aggregates.changing import replace
from aggregates.policy.editions import Editions
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.policy.rules import (
    PublishCadence,
    PublishRoleCatalogue,
    PublishServiceLevels,
    PublishWorkingCalendar,
    RulesCommand,
)
from events.catalogue import PolicyEvent
from events.policy.cadence import CadencePublished
from events.policy.calendars import WorkingCalendarPublished
from events.policy.roles import RoleCataloguePublished
from events.policy.service_levels import ServiceLevelsPublished


def decide(command: RulesCommand, mine: Editions, _policy: object, _circumstances: object) -> list[PolicyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    match command:
        case PublishRoleCatalogue():
            if len({role.code for role in command.roles}) < len(command.roles):
                raise Refused("policy.repeated", "roles")
            if tuple(mine.roles.values()) == command.roles:
                return []
            return [RoleCataloguePublished(edition=mine.catalogues + 1, roles=command.roles)]
        case PublishServiceLevels():
            if len({(level.tier, level.severity) for level in command.levels}) < len(command.levels):
                raise Refused("policy.repeated", "levels")
            levels = ServiceLevelsPublished(
                edition=len(mine.service_levels) + 1, since=command.since, levels=command.levels
            )
            newest = mine.service_levels[-1:]
            if newest and newest[0].model_copy(update={"edition": levels.edition}) == levels:
                return []
            return [levels]
        case PublishWorkingCalendar():
            if command.calendar in mine.calendars[-1:]:
                return []
            return [WorkingCalendarPublished(edition=len(mine.calendars) + 1, calendar=command.calendar)]
        case PublishCadence():
            if len({rule.tier for rule in command.rules}) < len(command.rules):
                raise Refused("policy.repeated", "rules")
            latest = mine.cadence
            edition = latest.edition if latest else 0
            cadence = CadencePublished(edition=edition + 1, since=command.since, rules=command.rules)
            return [] if cadence.model_copy(update={"edition": edition}) == latest else [cadence]
        case _:
            assert_never(command)


def evolve(mine: Editions, event: PolicyEvent, _version: int) -> Editions:
    """The editions after an event."""
    match event:
        case RoleCataloguePublished():
            return replace(mine, catalogues=event.edition, roles={role.code: role for role in event.roles})
        case ServiceLevelsPublished():
            return replace(mine, service_levels=(*mine.service_levels, event))
        case WorkingCalendarPublished():
            return replace(mine, calendars=(*mine.calendars, event.calendar))
        case CadencePublished():
            return replace(mine, cadence=event)
        case _:
            assert_never(event)


SLICE = Slice("editions", RulesCommand, PolicyEvent, decide, evolve)
