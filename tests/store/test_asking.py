"""Prepared questions on connections of their own: they heal, they wait their turn, and they never mix answers up."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from psycopg import DataError, OperationalError
from psycopg.errors import DivisionByZero

from services.store.reading.asking import Asking

ECHO = "SELECT $1::text, $2::bigint, $3::timestamptz"
SLEEP = "SELECT $1::text FROM pg_sleep($2::float8)"
AT = datetime(2025, 3, 10, 8, tzinfo=UTC)
_OURS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zeren-questions'"


@pytest.fixture
def asking(database_url: str) -> Iterator[Asking]:
    opened = Asking(database_url, connections=2)
    yield opened
    opened.close()


def test_answers_come_as_they_were_asked_with_nothing_for_nothing(asking: Asking) -> None:
    assert asking.rows(ECHO, ("客户", 2**62, AT)) == [("客户", 2**62, AT)]
    assert asking.rows(ECHO, (None, None, None)) == [(None, None, None)]


def test_instants_of_any_zone_and_time_arrive_to_the_microsecond(asking: Asking) -> None:
    for at in (
        datetime(1900, 1, 1, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2199, 12, 31, 23, 59, 59, 1, tzinfo=timezone(timedelta(hours=8))),
    ):
        assert asking.rows(ECHO, (at.isoformat(), 1, at)) == [(at.isoformat(), 1, at)]


def test_a_question_that_found_nothing_at_first_finds_something_later(asking: Asking) -> None:
    question = "SELECT $1::text, ARRAY[$2::bigint] WHERE $2 > 0"
    assert [asking.rows(question, ("a", number)) for number in (0, 1, 0, 2)] == [[], [("a", [1])], [], [("a", [2])]]


def test_text_that_postgresql_cannot_hold_is_refused_whole(asking: Asking) -> None:
    with pytest.raises(DataError):
        asking.rows(ECHO, ("customer:1\0", 1, AT))
    assert asking.rows(ECHO, ("a", 1, AT)) == [("a", 1, AT)]


def test_an_error_says_what_it_is_and_the_next_question_is_answered(asking: Asking) -> None:
    with pytest.raises(DivisionByZero):
        asking.rows("SELECT 1 / $1::int", (0,))
    with pytest.raises(DivisionByZero):
        asyncio.run(asking.rows_soon("SELECT 1 / $1::int", (0,)))
    assert asking.rows("SELECT 1 / $1::int", (1,)) == [(1,)]


def test_connections_that_died_in_the_meantime_are_replaced(asking: Asking, database_url: str) -> None:
    def cut() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            assert connection.execute(_OURS).fetchall()

    asking.rows(ECHO, ("a", 1, AT))
    for _ in range(3):
        cut()
        assert asking.rows(ECHO, ("b", 1, AT)) == [("b", 1, AT)]
        cut()
        assert asyncio.run(asking.rows_soon(ECHO, ("c", 1, AT))) == [("c", 1, AT)]


def test_tasks_and_threads_beyond_the_number_of_connections_wait_and_each_gets_its_own_answer(asking: Asking) -> None:
    async def ask_all() -> list[list[tuple[object, ...]]]:
        return await asyncio.gather(*[asking.rows_soon(SLEEP, (str(number), 0)) for number in range(40)])

    found: dict[int, object] = {}

    def ask(number: int) -> None:
        found[number] = asking.rows(SLEEP, (str(number), 0))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    assert asyncio.run(ask_all()) == [[(str(number),)] for number in range(40)]
    for thread in threads:
        thread.join()
    assert found == {number: [(str(number),)] for number in range(20)}


def test_a_task_that_waits_for_its_answer_does_not_hold_up_the_others(asking: Asking, database_url: str) -> None:
    async def ask() -> list[str]:
        done: list[str] = []

        async def slow() -> None:
            await asking.rows_soon("SELECT $1::text FROM pg_advisory_lock($2::bigint)", ("slow", 1))
            done.append("slow")

        async def quick() -> None:
            await asyncio.sleep(0.05)
            done.append("quick")
            await holding.execute("SELECT pg_advisory_unlock(1)")

        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as holding:
            await holding.execute("SELECT pg_advisory_lock(1)")
            await asyncio.gather(slow(), quick())
        return done

    assert asyncio.run(ask()) == ["quick", "slow"]


def test_an_answer_that_nobody_waits_for_any_longer_is_never_that_of_the_next_question(asking: Asking) -> None:
    asking.rows(SLEEP, ("ready", 0))

    async def ask() -> list[tuple[object, ...]]:
        given_up = asyncio.create_task(asking.rows_soon(SLEEP, ("given up", 600)))
        await asyncio.sleep(0.05)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        return await asking.rows_soon(SLEEP, ("next", 0))

    assert asyncio.run(ask()) == [("next",)]


def test_nothing_is_asked_once_it_is_closed(asking: Asking) -> None:
    asking.rows(ECHO, ("a", 1, AT))
    asking.close()
    with pytest.raises(OperationalError, match="closed"):
        asking.rows(ECHO, ("a", 1, AT))
