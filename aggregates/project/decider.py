"""The project's decider: every command and event goes to its slice."""

from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.project import acceptance, initiation
from aggregates.project.state import Project
from aggregates.refusal import Refused
from aggregates.responsibility import decider as responsibility
from commands.catalogue import ProjectCommand
from commands.project.acceptance import AcceptanceCommand
from commands.project.initiation import InitiationCommand, ProposeProject
from commands.responsibility import ResponsibilityCommand
from events.catalogue import AnyEvent, ProjectEvent
from events.project.acceptance import AcceptanceEvent
from events.project.initiation import InitiationEvent
from events.responsibility import ResponsibilityEvent


def decide(command: ProjectCommand, state: Project, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if not state.registered and not isinstance(command, ProposeProject):
        raise Refused("project.not-proposed")
    if isinstance(command, ResponsibilityCommand):
        return responsibility.decide(command, state, circumstances)
    if isinstance(command, InitiationCommand):
        return initiation.decide(command, state, circumstances)
    if isinstance(command, AcceptanceCommand):
        return acceptance.decide(command, state, circumstances)
    assert_never(command)


def evolve(state: Project, event: ProjectEvent) -> Project:
    """The state after an event."""
    if isinstance(event, ResponsibilityEvent):
        return replace(state, version=state.version + 1, responsibilities=responsibility.evolve(state, event))
    if isinstance(event, InitiationEvent):
        return initiation.evolve(state, event)
    if isinstance(event, AcceptanceEvent):
        return acceptance.evolve(state, event)
    assert_never(event)
