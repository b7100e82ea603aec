"""How far the views have come: looked up once for everybody who waits, however many they are."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from services.store.database import Database

FRESH = 0.01
"""Seconds that a look counts for those who come after it."""
_SHORTEST, _LONGEST = 0.005, 0.05
_ALL = "SELECT projection, position FROM zeren.checkpoint UNION ALL SELECT %(log)s, size FROM zeren.log_head"
_LOG = "the log"
_NEVER = float("-inf")


class PositionUnknownError(Exception):
    """The log has no such position; `newest` is the last one that it has."""

    def __init__(self, newest: int) -> None:
        super().__init__(f"the log ends at position {newest}")
        self.newest = newest


class ViewBehindError(Exception):
    """The view did not reach the asked position in time."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    names: Sequence[str]
    needed: int
    known: int
    """A position that is not waited for where the log does not have it."""
    reached: "Future[int]" = field(default_factory=Future)

    def answer(self, positions: dict[str, int], *, fresh: bool = True) -> bool:
        """Answer if the views are there; whether it needs no further look.

        Where the look was not `fresh`, the log may go further by now.
        """
        if self.reached.cancelled():
            return True
        position = min((positions.get(name, 0) for name in self.names or positions.keys() - {_LOG}), default=0)
        if position < self.needed:
            if not fresh or self.known <= positions[_LOG]:
                return False
            self.fail(PositionUnknownError(positions[_LOG]))
        elif self.reached.set_running_or_notify_cancel():
            self.reached.set_result(position)
        return True

    def fail(self, error: Exception) -> None:
        """Hand an error over."""
        if self.reached.set_running_or_notify_cancel():
            self.reached.set_exception(error)


class Checkpoints:
    """Looks while somebody waits: at once when a view has moved, else every 5 to 50 ms, and never otherwise.

    `moved` is called by the projector of this process, and when another process announces that a view has moved.
    `late`: the database is a replica, whose log may have yet to reach a position that there is.
    """

    def __init__(self, database: Database, *, late: bool = False) -> None:
        self._database = database
        self._late = late
        self._changed = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._positions: dict[str, int] = {}
        self._looked_at = self._due = _NEVER
        self._pause = _SHORTEST
        self._moves = 0
        self._thread: threading.Thread | None = None
        self._closed = False

    def moved(self) -> None:
        """A view has moved on."""
        with self._changed:
            self._moves += 1
            self._looked_at = self._due = _NEVER
            self._pause = _SHORTEST
            if self._waiting:
                self._changed.notify_all()

    def reached(self, names: Sequence[str], at_least: int, known: int = 0) -> "Future[int]":
        """The position that the named views (all where none is named) have reached, once it is both positions or more.

        The future fails with what the database says, with `PositionUnknownError` where the log does not go as far as
        either (on a replica that is waited for), and with `ViewBehindError` when the ledger is closed. Whoever does
        not want to wait any longer cancels it.
        """
        needed = max(at_least, known)
        waiting = _Waiting(names, needed, 0 if self._late else needed)
        with self._changed:
            if self._closed:
                waiting.fail(ViewBehindError())
            elif time.monotonic() > self._looked_at + FRESH:
                self._wait(waiting, _NEVER)
            elif not waiting.answer(self._positions, fresh=False):
                self._wait(waiting, self._looked_at + FRESH)
        return waiting.reached

    def close(self) -> None:
        """End; whoever waits is told."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(timeout=30)

    def _wait(self, waiting: _Waiting, due: float) -> None:
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            self._due, self._pause = due, _SHORTEST
        self._due = min(self._due, due)
        self._changed.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (waiting := self._await_look()) is not None:
            moves, began = self._moves, time.monotonic()
            try:
                rows = self._database.rows(_ALL, {"log": _LOG})
            except Exception as error:  # noqa: BLE001 - whoever waits gets it
                for one in waiting:
                    one.fail(error)
                left = []
            else:
                positions = {row["projection"]: int(row["position"]) for row in rows}
                left = [one for one in waiting if not one.answer(positions)]
                with self._changed:
                    self._positions = positions
                    if moves == self._moves:
                        self._looked_at = began
            with self._changed:
                self._waiting += left
                if moves == self._moves and len(left) == len(self._waiting):
                    self._due = time.monotonic() + self._pause
                    self._pause = min(2 * self._pause, _LONGEST)
        for one in self._take():
            one.fail(ViewBehindError())

    def _take(self) -> list[_Waiting]:
        taken, self._waiting = self._waiting, []
        return taken

    def _await_look(self) -> list[_Waiting] | None:
        """Those who wait, when it is time to look for them; none at the end."""
        with self._changed:
            while not self._closed:
                left = self._due - time.monotonic()
                if self._waiting and left <= 0:
                    return self._take()
                self._changed.wait(left if self._waiting else None)
        return None
