"""Group commit: those who append together share a transaction, and neither errors nor impatience."""

import asyncio
import contextlib
import threading
from collections.abc import Sequence

import pytest
from eventsourcing.persistence import IntegrityError

from services.application import Zeren
from services.store.writing.group_commit import ClosedError, GroupCommit
from services.store.writing.leader_follower import LeaderFollowerCommit
from services.store.writing.saves import Appended, Result, Save
from tests.store.facts import new_stream, save
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that tests of tasks run in."""
    return "asyncio"


def spoilt() -> Save:
    """A save that PostgreSQL cannot take: text without meaning to it."""
    return save(new_stream(), 1, key="\0")


async def test_tasks_share_transactions(zeren: Zeren) -> None:
    before = zeren.ledger.size()
    async with zeren.ledger.group_commit() as writer:
        results = await asyncio.gather(*[writer.append(save(new_stream(), 1, 2)) for _ in range(64)])
    appended = [one for one in results if isinstance(one, Appended)]
    assert sorted(at for one in appended for at in one.positions) == list(range(before + 1, before + 129))
    assert len({one.recorded_at for one in appended}) < 8


async def test_a_task_that_conflicts_loses_alone(zeren: Zeren) -> None:
    stream = new_stream()
    async with zeren.ledger.group_commit() as writer:
        await writer.append(save(stream, 1))
        lost, gap, won, second = await asyncio.gather(
            writer.append(save(stream, 1)),
            writer.append(save(stream, 3)),
            writer.append(save(stream, 2)),
            writer.append(save(stream, 2, name="又一次")),
        )
    assert isinstance(lost, IntegrityError)
    assert isinstance(gap, IntegrityError)
    assert isinstance(won, Appended)
    assert isinstance(second, IntegrityError)
    assert [one.version for one in zeren.ledger.read_stream(stream)] == [1, 2]


async def test_an_error_meets_only_those_who_deserve_it(zeren: Zeren) -> None:
    async with zeren.ledger.group_commit() as writer:
        results = await asyncio.gather(
            writer.append(save(new_stream(), 1)),
            writer.append(spoilt()),
            writer.append(save(new_stream(), 1)),
            return_exceptions=True,
        )
    first, error, second = results
    assert isinstance(first, Appended)
    assert isinstance(error, Exception)
    assert isinstance(second, Appended)


async def test_who_leaves_the_queue_is_not_recorded_and_holds_nobody_up(zeren: Zeren) -> None:
    stream = new_stream()
    async with zeren.ledger.group_commit() as writer:
        leaving = asyncio.create_task(writer.append(save(stream, 1)))
        staying = asyncio.create_task(writer.append(save(new_stream(), 1)))
        await asyncio.sleep(0)
        leaving.cancel()
        assert isinstance(await staying, Appended)
        with contextlib.suppress(asyncio.CancelledError):
            await leaving
    assert zeren.ledger.read_stream(stream) == []


async def test_closing_records_what_waits_and_takes_no_more(zeren: Zeren) -> None:
    before = zeren.ledger.size()
    writer = zeren.ledger.group_commit()
    async with writer:
        waiting = [asyncio.create_task(writer.append(save(new_stream(), 1))) for _ in range(10)]
        await asyncio.sleep(0)
    assert all([isinstance(await one, Appended) for one in waiting])
    assert zeren.ledger.size() == before + 10
    with pytest.raises(ClosedError):
        await writer.append(save(new_stream(), 1))


async def test_a_full_queue_holds_callers_up(zeren: Zeren) -> None:
    ledger = zeren.ledger
    async with GroupCommit(ledger.database.url, ledger.log_recorder.statements, batch=2, limit=4) as writer:
        waiting = [asyncio.create_task(writer.append(save(new_stream(), 1))) for _ in range(40)]
        deepest = 0
        while not all(one.done() for one in waiting):
            deepest = max(deepest, writer.waiting)
            await asyncio.sleep(0)
        appended = [one.result() for one in waiting]
    assert 0 < deepest <= 4
    positions = [one.position for one in appended if isinstance(one, Appended)]
    batches = "SELECT count(*) AS batches FROM zeren.log WHERE last_of_batch AND notification_id = ANY(%(positions)s)"
    assert ledger.database.rows(batches, {"positions": positions}) == [{"batches": 20}]


async def test_few_wait_for_the_batch_under_way_and_many_are_sent_behind_it(zeren: Zeren) -> None:
    async with zeren.ledger.group_commit() as writer:

        async def append(callers: int) -> list[asyncio.Task[Result]]:
            started = [asyncio.create_task(writer.append(save(new_stream(), 1))) for _ in range(callers)]
            await asyncio.sleep(0.05)
            return started

        await writer.append(save(new_stream(), 1))
        with zeren.database.connection() as connection, connection.transaction():
            connection.execute("SELECT FROM zeren.log_head FOR UPDATE")
            under_way = await append(1)
            assert writer.waiting == 0
            few = await append(10)
            assert writer.waiting == 10
            many = await append(30)
            assert writer.waiting == 0
        assert all([isinstance(await one, Appended) for one in (*under_way, *few, *many)])


async def test_a_writer_that_is_killed_leaves_nobody_waiting(zeren: Zeren) -> None:
    writer = await zeren.ledger.group_commit().__aenter__()
    with zeren.database.connection() as connection, connection.transaction():
        connection.execute("SELECT FROM zeren.log_head FOR UPDATE")
        waiting = [asyncio.create_task(writer.append(save(new_stream(), 1))) for _ in range(3)]
        await asyncio.sleep(0.2)
        for task in asyncio.all_tasks():
            if task.get_name().startswith("group commit"):
                task.cancel()
        for one in waiting:
            with pytest.raises(asyncio.CancelledError):
                await one
    with pytest.raises(ClosedError):
        await writer.append(save(new_stream(), 1))


def test_threads_share_transactions(zeren: Zeren) -> None:
    before = zeren.ledger.size()
    results: list[object] = []
    start = threading.Barrier(16)

    def write() -> None:
        start.wait()
        for _ in range(4):
            results.extend(zeren.ledger.log_recorder.append([save(new_stream(), 1)]))

    threads = [threading.Thread(target=write) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    appended = [one for one in results if isinstance(one, Appended)]
    assert sorted(one.position for one in appended) == list(range(before + 1, before + 65))
    assert len({one.recorded_at for one in appended}) < 48


def test_an_error_meets_only_the_threads_that_deserve_it(zeren: Zeren) -> None:
    met: list[str] = []
    start = threading.Barrier(9)

    def write(one: Save) -> None:
        start.wait()
        try:
            met.append(type(zeren.ledger.log_recorder.append([one])[0]).__name__)
        except Exception:  # noqa: BLE001 - counted
            met.append("error")

    saves = [spoilt(), *(save(new_stream(), 1) for _ in range(8))]
    threads = [threading.Thread(target=write, args=(one,)) for one in saves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(met) == ["Appended"] * 8 + ["error"]


def test_an_error_that_concerns_everybody_is_met_once_by_each() -> None:
    calls: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(asked: Sequence[int]) -> list[int]:
        calls.append(len(asked))
        begun.set()
        go_on.wait(PATIENCE)
        raise ConnectionError

    combined: LeaderFollowerCommit[int, int] = LeaderFollowerCommit(
        work, shared=lambda error: isinstance(error, ConnectionError)
    )
    met: list[Exception] = []

    def ask() -> None:
        try:
            combined([1])
        except ConnectionError as error:
            met.append(error)

    first = threading.Thread(target=ask)
    first.start()
    begun.wait(PATIENCE)
    others = [threading.Thread(target=ask) for _ in range(4)]
    for thread in others:
        thread.start()
    eventually(lambda: combined.waiting == 4)
    go_on.set()
    for thread in [first, *others]:
        thread.join()
    assert calls == [1, 4]
    assert len(met) == 5


def test_nobody_takes_the_end_of_the_leading_thread_for_an_answer() -> None:
    leading, followed = threading.Event(), threading.Event()

    def work(_asked: Sequence[int]) -> Sequence[int]:
        leading.set()
        followed.wait(PATIENCE)
        raise SystemExit

    combined: LeaderFollowerCommit[int, int] = LeaderFollowerCommit(work, shared=lambda _error: False)
    told: list[object] = []

    def ask() -> None:
        try:
            told.append(combined([1]))
        except (InterruptedError, SystemExit) as error:
            told.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    threads[0].start()
    leading.wait(PATIENCE)
    for thread in threads[1:]:
        thread.start()
    eventually(lambda: combined.waiting == 2)
    followed.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert told.count(SystemExit) == 2
    assert told.count(InterruptedError) == 1
