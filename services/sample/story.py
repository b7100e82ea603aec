"""The story as it is told: who entered what, when."""

from dataclasses import dataclass, field
from datetime import datetime

from commands.base import Command
from events.vocabulary.identifiers import StreamId
from services.sample.days import Days
from services.sample.people import Employee


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person enters at one moment about one stream, all or nothing."""

    at: datetime
    """The recorded time."""
    by: Employee
    on_behalf_of: Employee | None
    stream: StreamId
    commands: tuple[Command, ...]


@dataclass
class Story:
    """Collects entries in any order; what would be entered today or later is not told."""

    days: Days
    entries: list[Entry] = field(default_factory=list)

    def tell(
        self,
        at: datetime,
        by: Employee,
        stream: StreamId,
        *commands: Command,
        on_behalf_of: Employee | None = None,
    ) -> None:
        """Let somebody enter commands at `at`."""
        if at < self.days.end:
            self.entries.append(Entry(at, by, on_behalf_of, stream, commands))

    def in_order(self) -> list[Entry]:
        """The entries by recorded time; those of one moment as they were told."""
        return sorted(self.entries, key=lambda entry: entry.at)
