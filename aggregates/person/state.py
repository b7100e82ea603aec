"""What later decisions remember of a person: the states of its slices."""

from dataclasses import dataclass, field
from datetime import datetime

from aggregates.histories import History
from aggregates.items import Items
from aggregates.person.directory import Directory
from events.vocabulary.identifiers import StreamId


@dataclass(frozen=True)
class Person:
    """One employee."""

    stream: StreamId
    version: int = 0
    histories: Items[str, History] = field(default_factory=Items)
    """What was told of each item, and of each slice that is no item."""
    open_items: Items[str, int] = field(default_factory=Items)
    directory: Directory = field(default_factory=Directory)

    @property
    def registered(self) -> bool:
        """Whether the person is in the directory."""
        return self.directory.registration is not None

    @property
    def inactive_since(self) -> datetime | None:
        """When the person left; none who has not."""
        return self.directory.inactive_since
