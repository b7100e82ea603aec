"""Readers go by `last + 1`: none passes over a position that is missing, or not committed yet."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from services.application import Zeren
from services.store.ledger import Ledger
from services.store.reading.gap_check import HoleInLogError
from services.store.writing.recorder import Appended
from tests.store.facts import new_stream, save

_LATER = (
    "INSERT INTO zeren.log SELECT 'person:' || gen_random_uuid(), 1, topic, state, %s, recorded_at "
    "FROM zeren.log WHERE notification_id = 1"
)


@pytest.fixture
def quiet(database_url: str) -> Iterator[Zeren]:
    """A ledger that nobody else reads, with its first rules."""
    with Zeren(database_url, projecting=False) as opened:
        yield opened


def dig(zeren: Zeren, position: int) -> None:
    """Take an event out of the log, against everything that guards it."""
    with zeren.database.connection() as connection:
        connection.execute("ALTER TABLE zeren.log DISABLE TRIGGER append_only")
        connection.execute("DELETE FROM zeren.log WHERE notification_id = %s", (position,))


def by_subscription(ledger: Ledger, after: int, count: int, *topics: str) -> list[int]:
    with ledger.log_recorder.subscribe(after, topics) as subscription:
        return [next(subscription).id for _ in range(count)]


READERS: dict[str, Callable[[Ledger, int, int], list[int]]] = {
    "the log": lambda ledger, after, count: [one.position for one in ledger.read(after, count)],
    "a subscription": by_subscription,
    "a subscription to one topic": lambda ledger, after, count: by_subscription(
        ledger, after, count, "person.registered"
    ),
}


@pytest.fixture(params=READERS)
def read(request: pytest.FixtureRequest) -> Callable[[Ledger, int, int], list[int]]:
    """One of the ways to read the log."""
    return READERS[request.param]


def test_a_reader_stops_before_a_position_that_is_missing(
    quiet: Zeren, read: Callable[[Ledger, int, int], list[int]]
) -> None:
    start = quiet.ledger.size()
    quiet.ledger.log_recorder.append([save(new_stream(), 1) for _ in range(5)])
    assert read(quiet.ledger, start, 5) == [start + place for place in range(1, 6)]
    dig(quiet, start + 3)
    with pytest.raises(HoleInLogError, match=f"position {start + 3} "):
        read(quiet.ledger, start, 4)
    with pytest.raises(HoleInLogError, match=f"position {start + 3} "):
        read(quiet.ledger, start + 2, 1)


def test_a_reader_waits_before_a_position_that_is_committed_late(
    quiet: Zeren, database_url: str, read: Callable[[Ledger, int, int], list[int]]
) -> None:
    start = quiet.ledger.size()
    with psycopg.connect(database_url) as early, psycopg.connect(database_url, autocommit=True) as late:
        early.execute(_LATER, (start + 1,))
        late.execute(_LATER, (start + 2,))
        with pytest.raises(HoleInLogError, match=f"position {start + 1} "):
            read(quiet.ledger, start, 1)
        early.commit()
    assert quiet.ledger.read(start, 2)[0].position == start + 1


def test_a_subscription_goes_on_where_it_stopped(quiet: Zeren, database_url: str) -> None:
    start = quiet.ledger.size()
    with (
        quiet.ledger.log_recorder.subscribe(start) as subscription,
        psycopg.connect(database_url) as early,
        psycopg.connect(database_url, autocommit=True) as late,
    ):
        early.execute(_LATER, (start + 1,))
        late.execute(_LATER, (start + 2,))
        with pytest.raises(HoleInLogError):
            next(subscription)
        early.commit()
        assert [next(subscription).id, next(subscription).id] == [start + 1, start + 2]


def test_a_subscription_to_a_topic_passes_over_others_only(quiet: Zeren) -> None:
    (result,) = quiet.ledger.log_recorder.append([save(new_stream(), 1)])
    assert isinstance(result, Appended)
    assert by_subscription(quiet.ledger, 0, 1, "person.registered") == list(result.positions)


def test_a_stream_is_read_without_holes(quiet: Zeren) -> None:
    stream = new_stream()
    start = quiet.ledger.size()
    quiet.ledger.log_recorder.append([save(stream, 1, 2, 3)])
    dig(quiet, start + 2)
    with pytest.raises(HoleInLogError):
        quiet.ledger.read_stream(stream)


def test_views_stay_before_a_hole(quiet: Zeren) -> None:
    start = quiet.ledger.size()
    quiet.ledger.log_recorder.append([save(new_stream(), 1) for _ in range(3)])
    assert quiet.runner.advance(start + 1) == start + 1
    dig(quiet, start + 2)
    with pytest.raises(HoleInLogError):
        quiet.runner.advance()
    assert quiet.views.position() == start + 1
