"""The rules of the person directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.histories import Told
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.person.directory import DeactivatePerson, DirectoryCommand, MoveDepartment, RegisterPerson
from events.person.directory import DirectoryEvent, PersonDeactivated, PersonMovedDepartment, PersonRegistered


@dataclass(frozen=True, slots=True)
class Directory:
    """What is remembered of somebody's entry."""

    registration: Fingerprint | None = None
    last_move: Fingerprint | None = None
    inactive_since: datetime | None = None


def decide(
    command: DirectoryCommand, mine: Directory, person: object, circumstances: Circumstances
) -> list[DirectoryEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    match command:
        case RegisterPerson():
            return _register(command, mine, person, circumstances)
        case MoveDepartment():
            move = PersonMovedDepartment(department=command.department, manager=command.manager, since=command.since)
            admit(move, move, person, circumstances)
            return [] if mine.last_move == fingerprint(move) else [move]
        case DeactivatePerson():
            if mine.inactive_since == command.since:
                return []
            left = PersonDeactivated(since=command.since)
            return [settle(left, left, mine, (), person, circumstances)]
        case _:
            assert_never(command)


def _register(
    command: RegisterPerson, mine: Directory, person: object, circumstances: Circumstances
) -> list[DirectoryEvent]:
    event = PersonRegistered(
        name=command.name,
        department=command.department,
        manager=command.manager,
        skills=command.skills,
        email=command.email,
        phone=command.phone,
    )
    if mine.registration is None:
        admit(event, event, person, circumstances)
        return [event]
    if mine.registration == fingerprint(event):
        return []
    raise Refused("person.already-registered")


def admit(event: DirectoryEvent, _before: DirectoryEvent, _person: object, circumstances: Circumstances) -> None:
    """Refuse a manager whom nobody knows."""
    if not isinstance(event, PersonDeactivated):
        circumstances.require_person(event.manager, "manager")


def settle(
    event: DirectoryEvent,
    _before: DirectoryEvent,
    mine: Directory,
    _told: Sequence[Told],
    _person: object,
    _circumstances: Circumstances,
) -> DirectoryEvent:
    """The event as it is; nobody leaves twice."""
    if isinstance(event, PersonDeactivated) and mine.inactive_since is not None:
        raise Refused("person.already-inactive", "since")
    return event


def evolve(mine: Directory, event: DirectoryEvent, _version: int) -> Directory:
    """The entry after an event."""
    match event:
        case PersonRegistered():
            return replace(mine, registration=fingerprint(event))
        case PersonMovedDepartment():
            return replace(mine, last_move=fingerprint(event))
        case PersonDeactivated():
            return replace(mine, inactive_since=event.since)
        case _:
            assert_never(event)


SLICE = Slice("directory", DirectoryCommand, DirectoryEvent, decide, evolve, settle=settle, admit=admit)
