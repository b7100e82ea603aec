"""The rules of how a project starts."""

from datetime import datetime
from typing import Literal, assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.fingerprint import fingerprint
from aggregates.project.state import Project
from aggregates.refusal import Refused
from commands.project.initiation import ApproveProject, InitiationCommand, ProposeProject, RejectProject
from events.catalogue import AnyEvent
from events.project.initiation import InitiationEvent, ProjectApproved, ProjectProposed, ProjectRejected


def decide(command: InitiationCommand, state: Project, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    match command:
        case ProposeProject():
            return _propose(command, state, circumstances)
        case ApproveProject():
            return [ProjectApproved(at=command.at)] if _undecided(state, "approved", command.at) else []
        case RejectProject():
            return [ProjectRejected(at=command.at)] if _undecided(state, "rejected", command.at) else []
        case _:
            assert_never(command)


def _propose(command: ProposeProject, state: Project, circumstances: Circumstances) -> list[AnyEvent]:
    event = ProjectProposed(
        customer=command.customer,
        name=command.name,
        goal=command.goal,
        budget=command.budget,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    if state.proposal == fingerprint(event):
        return []
    if state.registered:
        raise Refused("project.already-proposed")
    if not circumstances.customer_exists(command.customer):
        raise Refused("customer.unknown", "customer")
    if command.starts_on and command.ends_on and command.ends_on < command.starts_on:
        raise Refused("interval.inverted", "ends_on")
    return [event]


def _undecided(state: Project, decision: Literal["approved", "rejected"], at: datetime) -> bool:
    if (state.decision, state.decided_at) == (decision, at):
        return False
    if state.decision is not None:
        raise Refused(f"project.already-{state.decision}")
    return True


def evolve(state: Project, event: InitiationEvent) -> Project:
    """The state after an event."""
    match event:
        case ProjectProposed():
            return replace(state, version=state.version + 1, proposal=fingerprint(event))
        case ProjectApproved():
            return replace(state, version=state.version + 1, decision="approved", decided_at=event.at)
        case ProjectRejected():
            return replace(state, version=state.version + 1, decision="rejected", decided_at=event.at)
        case _:
            assert_never(event)
