"""What later decisions remember of a project: the states of its slices."""

from dataclasses import dataclass, field

from aggregates.histories import History
from aggregates.items import Items
from aggregates.project.acceptance import Acceptance
from aggregates.project.initiation import Initiation
from aggregates.responsibility.state import Responsibilities
from events.vocabulary.identifiers import StreamId


@dataclass(frozen=True)
class Project:
    """One delivery."""

    stream: StreamId
    version: int = 0
    histories: Items[str, History] = field(default_factory=Items)
    """What was told of each item, and of each slice that is no item."""
    open_items: Items[str, int] = field(default_factory=Items)
    """What is open and somebody answers for, with the version that it was opened at."""
    initiation: Initiation = field(default_factory=Initiation)
    acceptance: Acceptance = field(default_factory=Acceptance)
    responsibilities: Responsibilities = field(default_factory=Responsibilities)

    @property
    def registered(self) -> bool:
        """Whether the project was proposed."""
        return self.initiation.proposal is not None
