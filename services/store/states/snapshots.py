"""Snapshots: the newest state of each long stream, kept so that a load reads only what came after it."""

import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Lock
from typing import Any

from aggregates.decider import State
from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.states.written_state import UnreadableStateError, WrittenState, read, write

logger = logging.getLogger(__name__)

EVERY = 100
"""So many events after a snapshot the next one is due; in streams above 10,000 events, after a hundredth of them."""
_PART = 100
_MOST = 100_000
"""So many streams are remembered with the versions of their snapshots."""

CREATE = (
    "CREATE TABLE IF NOT EXISTS zeren.snapshot (stream text PRIMARY KEY, version bigint NOT NULL, "
    "position bigint NOT NULL, shape text NOT NULL, lines uuid NOT NULL, size bigint NOT NULL, "
    "head bytea STORAGE EXTERNAL NOT NULL); "
    "CREATE TABLE IF NOT EXISTS zeren.snapshot_lines (stream text REFERENCES zeren.snapshot ON DELETE CASCADE, "
    "start bigint, lines bytea STORAGE EXTERNAL NOT NULL, PRIMARY KEY (stream, start))"
)
_READ = (
    "SELECT stream, version, head, EXISTS (SELECT FROM zeren.log WHERE originator_id = stream "
    "AND originator_version = version AND notification_id = position) AS stands, "
    "ARRAY(SELECT piece.lines FROM zeren.snapshot_lines AS piece WHERE piece.stream = snapshot.stream "
    "ORDER BY start) AS lines "
    "FROM zeren.snapshot WHERE stream = ANY(%(streams)s) AND shape = %(shape)s"
)
_ADD = (
    "WITH added AS (UPDATE zeren.snapshot SET version = %(version)s, position = notification_id, size = %(size)s, "
    "head = %(head)b FROM zeren.log WHERE originator_id = %(stream)s AND originator_version = %(version)s "
    "AND stream = %(stream)s AND shape = %(shape)s AND lines = %(name)s AND size = %(kept)s "
    "AND version < %(version)s RETURNING stream) "
    "INSERT INTO zeren.snapshot_lines SELECT stream, %(kept)s, %(added)b FROM added RETURNING stream"
)
_REPLACE = (
    "INSERT INTO zeren.snapshot (stream, version, position, shape, lines, size, head) "
    "SELECT originator_id, originator_version, notification_id, %(shape)s, %(name)s, %(size)s, %(head)b "
    "FROM zeren.log WHERE originator_id = %(stream)s AND originator_version = %(version)s "
    "ON CONFLICT (stream) DO UPDATE SET (version, position, shape, lines, size, head) = (EXCLUDED.version, "
    "EXCLUDED.position, EXCLUDED.shape, EXCLUDED.lines, EXCLUDED.size, EXCLUDED.head) "
    "WHERE snapshot.shape <> EXCLUDED.shape OR snapshot.version < EXCLUDED.version RETURNING stream"
)
_DROP_LINES = "DELETE FROM zeren.snapshot_lines WHERE stream = %(stream)s"
_WRITE_LINES = "INSERT INTO zeren.snapshot_lines VALUES (%(stream)s, 0, %(whole)b)"
_DROP = (
    "DELETE FROM zeren.snapshot WHERE stream = %(stream)s AND version = %(version)s AND shape = %(shape)s "
    "RETURNING stream"
)


@cache
def shape_of_states() -> str:
    """What the meaning of a snapshot hangs on: the code that folds and writes states, and the order of bytes.

    A release that changes any of it ignores the snapshots of the one before.
    """
    digest = sha256(f"{sys.byteorder} {version('pydantic')}".encode())
    for module in ("aggregates", "events"):
        for name, content in _sources(files(module)):
            digest.update(f"{module}/{name} {len(content)}\n".encode() + content)
    for name in ("written_state.py", "written_items.py"):
        digest.update((files("services.store.states") / name).read_bytes())
    return digest.hexdigest()


def _sources(folder: Traversable, path: str = "") -> Iterable[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _sources(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield f"{path}{entry.name}", entry.read_bytes()


class Snapshots:
    """The snapshots of one ledger, written by a thread of their own. They are a cache: none of them is needed.

    `written` is called there with a state that was written, and with the same state as the next load would read it.
    """

    def __init__(self, database: Database, written: Callable[[State, State], None]) -> None:
        self.database = database
        self.written = written
        self.shape = shape_of_states()
        self._lock = Lock()
        self._open = True
        self._last: dict[StreamId, int] = {}
        self._waiting: dict[StreamId, State] = {}
        self._thread = ThreadPoolExecutor(1, "snapshots")

    def load(self, streams: Sequence[StreamId]) -> list[State]:
        """The states of those of the streams that have a snapshot; one that cannot be right is dropped."""
        if not streams:
            return []
        rows = self.database.rows(_READ, {"streams": list(streams), "shape": self.shape}, binary=True)
        return [state for row in rows if (state := self._read(row)) is not None]

    def _read(self, row: dict[str, Any]) -> State | None:
        try:
            state = read(row["head"], b"".join(row["lines"]))
        except UnreadableStateError:
            logger.warning("the snapshot of %s at version %d is unreadable", row["stream"], row["version"])
        else:
            if row["stands"] and (state.stream, state.version) == (row["stream"], row["version"]):
                self._note(state)
                return state
            logger.warning("the snapshot of %s at version %d is not of this log", row["stream"], row["version"])
        self.database.rows(_DROP, {"stream": row["stream"], "version": row["version"], "shape": self.shape})
        return None

    def offer(self, state: State) -> None:
        """Have a snapshot of a state written soon, where one is due."""
        if state.version < self._last.get(state.stream, 0) + max(EVERY, state.version // _PART):
            return
        with self._lock:
            if not self._open:
                return
            if state.stream not in self._waiting:
                self._thread.submit(self._take, state.stream)
            self._waiting[state.stream] = state

    def _take(self, stream: StreamId) -> None:
        with self._lock:
            state = self._waiting.pop(stream)
        # Where it fails, it is tried again after as many events.
        self._note(state)
        try:
            written = write(state)
            self._store(state, written)
            self.written(state, read(written.head, written.lines.whole))
        except Exception:
            logger.exception("no snapshot of %s at version %d", stream, state.version)

    def _store(self, state: State, written: WrittenState) -> None:
        """Add new lines to those that the state was read from where they are still there, else write all anew."""
        whole = memoryview(written.lines.whole)
        values = {
            "stream": state.stream,
            "version": state.version,
            "shape": self.shape,
            "name": written.lines.name,
            "size": len(whole),
            "head": written.head,
            "kept": written.kept,
        }
        with self.database.connection() as connection, connection.transaction():
            if written.kept and connection.execute(_ADD, values | {"added": whole[written.kept :]}).rowcount:
                return
            if connection.execute(_REPLACE, values).rowcount:
                connection.execute(_DROP_LINES, values)
                connection.execute(_WRITE_LINES, values | {"whole": whole})

    def _note(self, state: State) -> None:
        with self._lock:
            if len(self._last) >= _MOST:
                self._last.clear()
            self._last[state.stream] = state.version

    def settle(self) -> None:
        """Wait until everything that is due has been written."""
        self._thread.submit(lambda: None).result()

    def close(self) -> None:
        """Finish the snapshot that is being written, and write no more."""
        with self._lock:
            self._open = False
        self._thread.shutdown(cancel_futures=True)
