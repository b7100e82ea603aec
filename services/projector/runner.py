"""The runner: takes every view forward, batch by batch, and parks a stream whose events a view cannot take."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

from psycopg import Connection
from psycopg.rows import TupleRow

from events.recorded import Recorded
from projections.base import Projection
from services.projector import checkpoints
from services.projector.checkpoints import OtherReleaseError
from services.projector.completion import complete_view
from services.projector.gc_pause import gc_paused
from services.projector.groups import groups
from services.projector.lane import Lane, Routed
from services.projector.parking import GONE, replay_parked
from services.projector.routing import Routing
from services.projector.view_locks import ViewLocks
from services.store.ledger import Ledger

__all__ = ["BATCH", "OtherReleaseError", "Runner", "replay_parked"]

BATCH = 2_500
"""Events per transaction in catch-up: more do not stay in the processor's caches until their rows are packed."""
_LANES = 2
_TOGETHER = 200
"""Batches of up to so many events are not worth a thread per lane."""


class Runner:
    """Takes views from their checkpoints to the head of the log.

    Heavy views have a lane of their own: while the database writes for one lane, another folds. With `locking`
    only those views are taken forward that no other process takes forward; `close` lets others take over.
    """

    def __init__(self, ledger: Ledger, projections: Sequence[Projection], *, locking: bool = False) -> None:
        self.ledger = ledger
        self.projections = projections
        shares = groups(projections, _LANES)
        url = ledger.database.url
        self._lanes = [(Lane(views), ViewLocks(url, views) if locking else None) for views in shares]
        self._routing = Routing(projections)
        self._threads = ThreadPoolExecutor(len(self._lanes), thread_name_prefix="lane")
        self._ahead: list[Recorded] = []
        self._completed = False
        """Whether all views are known to have all their indexes."""

    @property
    def standing_by(self) -> frozenset[str]:
        """The views that another process keeps up to date."""
        return frozenset().union(*(locks.standing_by for _, locks in self._lanes if locks))

    def advance(self, limit: int = BATCH) -> int:
        """Take every view one batch further; the number of events that the slowest one got."""
        ours = self._ours()
        if not ours:
            return 0
        with self.ledger.database.connection() as connection:
            standing = checkpoints.positions(connection, ours)
        if not standing:
            return 0
        with gc_paused():
            return self._advance(standing, limit)

    def _ours(self) -> Sequence[Projection]:
        """The views that this process holds the locks of."""
        held = {name for _, locks in self._lanes if locks for name in locks.take()}
        locking = any(locks for _, locks in self._lanes)
        return [one for one in self.projections if one.name in held] if locking else self.projections

    def _advance(self, standing: Mapping[str, int], limit: int) -> int:
        events = self._read(min(standing.values()), limit)
        if len(events) < limit:
            self._complete(standing)
        if not events:
            return 0
        last = events[-1].position
        behind = [name for name, position in standing.items() if position < last]
        routed = self._routing(events, behind)
        if len(events) <= _TOGETHER:
            for lane, locks in self._lanes:
                self._take(lane, locks, last, routed)
            return len(events)
        working = [self._threads.submit(self._take, lane, locks, last, routed) for lane, locks in self._lanes]
        try:
            if len(events) == limit:
                self._ahead = self.ledger.read(last, limit)
        finally:
            # A lane is never taken forward twice at once.
            wait(working)
        for work in working:
            work.result()
        return len(events)

    def _read(self, after: int, limit: int) -> list[Recorded]:
        ahead, self._ahead = self._ahead, []
        if ahead and ahead[0].position == after + 1 and len(ahead) == limit:
            return ahead
        return self.ledger.read(after, limit)

    def _take(self, lane: Lane, locks: ViewLocks | None, last: int, routed: Routed) -> None:
        with self._connection(locks) as connection:
            lane.take(connection, last, routed)

    def _complete(self, names: Iterable[str]) -> None:
        """Complete the views that are near the end of the log for the first time."""
        if self._completed:
            return
        ours = [one for one in self.projections if one.name in names]
        with self.ledger.database.connection() as connection:
            unfinished = checkpoints.unfinished(connection, ours)
        working = [self._threads.submit(self._complete_in, lane, locks, unfinished) for lane, locks in self._lanes]
        wait(working)
        for work in working:
            work.result()
        self._completed = len(ours) == len(self.projections)

    def _complete_in(self, lane: Lane, locks: ViewLocks | None, unfinished: Sequence[Projection]) -> None:
        with self._connection(locks) as connection:
            for projection in lane.projections:
                if projection in unfinished:
                    complete_view(self.ledger, connection, projection)

    @contextmanager
    def _connection(self, locks: ViewLocks | None) -> Iterator[Connection[TupleRow]]:
        """The connection that a lane writes with."""
        if locks is None:
            with self.ledger.database.connection() as connection:
                yield connection
            return
        try:
            yield locks.connection
        except GONE:
            locks.release()
            raise

    def close(self) -> None:
        """Let other processes take over."""
        self._threads.shutdown()
        for _, locks in self._lanes:
            if locks:
                locks.release()

    def catch_up(self) -> int:
        """Take every view to the head of the log as it is now; its position."""
        # The collector would search all rows that are remembered between any two batches.
        with gc_paused():
            while self.advance():
                pass
        return self.ledger.size()
