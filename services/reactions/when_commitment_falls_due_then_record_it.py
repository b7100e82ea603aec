"""A commitment that was open when its due time passed fell due: recorded at that instant, however late this runs."""

from collections.abc import Mapping
from typing import Any

from commands.customer.commitments import RecordCommitmentFellDue
from events.recorded import Actor
from events.vocabulary.identifiers import CommitmentId
from services.handling import Request, context

RULE: Actor = "system:when-commitment-falls-due-then-record-it@1"


def request(row: Mapping[str, Any]) -> Request:
    """The command for a row of the agenda."""
    return Request(
        stream=row["stream"],
        command=RecordCommitmentFellDue(
            commitment_id=CommitmentId(row["id"]), due_at=row["due_at"], occurred_at=row["due_at"]
        ),
        context=context(RULE),
    )
