"""Waiting for a position: once for everybody, without a thread each, and never for ever."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.application import Zeren
from services.questions import views as asking
from services.questions.checkpoints import Checkpoints
from services.questions.views import KnownInFutureError, PositionUnknownError, ViewBehindError
from services.store.database import Database
from services.store.reading.change_signal import ChangeSignal
from tests.store.people import register
from tests.waiting import PATIENCE, eventually

WAITERS = 500


class Counting(Database):
    """Counts the queries it is asked."""

    asked = 0

    def rows(
        self, query: str, parameters: dict[str, Any] | None = None, *, binary: bool = False
    ) -> list[dict[str, Any]]:
        self.asked += 1
        return super().rows(query, parameters, binary=binary)


@pytest.fixture
def quiet(database_url: str) -> Iterator[Zeren]:
    """A ledger whose views move when they are told to."""
    with Zeren(database_url, projecting=False, notify=False) as opened:
        opened.runner.catch_up()
        yield opened


@pytest.fixture
def counting(quiet: Zeren, database_url: str) -> Iterator[Counting]:
    """The same database, its questions counted."""
    with Counting(database_url) as database:
        quiet.views.close()
        quiet.views.database = database
        quiet.views.checkpoints = Checkpoints(database)
        yield database
        quiet.views.close()


async def arrive_late(zeren: Zeren, waiters: int, position: int) -> None:
    """Let so many wait for a position that the views reach a second later."""
    threads = threading.active_count()
    waiting = [asyncio.create_task(zeren.views.reached("people", at_least=position)) for _ in range(waiters)]
    await asyncio.sleep(1.0)
    assert not any(one.done() for one in waiting)
    assert threading.active_count() <= threads + 2
    await asyncio.to_thread(zeren.runner.catch_up)
    zeren.views.checkpoints.moved()
    reached = await asyncio.gather(*waiting)
    assert {one.position for one in reached} == {position}


def test_five_hundred_waiters_ask_no_more_than_one(quiet: Zeren, counting: Counting) -> None:
    asyncio.run(arrive_late(quiet, 1, register(quiet)))
    alone = counting.asked
    asyncio.run(arrive_late(quiet, WAITERS, register(quiet)))
    assert counting.asked - alone <= 2 * alone


def test_nobody_looks_while_nobody_waits(quiet: Zeren, counting: Counting) -> None:
    asyncio.run(quiet.views.reached("people", at_least=register(quiet) - 1))
    asked = counting.asked
    quiet.views.checkpoints.moved()
    time.sleep(0.2)
    assert counting.asked == asked


def test_whoever_waits_too_long_is_told(quiet: Zeren, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.1)
    position = register(quiet)
    with pytest.raises(ViewBehindError):
        asyncio.run(quiet.views.reached(at_least=position))
    with pytest.raises(ViewBehindError):
        quiet.views.moment(at_least=position)


def test_a_position_that_the_log_does_not_have_is_not_waited_for(quiet: Zeren) -> None:
    beyond = quiet.ledger.size() + 1
    for known, seen in ((beyond, None), (None, beyond)):
        with pytest.raises(PositionUnknownError):
            asyncio.run(quiet.views.reached(known_position=known, at_least=seen))
        with pytest.raises(PositionUnknownError):
            quiet.views.moment(known_position=known, at_least=seen)


def test_what_is_recorded_right_after_a_look_is_not_called_unknown(quiet: Zeren) -> None:
    checkpoints = quiet.views.checkpoints
    for _ in range(20):
        assert checkpoints.reached(("people",), 0).result(PATIENCE) >= 0
        # The look is fresh for a moment, and knows nothing of this.
        position = register(quiet)
        waiting = checkpoints.reached(("people",), position, position)
        quiet.runner.catch_up()
        assert waiting.result(PATIENCE) == position


def test_a_view_that_has_nothing_to_do_with_the_question_is_not_waited_for(quiet: Zeren) -> None:
    position = register(quiet)
    quiet.runner.catch_up()
    with quiet.database.connection() as connection:
        connection.execute("UPDATE zeren.checkpoint SET position = 0 WHERE projection = 'audit'")
    assert asyncio.run(quiet.views.reached("people", at_least=position)).position == position
    waiting = quiet.views.checkpoints.reached((), position)
    assert quiet.views.checkpoints.reached(("audit",), 0).result(PATIENCE) == 0
    assert not waiting.done()


def test_what_was_known_at_a_time_is_waited_for(quiet: Zeren) -> None:
    position = register(quiet)
    now = datetime.now(UTC)
    mover = threading.Timer(0.3, quiet.runner.catch_up)
    mover.start()
    reached = asyncio.run(quiet.views.reached("people", known_at=now + timedelta(seconds=30)))
    mover.join()
    assert (reached.known_position, reached.position) == (position, position)


def test_a_known_time_that_is_still_to_come_is_refused(quiet: Zeren) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    with pytest.raises(KnownInFutureError):
        quiet.views.moment("people", known_at=later)
    with pytest.raises(KnownInFutureError):
        asyncio.run(quiet.views.reached("people", known_at=later))


def test_a_known_time_that_the_log_has_reached_is_none_to_come(database_url: str) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with Zeren(database_url, clock=lambda: tomorrow) as zeren:
        position = register(zeren)
        assert zeren.views.moment("people", known_at=tomorrow).known_position == position
        with pytest.raises(KnownInFutureError):
            zeren.views.moment("people", known_at=tomorrow + timedelta(seconds=1))


def test_waiters_hear_that_the_database_is_away(quiet: Zeren, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_query: str, _parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        raise ConnectionError("away")

    position = register(quiet)
    monkeypatch.setattr(quiet.database, "rows", away)
    with pytest.raises(ConnectionError):
        quiet.views.checkpoints.reached((), position).result(PATIENCE)
    monkeypatch.undo()
    waiting = quiet.views.checkpoints.reached((), position)
    quiet.runner.catch_up()
    assert waiting.result(PATIENCE) == position


def test_closing_ends_all_waiting(quiet: Zeren) -> None:
    waiting: list[Future[int]] = [quiet.views.checkpoints.reached((), register(quiet))]
    quiet.views.close()
    waiting.append(quiet.views.checkpoints.reached((), 0))
    for one in waiting:
        with pytest.raises(ViewBehindError):
            one.result(PATIENCE)


def test_whoever_left_is_forgotten(quiet: Zeren) -> None:
    checkpoints = quiet.views.checkpoints
    gone = checkpoints.reached((), register(quiet))
    assert gone.cancel()
    eventually(lambda: not checkpoints._waiting)  # noqa: SLF001 - nobody else can see it


def test_a_signal_that_comes_before_somebody_waits_is_not_lost() -> None:
    signal = ChangeSignal()

    async def listen() -> list[bool]:
        with signal.listening() as listener:
            await asyncio.to_thread(signal.notify)
            came = [await listener.wait(PATIENCE), await listener.wait(0.01)]
        signal.notify()
        return came

    assert asyncio.run(listen()) == [True, False]
    signal.notify()
