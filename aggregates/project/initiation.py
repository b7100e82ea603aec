"""The rules of how a project starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.histories import Told
from aggregates.project.delivery import Delivery
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.project.initiation import ApproveProject, InitiationCommand, ProposeProject, RejectProject
from events.project.initiation import InitiationEvent, ProjectApproved, ProjectProposed, ProjectRejected


@dataclass(frozen=True, slots=True)
class Initiation:
    """What is remembered of how a project started."""

    proposal: Fingerprint | None = None
    decision: Literal["approved", "rejected"] | None = None
    decided_at: datetime | None = None


def decide(
    command: InitiationCommand, mine: Initiation, project: Delivery, circumstances: Circumstances
) -> list[InitiationEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    event: InitiationEvent
    match command:
        case ProposeProject():
            return _propose(command, mine, project, circumstances)
        case ApproveProject():
            event, so = ProjectApproved(at=command.at), "approved"
        case RejectProject():
            event, so = ProjectRejected(at=command.at), "rejected"
        case _:
            assert_never(command)
    if (mine.decision, mine.decided_at) == (so, command.at):
        return []
    return [settle(event, event, mine, (), project, circumstances)]


def _propose(
    command: ProposeProject, mine: Initiation, project: Delivery, circumstances: Circumstances
) -> list[InitiationEvent]:
    event = ProjectProposed(
        customer=command.customer,
        name=command.name,
        goal=command.goal,
        budget=command.budget,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    if mine.proposal == fingerprint(event):
        return []
    if mine.proposal is not None:
        raise Refused("project.already-proposed")
    admit(event, event, project, circumstances)
    return [event]


def admit(event: InitiationEvent, _before: InitiationEvent, _project: Delivery, circumstances: Circumstances) -> None:
    """Refuse a project of no customer, and one that ends before it starts."""
    if not isinstance(event, ProjectProposed):
        return
    if not circumstances.customer_exists(event.customer):
        raise Refused("customer.unknown", "customer")
    if event.starts_on and event.ends_on and event.ends_on < event.starts_on:
        raise Refused("interval.inverted", "ends_on")


def settle(
    event: InitiationEvent,
    _before: InitiationEvent,
    mine: Initiation,
    _told: Sequence[Told],
    _project: Delivery,
    _circumstances: Circumstances,
) -> InitiationEvent:
    """The event as it is; refuses a second decision."""
    if not isinstance(event, ProjectProposed) and mine.decision is not None:
        raise Refused(f"project.already-{mine.decision}")
    return event


def evolve(mine: Initiation, event: InitiationEvent, _version: int) -> Initiation:
    """How the project started, after an event."""
    match event:
        case ProjectProposed():
            return replace(mine, proposal=fingerprint(event))
        case ProjectApproved():
            return replace(mine, decision="approved", decided_at=event.at)
        case ProjectRejected():
            return replace(mine, decision="rejected", decided_at=event.at)
        case _:
            assert_never(event)


SLICE = Slice("initiation", InitiationCommand, InitiationEvent, decide, evolve, settle=settle, admit=admit)
