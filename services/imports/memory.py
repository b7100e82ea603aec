"""What an import remembers of the rows before; a batch that could not be recorded is forgotten again."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_NOTHING = object()

Values = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds what a track is about."""

    person: str | None
    assignment_id: str | None
    since: datetime | None
    latest: datetime | None
    """The latest change that is on record: nothing may be changed before it."""


@dataclass
class Memory:
    """Some tables, with a journal of their changes since the last `keep`."""

    previous: dict[str, Values] = field(default_factory=dict)
    """Row key → the watched values of its last row."""
    firsts: dict[str, Values] = field(default_factory=dict)
    """Row key → what its first row said."""
    holders: dict[tuple[int, str, str], Holder] = field(default_factory=dict)
    """Track, stream, subject → who holds it; absent where the ledger is to be asked."""
    passed: dict[tuple[int, str, str], tuple[datetime, tuple[str, ...]]] = field(default_factory=dict)
    """Track, stream, subject → the last instant of rows imported before, and what they may have assigned at it."""
    given: dict[tuple[int, str], bool] = field(default_factory=dict)
    """Commands, by their place in the mapping, that a row key had once and for all."""
    created: dict[str, bool] = field(default_factory=dict)
    """Streams that are known to have events."""
    journal: list[tuple[dict[Any, Any], Any, Any]] = field(default_factory=list)

    def put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        """Change an entry."""
        self.journal.append((table, key, table.get(key, _NOTHING)))
        table[key] = value

    def forget(self, table: dict[Any, Any], key: Any) -> None:
        """Drop an entry."""
        if key in table:
            self.journal.append((table, key, table.pop(key)))

    def undo(self, mark: int = 0) -> None:
        """Take back every change since the journal was `mark` long."""
        while len(self.journal) > mark:
            table, key, before = self.journal.pop()
            if before is _NOTHING:
                table.pop(key, None)
            else:
                table[key] = before

    def keep(self) -> None:
        """Let the changes stand."""
        self.journal.clear()
