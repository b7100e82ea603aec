"""The project's rules: the slices, and what opens its ledger."""

from aggregates import streams
from aggregates.circumstances import Circumstances
from aggregates.project import acceptance, initiation
from aggregates.project.state import Project
from aggregates.refusal import Refused
from aggregates.responsibility import decider as responsibility
from aggregates.slices import routes
from commands.base import Command
from commands.project.initiation import ProposeProject
from events.base import Event
from events.catalogue import AnyEvent
from events.project.initiation import ProjectProposed

ROUTES = routes(ProjectProposed, initiation.SLICE, acceptance.SLICE, responsibility.SLICE)


def decide(command: Command, state: Project, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if not state.registered and not isinstance(command, ProposeProject):
        raise Refused("project.not-proposed")
    return streams.decide(command, state, circumstances, ROUTES)


def evolve(state: Project, event: Event) -> Project:
    """The state after an event."""
    after: Project = streams.evolve(state, event, ROUTES)
    return after
