"""The rules for publishing rules: every edition is complete, repeats are not recorded."""

from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.policy.state import Policy
from aggregates.refusal import Refused
from commands.catalogue import PolicyCommand
from commands.policy.rules import PublishCadence, PublishRoleCatalogue, PublishServiceLevels, PublishWorkingCalendar
from events.catalogue import AnyEvent, PolicyEvent
from events.policy.cadence import CadencePublished
from events.policy.calendars import WorkingCalendarPublished
from events.policy.roles import RoleCataloguePublished
from events.policy.service_levels import ServiceLevelsPublished
from events.vocabulary.identifiers import COMPANY_POLICY, stream_id


def decide(command: PolicyCommand, state: Policy, _circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if state.stream != stream_id("policy", COMPANY_POLICY):
        raise Refused("policy.unknown")
    match command:
        case PublishRoleCatalogue():
            if len({role.code for role in command.roles}) < len(command.roles):
                raise Refused("policy.repeated", "roles")
            if tuple(state.roles.values()) == command.roles:
                return []
            return [RoleCataloguePublished(edition=state.catalogues + 1, roles=command.roles)]
        case PublishServiceLevels():
            if len({(level.tier, level.severity) for level in command.levels}) < len(command.levels):
                raise Refused("policy.repeated", "levels")
            levels = ServiceLevelsPublished(
                edition=len(state.service_levels) + 1, since=command.since, levels=command.levels
            )
            newest = state.service_levels[-1:]
            if newest and newest[0].model_copy(update={"edition": levels.edition}) == levels:
                return []
            return [levels]
        case PublishWorkingCalendar():
            if command.calendar in state.calendars[-1:]:
                return []
            return [WorkingCalendarPublished(edition=len(state.calendars) + 1, calendar=command.calendar)]
        case PublishCadence():
            if len({rule.tier for rule in command.rules}) < len(command.rules):
                raise Refused("policy.repeated", "rules")
            latest = state.cadence
            edition = latest.edition if latest else 0
            cadence = CadencePublished(edition=edition + 1, since=command.since, rules=command.rules)
            return [] if cadence.model_copy(update={"edition": edition}) == latest else [cadence]
        case _:
            assert_never(command)


def evolve(state: Policy, event: PolicyEvent) -> Policy:
    """The state after an event."""
    version = state.version + 1
    match event:
        case RoleCataloguePublished():
            roles = {role.code: role for role in event.roles}
            return replace(state, version=version, catalogues=event.edition, roles=roles)
        case ServiceLevelsPublished():
            return replace(state, version=version, service_levels=(*state.service_levels, event))
        case WorkingCalendarPublished():
            return replace(state, version=version, calendars=(*state.calendars, event.calendar))
        case CadencePublished():
            return replace(state, version=version, cadence=event)
        case _:
            assert_never(event)
