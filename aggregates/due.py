"""What falls due, said once: the rules name it, the processes give the command."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aggregates.histories import Told, life_of
from commands.base import Command
from events.lives import fell_due
from events.vocabulary.items import ItemKind


@dataclass(frozen=True, slots=True)
class Due:
    """A command whose time comes at an instant."""

    at: datetime
    command: Command
    rule: str
    """The name and version of the rule that gives it: `when-x-then-y@1`."""


def falls_due(kind: ItemKind, told: Iterable[Told]) -> list[datetime]:
    """The due times after which an item is late, each once, in the order of time; some may be to come."""
    return list(dict.fromkeys(due_at for due_at, _ in fell_due(kind, life_of(told, kind))))
