"""The rules of the person directory."""

from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.fingerprint import fingerprint
from aggregates.person.state import Person
from aggregates.refusal import Refused
from commands.catalogue import PersonCommand
from commands.person.directory import DeactivatePerson, MoveDepartment, RegisterPerson
from events.catalogue import AnyEvent, PersonEvent
from events.person.directory import PersonDeactivated, PersonMovedDepartment, PersonRegistered


def decide(command: PersonCommand, state: Person, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if isinstance(command, RegisterPerson):
        return _register(command, state, circumstances)
    if not state.registered:
        raise Refused("person.not-registered")
    match command:
        case MoveDepartment():
            circumstances.require_person(command.manager, "manager")
            move = PersonMovedDepartment(department=command.department, manager=command.manager, since=command.since)
            return [] if state.last_move == fingerprint(move) else [move]
        case DeactivatePerson():
            if state.inactive_since == command.since:
                return []
            if state.inactive_since is not None:
                raise Refused("person.already-inactive", "since")
            return [PersonDeactivated(since=command.since)]
        case _:
            assert_never(command)


def _register(command: RegisterPerson, state: Person, circumstances: Circumstances) -> list[AnyEvent]:
    event = PersonRegistered(
        name=command.name,
        department=command.department,
        manager=command.manager,
        skills=command.skills,
        email=command.email,
        phone=command.phone,
    )
    if state.registration is None:
        circumstances.require_person(command.manager, "manager")
        return [event]
    if state.registration == fingerprint(event):
        return []
    raise Refused("person.already-registered")


def evolve(state: Person, event: PersonEvent) -> Person:
    """The state after an event."""
    version = state.version + 1
    match event:
        case PersonRegistered():
            return replace(state, version=version, registration=fingerprint(event))
        case PersonMovedDepartment():
            return replace(state, version=version, last_move=fingerprint(event))
        case PersonDeactivated():
            return replace(state, version=version, inactive_since=event.since)
        case _:
            assert_never(event)
