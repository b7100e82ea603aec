"""What falls due, said once: the rules name it, the processes give the command."""

from dataclasses import dataclass
from datetime import datetime

from commands.base import Command


@dataclass(frozen=True, slots=True)
class Due:
    """A command whose time comes at an instant."""

    at: datetime
    command: Command
    rule: str
    """The name and version of the rule that gives it: `when-x-then-y@1`."""
