"""The recorder for a process that appends in answer to another log: its place there is kept with what it appends."""

from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import ProcessRecorder, StoredEvent, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder

from services.store.writing.appending import appending_in_transaction, run
from services.store.writing.recorder import LedgerRecorder, until_known
from services.store.writing.saves import Appended, Save


class LedgerProcessRecorder(PostgresTrackingRecorder, LedgerRecorder, ProcessRecorder):
    """Our recorder with the library's tracking, for its process applications; our views keep their own positions."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, tracking: Tracking | None = None, **further: Any
    ) -> Sequence[int] | None:
        """Record events and the place in the log that they answer to, together or not at all; dense positions.

        Raises:
            IntegrityError: a stream is not at the version before its first event, or the place was passed before.
        """
        if tracking is None:
            return super().insert_events(stored_events, **further)
        stream = str(stored_events[0].originator_id) if stored_events else ""
        return until_known(lambda unsure: self._insert(Save(stream, stored_events), tracking, unsure=unsure))

    def _insert(self, save: Save, tracking: Tracking, *, unsure: bool) -> Sequence[int]:
        with self.datastore.transaction(commit=True) as cursor:
            steps = appending_in_transaction(self.statements, self.memory, [save], self.clock(), unsure=unsure)
            result = run(cursor.connection, steps)[0]
            if not isinstance(result, Appended):
                raise result
            tracked = self._max_tracking_id(tracking.application_name, cursor)
            if not (unsure and tracked == tracking.notification_id):
                self._insert_tracking(cursor, tracking)
            return result.positions
