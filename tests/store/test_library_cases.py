"""Our recorder under the eventsourcing library's own recorder test cases, with ids of both kinds.

Left out are the cases of tracking and process recorders: a view keeps its position in the transaction that changes the
view, not in the log's, so our recorder is neither, and refuses events that come with `tracking`.
"""

import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any, Literal
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from services.store.recorder import LedgerRecorder

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


class TestNotAProcessRecorder(OnOurServer):
    def test_events_with_tracking_are_refused(self) -> None:
        event = StoredEvent(uuid4(), 1, "topic", b"state")
        with pytest.raises(TypeError, match="tracking"):
            self.create_recorder().insert_events([event], tracking=Tracking("upstream", 1))
