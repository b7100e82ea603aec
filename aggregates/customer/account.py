"""What the slices of a customer may know of one another."""

from datetime import datetime
from typing import Protocol

from aggregates.fingerprint import Fingerprint
from aggregates.responsibility.state import Accountable
from events.vocabulary.identifiers import CommitmentId
from events.vocabulary.values import Tier


class Account(Accountable, Protocol):
    """A customer, as its slices see it."""

    def tier_at(self, at: datetime) -> Tier | None:
        """The tier in force at an instant."""
        ...

    def promised(self, commitment: CommitmentId) -> Fingerprint | None:
        """What was first said of a promise; none where there is none of that id."""
        ...
