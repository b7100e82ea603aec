"""Waiting in tests: for minutes, since the machine may be busy; what comes at once is seen at once."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 120.0
"""Seconds that a test waits for what must come: only a fault takes longer, however busy the machine is."""


def eventually(condition: Callable[[], Found], what: str = "it") -> Found:
    """What the condition answers, as soon as that is something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not come about within {PATIENCE:.0f} s"
        time.sleep(0.02)
    return found
