"""The recorder: appends saves to the log in one dense order, each with its idempotency key, all or nothing per save."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import RawCursor
from psycopg.rows import tuple_row

from services.store.reading.subscription import PollingSubscription
from services.store.writing.appending import appending, run
from services.store.writing.leader_follower import LeaderFollowerCommit
from services.store.writing.memory import Memory
from services.store.writing.saves import Answer, Appended, Clock, Key, KeyedVersions, KeyTakenError, Result, Save
from services.store.writing.statements import Statements

__all__ = ["Answer", "Appended", "Clock", "Key", "KeyTakenError", "KeyedVersions", "LedgerRecorder", "Result", "Save"]

PATIENCE = 10.0
"""Seconds that an append goes on trying to reach the store."""
_LONGEST_PAUSE = 0.5

Outcome = TypeVar("Outcome")


class LedgerRecorder(PostgresApplicationRecorder):
    """The library's recorder with dense positions instead of a sequence, and no table lock.

    One row, the head of the log, is locked per transaction: the order of positions is the order of commits, and
    `recorded_at` never goes back. Threads that append at the same time share a transaction.
    """

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str, clock: Clock = lambda: None) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.clock = clock
        self.statements = Statements(datastore.schema, events_table_name, datastore.originator_id_type)
        self.sql_create_statements = self.statements.create
        self.memory = Memory()
        self._combined: LeaderFollowerCommit[Save, Result] = LeaderFollowerCommit(
            self._append, shared=lambda error: isinstance(error, (InterfaceError, OperationalError))
        )

    def insert_events(self, stored_events: Sequence[StoredEvent], **further: Any) -> Sequence[int] | None:
        """The library's way in: one save of any streams; dense positions.

        Raises:
            IntegrityError: a stream is not at the version before its first event.
            TypeError: something is to be recorded with the events, such as `tracking`: a view keeps its own position.
        """
        if further:
            raise TypeError(f"events are recorded without {', '.join(further)}")
        if not stored_events:
            return None
        result = self.append([Save(str(stored_events[0].originator_id), stored_events)])[0]
        if isinstance(result, Exception):
            raise result
        return list(result.positions)

    def append(self, saves: Sequence[Save]) -> list[Result]:
        """Record saves in one transaction; a save that conflicts is left out alone and its error returned.

        When the connection breaks, the outcome is unknown: it is looked up before anything is tried again.

        Raises:
            OperationalError: the store was away for `PATIENCE` seconds; whether the saves were recorded is not known.
        """
        return self._combined(saves)

    def _append(self, saves: Sequence[Save]) -> list[Result]:
        now = self.clock()

        def attempt(unsure: bool) -> list[Result]:
            with self.datastore.get_connection() as connection:
                return run(connection, appending(self.statements, self.memory, saves, now, unsure=unsure))

        return until_known(attempt)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> PollingSubscription:
        """Notifications after a position, found by looking: an append notifies nobody."""
        return PollingSubscription(self, gt, topics)

    def answers(self, owner: str, keys: Sequence[str]) -> dict[str, Answer]:
        """What was recorded under idempotency keys of one owner, by key."""
        return {
            key: Answer(fingerprint, stream, first, last, position)
            for key, fingerprint, stream, first, last, position in self._rows(
                self.statements.keys_of, owner, list(keys)
            )
        }

    def size(self) -> int:
        """The last position of the log; 0 where it is empty."""
        ((size,),) = self._rows(self.statements.size)
        return int(size)

    def max_notification_id(self) -> int | None:
        """The last position of the log; none where it is empty."""
        return self.size() or None

    def _rows(self, query: bytes, *parameters: object) -> list[tuple[Any, ...]]:
        with self.datastore.get_connection() as connection, RawCursor(connection, row_factory=tuple_row) as cursor:
            return cursor.execute(query, parameters, prepare=True).fetchall()


def until_known(attempt: Callable[[bool], Outcome]) -> Outcome:
    """Attempt until the outcome is known; `attempt` is told whether one before it may have been committed.

    After a connection broke, what was committed is looked up with the head locked, which waits for a commit that is
    still under way, and only what is not there is appended, in that same transaction.
    """
    deadline = time.monotonic() + PATIENCE
    unsure = False
    pause = 0.01
    while True:
        try:
            return attempt(unsure)
        except (InterfaceError, OperationalError):
            if time.monotonic() > deadline:
                raise
            unsure = True
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE, 2 * pause)
