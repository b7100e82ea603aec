"""Our recorder under the eventsourcing library's own recorder test cases, with ids of both kinds.

One assertion cannot hold for one recorder: the case of aggregate recorders wants `insert_events` to return nothing, and
that of application recorders wants positions. `WithoutPositions` keeps them to itself.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Literal, cast
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent, Tracking
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from services.store.process import LedgerProcessRecorder
from services.store.writing.recorder import LedgerRecorder

# The same module has cases for ciphers, which want a package that nothing of ours needs.
_no_cipher = ModuleType("eventsourcing.cipher")
_no_cipher.__dict__["AESCipher"] = None
with patch.dict(sys.modules, {"eventsourcing.cipher": _no_cipher}):
    from eventsourcing.tests import persistence as cases


class OnOurServer:
    """Gives a case a datastore on a fresh database."""

    id_type: Literal["uuid", "text"] = "uuid"
    recorder_class: type[LedgerRecorder] = LedgerRecorder
    datastore: PostgresDatastore

    @pytest.fixture(autouse=True)
    def _on_our_server(self, database_url: str) -> Iterator[None]:
        at: dict[str, Any] = conninfo_to_dict(database_url)
        with PostgresDatastore(
            at["dbname"],
            at["host"],
            at.get("port", 5432),
            at["user"],
            "",
            max_overflow=9,
            originator_id_type=self.id_type,
        ) as self.datastore:
            yield

    def create_recorder(self) -> LedgerRecorder:
        recorder = self.recorder_class(self.datastore, events_table_name="stored_events")
        recorder.create_table()
        return recorder

    def new_originator_id(self) -> UUID | str:
        return uuid4() if self.id_type == "uuid" else f"customer:{uuid4()}"


class WithoutPositions(LedgerRecorder):
    """Keeps positions to itself: the case of aggregate recorders wants none, the one of application recorders does."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **further: Any) -> None:
        super().insert_events(stored_events, **further)


class TestAsAggregateRecorder(OnOurServer, cases.AggregateRecorderTestCase):
    recorder_class = WithoutPositions


class TestAsAggregateRecorderWithTextIds(TestAsAggregateRecorder):
    id_type = "text"


class TestAsApplicationRecorder(OnOurServer, cases.ApplicationRecorderTestCase[LedgerRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestAsApplicationRecorderWithTextIds(TestAsApplicationRecorder):
    id_type = "text"


class TestNotInterleaving(OnOurServer, cases.NonInterleavingNotificationIDsBaseCase):
    pass


class TestAsTrackingRecorder(OnOurServer, cases.TrackingRecorderTestCase):
    recorder_class = LedgerProcessRecorder

    def create_recorder(self) -> LedgerProcessRecorder:
        return cast("LedgerProcessRecorder", super().create_recorder())


class TestAsProcessRecorder(TestAsTrackingRecorder, cases.ProcessRecorderTestCase):
    pass


class TestAsProcessRecorderWithTextIds(TestAsProcessRecorder):
    id_type = "text"


class TestProcessRecorderAsApplicationRecorder(TestAsApplicationRecorder):
    recorder_class = LedgerProcessRecorder


class TestTracking(OnOurServer):
    def test_a_recorder_without_tracking_refuses_it(self) -> None:
        event = StoredEvent(uuid4(), 1, "topic", b"state")
        with pytest.raises(TypeError, match="tracking"):
            self.create_recorder().insert_events([event], tracking=Tracking("upstream", 1))

    def test_what_was_recorded_and_not_acknowledged_is_recorded_once(self) -> None:
        recorder = LedgerProcessRecorder(self.datastore, events_table_name="stored_events")
        recorder.create_table()
        event, tracking = StoredEvent(uuid4(), 1, "topic", b"state"), Tracking("upstream", 1)
        acknowledge = self.datastore.transaction

        @contextmanager
        def not_acknowledged(*, commit: bool) -> Iterator[Any]:
            with acknowledge(commit=commit) as cursor:
                yield cursor
            monkeypatch.undo()
            raise OperationalError("the connection broke after the commit")

        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(self.datastore, "transaction", not_acknowledged)
            assert recorder.insert_events([event], tracking=tracking) == (1,)
        assert recorder.max_notification_id() == recorder.max_tracking_id("upstream") == 1
        with pytest.raises(IntegrityError):
            recorder.insert_events([StoredEvent(uuid4(), 1, "topic", b"state")], tracking=tracking)
        assert recorder.max_notification_id() == 1
