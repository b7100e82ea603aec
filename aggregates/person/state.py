"""What later decisions remember of a person."""

from dataclasses import dataclass
from datetime import datetime

from aggregates.fingerprint import Fingerprint
from events.vocabulary.identifiers import StreamId


@dataclass(frozen=True, slots=True)
class Person:
    """One employee."""

    stream: StreamId
    version: int = 0
    registration: Fingerprint | None = None
    last_move: Fingerprint | None = None
    inactive_since: datetime | None = None

    @property
    def registered(self) -> bool:
        """Whether the person is in the directory."""
        return self.registration is not None
