"""Turns the values of a column into responsibilities that begin and end."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from aggregates.customer.state import Customer
from aggregates.intervals import covers
from aggregates.project.state import Project
from commands.base import Command
from commands.responsibility import AssignResponsibility, EndResponsibility, WithdrawResponsibility
from events.vocabulary.identifiers import AssignmentId, PersonId, StreamId
from services.imports.mapping import Track
from services.imports.memory import Holder
from services.imports.reasons import RowRejectedError
from services.store.ledger import Ledger

SUPERSEDED = "A later row of the source gives another holder for the same instant."
"""The reason of a withdrawal."""

NOBODY = Holder(None, None, None, None)


def recorded_holder(
    ledger: Ledger, track: Track, stream: StreamId, subject: str, at: datetime, passed: Collection[str]
) -> Holder:
    """Who holds a tracked role at an instant according to the ledger.

    `passed` are the assignments that rows before this one may have made at that very instant.

    Raises:
        RowRejectedError: somebody else's assignment begins at that very instant, be it a later row's.
    """
    state = ledger.state(stream)
    if not isinstance(state, Customer | Project):
        return NOBODY
    standing = sorted(state.responsibilities.of_role(subject, track.role), key=lambda one: one.since)
    if not standing:
        return NOBODY
    latest = max(standing[-1].since, *(one.until for one in standing if one.until is not None), standing[0].since)
    for one in reversed(standing):
        if covers(one.since, one.until, at):
            if one.since == at and str(one.id) not in passed:
                raise RowRejectedError("row.late")
            return Holder(str(one.person), str(one.id), one.since, latest)
    return Holder(None, None, None, latest)


def succession(
    track: Track, subject: str, before: Holder, person: str | None, at: datetime, assignment_id: UUID
) -> tuple[Holder, list[Command]]:
    """Who holds the role after a row, and the commands that make it so; none where nobody changes.

    Raises:
        RowRejectedError: a later change is on record.
    """
    if person == before.person:
        return before, []
    if before.latest is not None and at < before.latest:
        raise RowRejectedError("row.late")
    commands: list[Command] = []
    if before.assignment_id is not None:
        ended = AssignmentId(UUID(before.assignment_id))
        commands.append(
            WithdrawResponsibility(assignment_id=ended, reason=SUPERSEDED, occurred_at=at)
            if before.since == at
            else EndResponsibility(assignment_id=ended, until=at, occurred_at=at)
        )
    if person is None:
        return Holder(None, None, None, at), commands
    commands.append(
        AssignResponsibility(
            assignment_id=AssignmentId(assignment_id),
            subject=subject,
            role=track.role,
            person=PersonId(UUID(person)),
            involvement=track.involvement,
            since=at,
            occurred_at=at,
        )
    )
    return Holder(person, str(assignment_id), at, at), commands


def superseded(commands: list[Command]) -> int:
    """How many holders never took effect, because a later row of the same instant named another."""
    return sum(isinstance(command, WithdrawResponsibility) for command in commands)
