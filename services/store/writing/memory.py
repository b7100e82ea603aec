"""What a writer remembers of the log, so that it need not be asked: its head, and where streams stand."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.store.identity.lineage import Noticed, Place
from services.store.identity.places import moved
from services.store.merkle import Tree

logger = logging.getLogger(__name__)

_STREAMS = 50_000
"""Streams that are remembered at least, of those used last."""
_LONGEST_DISTRUST = 64


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log."""

    tree: Tree
    recorded_at: datetime

    @property
    def size(self) -> int:
        """The last position."""
        return self.tree.size


@dataclass(slots=True)
class Memory:
    """The head as it will be when what is under way is recorded, and the streams as they stand then.

    It may be wrong: whatever is appended by it is recorded only if the log's head is the one remembered here.
    """

    head: Head | None = None
    parted: Callable[[], None] = lambda: None
    """Called when the log is found to have parted from what was known of it."""
    looked: bool = False
    """Whether the present connection leads to where the log lay before."""
    place: Place | None = None
    """Where the log lay when somebody last looked."""
    _seen: int = 0
    """The last position that is known to have been recorded."""
    _recent: dict[str, int] = field(default_factory=dict)
    _older: dict[str, int] = field(default_factory=dict)
    _ahead: timedelta = timedelta()
    """The database's clock, less this process's monotonic one."""
    _distrusted: int = 0
    """Appends that the memory is left out of."""
    _wrong: int = 0
    """How often in a row it was wrong."""

    def version(self, stream: str) -> int | None:
        """Where a stream stands, 0 where it has not begun; none where that is not remembered."""
        found = self._recent.get(stream)
        return self._older.get(stream) if found is None else found

    def learn(self, head: Head, versions: dict[str, int]) -> None:
        """What was recorded, or is being recorded, led to this head and these versions."""
        self.head = head
        self._recent |= versions
        if len(self._recent) > _STREAMS:
            self._older, self._recent = self._recent, {}

    def forget(self) -> None:
        """Something else was recorded, or something was not."""
        self.head = None
        self._recent, self._older = {}, {}

    @property
    def trusted(self) -> Head | None:
        """The head, if an append by it is worth a try: not while others keep appending."""
        if self._distrusted:
            self._distrusted -= 1
            return None
        return self.head

    def was_right(self, size: int) -> None:
        """An append by it was recorded, and led to that size."""
        self._wrong = 0
        self._seen = size

    def changed(self, size: int, place: Place | None) -> tuple[Noticed, str] | None:
        """What tells that the log, whose head is locked, is no longer what it was; the place where it was looked at."""
        if size < self._seen:
            return Noticed.WENT_BACK, f"a process has recorded position {self._seen}, the log ends at {size}"
        if place is None or self.place in (None, place):
            return None
        return moved(self.place, place)

    def recorded(self, size: int, place: Place | None, changed: tuple[Noticed, str] | None) -> None:
        """What was done with the head locked is recorded, and led to that size."""
        self._seen = size
        self.place, self.looked = place or self.place, True
        if changed:
            logger.critical("the log is another incarnation: %s", changed[1])
            self.parted()

    def was_wrong(self) -> None:
        """An append by it was not recorded: others append too, or a save conflicts."""
        self.forget()
        self._wrong += 1
        self._distrusted = min(_LONGEST_DISTRUST, 2 ** (self._wrong - 1) - 1)

    def set_clock(self, now: datetime) -> None:
        """What the database's clock says."""
        self._ahead = now - _MONOTONIC_EPOCH - timedelta(seconds=time.monotonic())

    @property
    def now(self) -> datetime:
        """What the database's clock says by now; never later than that."""
        return _MONOTONIC_EPOCH + self._ahead + timedelta(seconds=time.monotonic())


_MONOTONIC_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
