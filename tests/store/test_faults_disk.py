"""The disk is full: an error says so, nothing acknowledged is lost, and saves go on when there is room.

A server that refuses inserts can be had anywhere; a disk that is really full only where file systems may be mounted.
Which of them ran is in the names of the tests.
"""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from services.store.database import Database
from services.store.ledger import Ledger
from services.store.writing import recorder as recorder_module
from services.store.writing.saves import Appended
from soak.disks import why_no_tmpfs
from soak.facts import new_stream, save
from soak.faults import full_disk
from soak.verdict import Verdict
from tests.store.verdicts import kept


def filled(_url: str, folder: Path, rounds: int) -> list[Verdict]:
    return full_disk.filled(folder, rounds)


FULL = {"inserts-refused": full_disk.refused, **({} if why_no_tmpfs() else {"a-full-disk": filled})}


@pytest.mark.parametrize("full", FULL.values(), ids=FULL.keys())
def test_saves_go_on_when_there_is_room(
    database_url: str, tmp_path: Path, full: Callable[[str, Path, int], list[Verdict]]
) -> None:
    kept(full(database_url, tmp_path, 1))


def test_the_error_says_that_the_disk_is_full(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "PATIENCE", 0.2)
    with (
        Database(database_url) as database,
        Ledger(database) as ledger,
        psycopg.connect(database_url, autocommit=True) as connection,
    ):
        with full_disk.no_room(connection), pytest.raises(OperationalError, match="No space left on device"):
            ledger.log_recorder.append([save(new_stream(), 1)])
        assert isinstance(ledger.log_recorder.append([save(new_stream(), 1)])[0], Appended)
