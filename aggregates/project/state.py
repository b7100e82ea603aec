"""What later decisions remember of a project."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregates.fingerprint import Fingerprint
from aggregates.responsibility.state import Assignment, Responsibilities
from events.catalogue import AnyEvent
from events.responsibility import HandoverProposed, InventoryItem
from events.vocabulary.identifiers import SELF, StreamId, Subject

Stage = Literal["none", "checked", "requested", "rejected", "ordered", "accepted"]


@dataclass(frozen=True, slots=True)
class Project:
    """One delivery."""

    stream: StreamId
    version: int = 0
    proposal: Fingerprint | None = None
    decision: Literal["approved", "rejected"] | None = None
    decided_at: datetime | None = None
    stage: Stage = "none"
    last_step: Fingerprint | None = None
    """The newest step of acceptance."""
    last_step_at: datetime | None = None
    responsibilities: Responsibilities = field(default_factory=Responsibilities)

    @property
    def registered(self) -> bool:
        """Whether the project was proposed."""
        return self.proposal is not None

    def has_item(self, subject: Subject) -> bool:
        """Only the project itself has holders."""
        return subject == SELF

    def inventory(self, _leaver: Assignment, _at: datetime) -> tuple[InventoryItem, ...]:
        """A project has no items of its own."""
        return ()

    def move_items(self, _inventory: tuple[InventoryItem, ...], _proposal: HandoverProposed) -> list[AnyEvent]:
        """A project has no items of its own."""
        return []
