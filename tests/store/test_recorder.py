"""Appending: dense positions in commit order, conflicts alone, keys with their events."""

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from services.application import Zeren
from services.store.database import Database
from services.store.ledger import Ledger, SkippingReadersError
from services.store.merkle import Tree
from services.store.writing.appending import appending
from services.store.writing.memory import Head, Memory
from services.store.writing.recorder import Appended, Key, KeyedVersions, KeyTakenError, Save
from services.store.writing.statements import Statements
from tests.store.facts import new_stream, save, stored


def test_positions_are_dense_and_in_order(zeren: Zeren) -> None:
    before = zeren.ledger.size()
    first, second = zeren.ledger.log_recorder.append([save(new_stream(), 1, 2), save(new_stream(), 1)])
    assert isinstance(first, Appended)
    assert isinstance(second, Appended)
    assert (*first.positions, *second.positions) == (before + 1, before + 2, before + 3)


def test_a_save_that_conflicts_loses_alone(zeren: Zeren) -> None:
    taken, free = new_stream(), new_stream()
    recorder = zeren.ledger.log_recorder
    recorder.append([save(taken, 1)])
    before = zeren.ledger.size()
    lost, won, late = recorder.append([save(taken, 1, 2), save(free, 1), save(taken, 2)])
    assert isinstance(lost, IntegrityError)
    assert isinstance(won, Appended)
    assert isinstance(late, Appended)
    assert (won.positions, late.positions) == ((before + 1,), (before + 2,))
    assert [one.position for one in zeren.ledger.read(before, 10)] == [before + 1, before + 2]


@pytest.mark.parametrize("begun", [0, 1, 3])
def test_a_save_that_would_leave_a_gap_is_refused(zeren: Zeren, begun: int) -> None:
    recorder = zeren.ledger.log_recorder
    stream, other = new_stream(), new_stream()
    if begun:
        recorder.append([save(stream, *range(1, begun + 1))])
    before = zeren.ledger.size()
    gap, won = recorder.append([save(stream, begun + 2), save(other, 1)])
    assert isinstance(gap, IntegrityError)
    assert isinstance(won, Appended)
    assert won.positions == (before + 1,)
    assert isinstance(recorder.append([save(stream, begun + 1, begun + 3)])[0], IntegrityError)
    assert isinstance(recorder.append([save(stream, begun + 2, begun + 1)])[0], IntegrityError)
    assert len(zeren.ledger.read_stream(stream)) == begun


def test_a_save_follows_one_of_the_same_call(zeren: Zeren) -> None:
    stream = new_stream()
    results = zeren.ledger.log_recorder.append([save(stream, 1, 2), save(stream, 3), save(stream, 5)])
    assert [isinstance(result, Appended) for result in results] == [True, True, False]
    assert [one.version for one in zeren.ledger.read_stream(stream)] == [1, 2, 3]


def test_events_of_several_streams_are_recorded_together_or_not_at_all(zeren: Zeren) -> None:
    recorder = zeren.ledger.log_recorder
    first, second = new_stream(), new_stream()
    both = [stored(first, 1), stored(second, 1), stored(first, 2)]
    assert isinstance(recorder.append([Save(first, both)])[0], Appended)
    mixed = [stored(first, 3), stored(second, 1)]
    assert isinstance(recorder.append([Save(first, mixed)])[0], IntegrityError)
    assert [len(zeren.ledger.read_stream(stream)) for stream in (first, second)] == [2, 1]


def test_an_append_is_one_round_trip() -> None:
    statements, memory = Statements("zeren", "log", "text"), Memory()
    at = datetime(2025, 3, 1, tzinfo=UTC)
    memory.learn(Head(Tree().grown([b"x" * 32] * 7), at), {})
    steps = appending(statements, memory, [save(new_stream(), 1, key="k"), save(new_stream(), 1)], at)
    ((statement, _),) = next(steps)
    assert statement == statements.append_keyed
    with pytest.raises(StopIteration) as end:
        steps.send([[(at,)]])
    assert [result.positions for result in end.value.value] == [(8,), (9,)]


def test_a_taken_key_keeps_its_save_out_whole(zeren: Zeren) -> None:
    recorder = zeren.ledger.log_recorder
    stream, other = new_stream(), new_stream()
    recorder.append([save(stream, 1, key="k")])
    before = zeren.ledger.size()
    taken, won = recorder.append([save(stream, 2, key="k"), save(other, 1, key="l")])
    assert isinstance(taken, KeyTakenError)
    assert isinstance(won, Appended)
    assert zeren.ledger.size() == before + 1
    answers = zeren.ledger.answers("system", ["k", "l", "m"])
    assert answers.keys() == {"k", "l"}
    assert (answers["k"].stream, answers["k"].first_version, answers["k"].last_version) == (stream, 1, 1)


def test_a_key_answers_with_the_position_of_its_save(zeren: Zeren) -> None:
    recorder = zeren.ledger.log_recorder
    before = zeren.ledger.size()
    nothing = Save("person:x", (), [KeyedVersions(Key("system", "n", b"request"), 1, 0)])
    saves = [save(new_stream(), 1, 2, key="k"), nothing, save(new_stream(), 1, key="l"), save(new_stream(), 1)]
    appended = [one for one in recorder.append(saves) if isinstance(one, Appended)]
    answers = zeren.ledger.answers("system", ["k", "n", "l"])
    assert [answers[key].position - before for key in "knl"] == [2, 2, 3]
    assert [one.position - before for one in appended] == [2, 2, 3, 4]


def test_many_writers_leave_no_hole_and_lose_nothing(zeren: Zeren) -> None:
    before = zeren.ledger.size()
    seen: list[int] = []

    def write() -> None:
        for _ in range(20):
            result = zeren.ledger.log_recorder.append([save(new_stream(), 1, 2)])[0]
            assert isinstance(result, Appended)
            seen.extend(result.positions)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(before + 1, before + 321))
    assert [one.position for one in zeren.ledger.read(before, 1000)] == sorted(seen)


def test_one_of_many_writers_of_the_same_version_wins(zeren: Zeren) -> None:
    stream = new_stream()
    results: list[object] = []
    threads = [
        threading.Thread(target=lambda: results.extend(zeren.ledger.log_recorder.append([save(stream, 1)])))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(result, Appended) for result in results) == 1
    assert sum(isinstance(result, IntegrityError) for result in results) == 7
    assert len(zeren.ledger.read_stream(stream)) == 1


def test_recorded_time_never_goes_back(database_url: str) -> None:
    times = [datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)]
    clock = iter(times)
    with Database(database_url) as database, Ledger(database, lambda: next(clock)) as ledger:
        recorded = [ledger.log_recorder.append([save(new_stream(), 1)])[0] for _ in times]
        assert [one.recorded_at for one in recorded if isinstance(one, Appended)] == [times[0], times[0], times[2]]
        assert ledger.reader.position_known_at(times[0] - timedelta(microseconds=1)) == 0
        assert ledger.reader.position_known_at(times[0]) == 2
        assert ledger.reader.position_known_at(times[2]) == 3


@pytest.mark.parametrize(
    "statement",
    ["UPDATE zeren.log SET topic = 'x'", "DELETE FROM zeren.log", "TRUNCATE zeren.log"],
)
def test_the_log_cannot_be_changed(zeren: Zeren, statement: str) -> None:
    with zeren.database.connection() as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute(statement.encode())


def test_the_mode_that_skips_events_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    with Database(database_url) as database, pytest.raises(SkippingReadersError):
        Ledger(database)
