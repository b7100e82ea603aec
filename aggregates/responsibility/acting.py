"""Who may act in a role: its holder, or whoever acts for the holder."""

from datetime import datetime

from aggregates.circumstances import Circumstances
from aggregates.refusal import Refused
from aggregates.responsibility.state import Accountable
from events.vocabulary.identifiers import SELF, PersonId
from events.vocabulary.values import Code


def require_role(
    role: Code, at: datetime, state: Accountable, circumstances: Circumstances, field: str | None = None
) -> None:
    """Refuse whoever neither holds a role for the stream itself at an instant nor acts for one who does.

    A person for whom somebody else gives the command counts instead of that one. What comes from a file brings its
    provenance, and passes.
    """
    if circumstances.imported:
        return
    person = circumstances.on_behalf_of or circumstances.actor
    if person is None or not _in_force(person, role, at, state):
        raise Refused("role.not-in-force", field, role=role)


def _in_force(person: PersonId, role: Code, at: datetime, state: Accountable) -> bool:
    mine = state.responsibilities
    held = [assignment for assignment in mine.holding(SELF, at) if assignment.original.role == role]
    acting = (delegation.original.to_person for assignment in held for delegation in mine.acting_for(assignment, at))
    return person in {assignment.person for assignment in held} or person in acting
