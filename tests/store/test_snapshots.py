"""Snapshots: a long stream is loaded from its newest one, and nothing depends on there being any."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.changing import replace
from aggregates.customer.state import Customer
from aggregates.decider import State, evolve, fold, initial
from events.base import Event
from events.customer.commitments import CommitmentRescheduled
from events.recorded import Context
from events.vocabulary import identifiers as ids
from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.mapper import EventMapper, StreamEvent
from services.store.states.snapshots import EVERY
from services.store.states.written_state import UnreadableStateError, read, write
from services.store.writing.recorder import Appended, Save
from tests.domain.given import REGISTERED
from tests.domain.histories import LAW, ORDERS, START, decided, live_through
from tests.domain.people import HUADONG, on
from tests.domain.words import commitment, made

CUSTOMER = ids.stream_id("customer", HUADONG)
HISTORY: list[Event] = [REGISTERED, *(made(no) for no in range(2, 801))]
_MAPPER = EventMapper()


def read_again(state: State) -> State:
    """A state as it is written and read."""
    written = write(state)
    return read(written.head, written.lines.whole)


# What is written is read


@pytest.mark.parametrize("kind", START)
@given(data=st.data())
@LAW
def test_what_follows_a_snapshot_follows_the_events_too(kind: ids.StreamKind, data: st.DataObject) -> None:
    scenario = live_through(data.draw(st.sampled_from(START[kind])), data.draw(ORDERS[kind]))
    taken_at = data.draw(st.sets(st.integers(0, len(scenario.history))))
    state = initial(scenario.stream)
    for event in scenario.history:
        if state.version in taken_at:
            assert read_again(state) == state
            state = read_again(state)
        state = evolve(state, event)
    assert state == scenario.state()
    for command, now in data.draw(ORDERS[kind]):
        circumstances = scenario.at(now).world(command)
        assert decided(command, state, circumstances) == decided(command, scenario.state(), circumstances)


def test_a_snapshot_on_top_of_another_begins_with_its_lines() -> None:
    first = write(fold(initial(CUSTOMER), HISTORY[:300]))
    second = write(fold(read(first.head, first.lines.whole), HISTORY[300:]))
    assert (second.lines.name, second.kept) == (first.lines.name, len(first.lines.whole))
    assert second.lines.whole.startswith(first.lines.whole)
    assert read(second.head, second.lines.whole) == fold(initial(CUSTOMER), HISTORY)


@given(orders=st.lists(st.tuples(st.sampled_from(("put", "put", "take out", "write")), st.integers(1, 9))))
@settings(deadline=None)
def test_written_items_are_as_a_dictionary_would_be(orders: list[tuple[str, int]]) -> None:
    plain: dict[str, int] = {}
    state = Customer(CUSTOMER)
    for order, (what, no) in enumerate(orders):
        items, key = state.open_items, f"commitment:{no}"
        if what == "put":
            plain[key] = order
            state = replace(state, open_items=items.put(key, order))
        elif what == "take out":
            plain.pop(key, None)
            state = replace(state, open_items=items.without(key))
        else:
            state = cast("Customer", read_again(state))
    again = cast("Customer", read_again(state)).open_items
    assert dict(again) == plain
    assert len(again) == len(plain)
    assert {no: again.get(f"commitment:{no}") for no in range(1, 10)} == {
        no: plain.get(f"commitment:{no}") for no in range(1, 10)
    }


def test_lines_that_no_item_has_any_more_are_left_behind_in_the_end() -> None:
    told: list[Event] = HISTORY[:20]
    state = fold(initial(CUSTOMER), told)
    sizes: list[float] = []
    for day in range(1, 29):
        due_at = on(f"2026-02-{day:02}")
        moved = [
            CommitmentRescheduled(commitment_id=commitment(no), due_at=due_at, previous_due_at=due_at, agreed=True)
            for no in range(2, 21)
        ]
        told += moved
        state = fold(state, moved)
        fresh = write(fold(initial(CUSTOMER), told)).lines.whole
        sizes.append(len(write(state).lines.whole) / len(fresh))
        assert read_again(state) == state
        state = read_again(state)
    assert max(sizes) < 2


def test_a_changed_byte_is_noticed() -> None:
    written = write(fold(initial(CUSTOMER), HISTORY[:3]))
    head, lines = written.head, written.lines.whole
    for wrong in ((head[:-1], lines), (b"", lines), (head[:-9] + b"x" + head[-8:], lines), (head, lines[:-1])):
        with pytest.raises(UnreadableStateError):
            read(*wrong)


# In the store


@contextmanager
def opened(url: str) -> Iterator[Ledger]:
    """A ledger as another process would open it."""
    with Database(url) as database, Ledger(database) as ledger:
        yield ledger


def append(ledger: Ledger, first: int, last: int) -> None:
    """Record versions `first` to `last` of the history."""
    events = [
        _MAPPER.to_stored_event(StreamEvent(CUSTOMER, version, HISTORY[version - 1], Context(actor="system")))
        for version in range(first, last + 1)
    ]
    (result,) = ledger.log_recorder.append([Save(CUSTOMER, events)])
    assert isinstance(result, Appended)


def snapshots(ledger: Ledger) -> list[tuple[StreamId, int]]:
    """The streams and versions of all snapshots."""
    rows = ledger.database.rows("SELECT stream, version FROM zeren.snapshot ORDER BY stream")
    return [(StreamId(row["stream"]), row["version"]) for row in rows]


def is_right(state: State, version: int) -> bool:
    """Whether a state is what follows from the history."""
    return state == fold(initial(CUSTOMER), HISTORY[:version])


def damage_events(ledger: Ledger, last: int) -> None:
    """Whoever reads one of the first events of the stream notices."""
    with ledger.database.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE zeren.log SET state = '{}' WHERE originator_id = %s AND originator_version <= %s", (CUSTOMER, last)
        )


@pytest.fixture
def long(database_url: str) -> str:
    """The URL of a ledger with one long stream and its snapshot at version 500."""
    with opened(database_url) as ledger:
        append(ledger, 1, 500)
        assert is_right(ledger.state(CUSTOMER), 500)
        ledger.kept_states.settle()
        assert snapshots(ledger) == [(CUSTOMER, 500)]
    return database_url


def test_another_process_reads_only_what_came_after(long: str) -> None:
    with opened(long) as ledger:
        append(ledger, 501, 520)
        damage_events(ledger, 500)
        assert is_right(ledger.state(CUSTOMER), 520)
    with opened(long) as ledger:
        assert is_right(ledger.states([CUSTOMER, ids.stream_id("customer", commitment(1))])[CUSTOMER], 520)


def test_a_stream_that_goes_on_gets_its_next_snapshot_and_a_short_one_none(database_url: str) -> None:
    with opened(database_url) as ledger:
        taken = []
        for first in range(1, 700, 50):
            append(ledger, first, first + 49)
            assert is_right(ledger.state(CUSTOMER), first + 49)
            ledger.kept_states.settle()
            taken += [version for _, version in snapshots(ledger) if version not in taken]
        assert taken == list(range(EVERY, 701, EVERY))
        pieces = ledger.database.rows("SELECT start FROM zeren.snapshot_lines")
        assert len(pieces) == len(taken)
        remembered = ledger.remembered(CUSTOMER)
        assert remembered is not None
        assert is_right(remembered, 700)
    with opened(database_url) as ledger:
        assert is_right(ledger.state(CUSTOMER), 700)


def test_without_snapshots_every_answer_is_the_same(long: str) -> None:
    with opened(long) as ledger:
        ledger.database.rows("DELETE FROM zeren.snapshot RETURNING stream")
        assert is_right(ledger.state(CUSTOMER), 500)
        ledger.kept_states.settle()
        assert snapshots(ledger) == [(CUSTOMER, 500)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"shape = 'of another release'", None),
        (b"head = substr(head, 1, 1000)", "is unreadable"),
        (b"head = ''", "is unreadable"),
        (b"version = 700", "is not of this log"),
        (b"position = position + 1", "is not of this log"),
        (b"version = 499, position = position - 1", "is not of this log"),
    ],
)
def test_a_snapshot_that_cannot_be_right_is_replaced(
    long: str, caplog: pytest.LogCaptureFixture, wrong: bytes, said: str | None
) -> None:
    with opened(long) as ledger:
        with ledger.database.connection() as connection:
            connection.execute(b"UPDATE zeren.snapshot SET " + wrong)
        assert is_right(ledger.state(CUSTOMER), 500)
        ledger.kept_states.settle()
        assert snapshots(ledger) == [(CUSTOMER, 500)]
    assert [record.getMessage().split("at version")[1][5:] for record in caplog.records] == ([said] if said else [])


def test_a_snapshot_that_cannot_be_written_harms_nothing(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with opened(database_url) as ledger:
        with ledger.database.connection() as connection:
            connection.execute("ALTER TABLE zeren.snapshot ADD CHECK (version = 0)")
        append(ledger, 1, 300)
        assert is_right(ledger.state(CUSTOMER), 300)
        ledger.kept_states.settle()
        assert "no snapshot of" in caplog.text
        assert snapshots(ledger) == []
        append(ledger, 301, 310)
        assert is_right(ledger.state(CUSTOMER), 310)


def test_an_older_snapshot_never_replaces_a_newer_one(long: str) -> None:
    with opened(long) as ahead, opened(long) as behind:
        assert is_right(behind.state(CUSTOMER), 500)
        append(ahead, 501, 750)
        assert is_right(ahead.state(CUSTOMER), 750)
        ahead.kept_states.settle()
        behind.kept_states.offer(fold(initial(CUSTOMER), HISTORY[:720]))
        behind.kept_states.settle()
        assert snapshots(behind) == [(CUSTOMER, 750)]


def test_two_processes_that_go_on_from_one_snapshot_mix_nothing_up(long: str, caplog: pytest.LogCaptureFixture) -> None:
    with opened(long) as one, opened(long) as other:
        for ledger in (one, other):
            assert is_right(ledger.state(CUSTOMER), 500)
        for last, ledger in zip(range(535, 781, 35), cycle((one, other))):
            append(ledger, last - 34, last)
            assert is_right(ledger.state(CUSTOMER), last)
            ledger.kept_states.settle()
    with opened(long) as ledger:
        assert is_right(ledger.state(CUSTOMER), 780)
    assert caplog.text == ""


def test_nothing_is_written_after_the_end(database_url: str) -> None:
    with opened(database_url) as ledger:
        append(ledger, 1, 300)
    ledger.kept_states.offer(fold(initial(CUSTOMER), HISTORY[:300]))
    with opened(database_url) as again:
        assert snapshots(again) == []
