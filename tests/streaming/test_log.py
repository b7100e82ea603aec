"""The log is read ahead page by page, and what was read ahead is used only where it is what comes next."""

from collections.abc import Iterator

import psycopg
import pytest

from services.store.ledger import Ledger
from services.store.reading.gap_check import HoleInLogError
from services.streaming.log import ReadingAhead
from tests.streaming.helpers import visits


@pytest.fixture
def ahead(ledger: Ledger) -> Iterator[ReadingAhead]:
    """Pages of ten events of a log of 25."""
    visits(ledger, 25)
    reading = ReadingAhead(ledger.database, ledger.identity, 10)
    yield reading
    reading.close()


def positions(ahead: ReadingAhead, after: int) -> list[int]:
    return [position for position, _ in ahead.page(after)]


def test_pages_follow_one_another_up_to_what_is_new(ledger: Ledger, ahead: ReadingAhead) -> None:
    assert positions(ahead, 0) == list(range(1, 11))
    assert positions(ahead, 10) == list(range(11, 21))
    assert positions(ahead, 20) == list(range(21, 26))
    assert positions(ahead, 25) == []
    visits(ledger, 3)
    assert positions(ahead, 25) == [26, 27, 28]


def test_whoever_begins_again_gets_what_was_there_before(ledger: Ledger, ahead: ReadingAhead) -> None:
    assert positions(ahead, 10) == list(range(11, 21))
    assert positions(ahead, 3) == list(range(4, 14))
    assert positions(ahead, 12) == list(range(13, 23))


def test_a_page_that_could_not_be_read_ahead_is_told_once_and_read_again(
    ledger: Ledger, ahead: ReadingAhead, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as administrator:
        administrator.execute("ALTER TABLE zeren.log DISABLE TRIGGER append_only")
        administrator.execute("UPDATE zeren.log SET notification_id = 99 WHERE notification_id = 15")
        assert positions(ahead, 0) == list(range(1, 11))
        for _ in range(2):
            with pytest.raises(HoleInLogError, match="position 15"):
                ahead.page(10)
        administrator.execute("UPDATE zeren.log SET notification_id = 15 WHERE notification_id = 99")
    assert positions(ahead, 10) == list(range(11, 21))
