"""What a process notices that goes on while its database is put back, or another server answers for it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from events.vocabulary.identifiers import StreamId
from services.store.identity.lineage import Noticed
from services.store.ledger import Ledger
from services.store.writing.saves import Appended, Result, Save
from soak.cluster import cluster
from soak.facts import new_stream, save
from tests.store.identity.restoring import Picture, another, base_backup, opened
from tests.waiting import eventually

pytestmark = pytest.mark.anyio

Append = Callable[[Save], Awaitable[Result]]
Work = Callable[[Append], Awaitable[None]]
Writing = Callable[[Ledger, Work], Awaitable[None]]


async def by_tasks(ledger: Ledger, work: Work) -> None:
    """Have something appended by the writer for tasks."""
    async with ledger.group_commit() as writer:
        await work(writer.append)


async def by_threads(ledger: Ledger, work: Work) -> None:
    """Have something appended by the writer for threads."""

    async def append(one: Save) -> Result:
        return (await asyncio.to_thread(ledger.log_recorder.append, [one]))[0]

    await work(append)


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that tests of tasks run in."""
    return "asyncio"


async def by_another(url: str, stream: StreamId) -> None:
    """Have another process record the first fact of a stream."""
    with opened(url) as ledger:
        await by_threads(ledger, lambda append: _first(append, stream))


async def _first(append: Append, stream: StreamId) -> None:
    await recorded(append, stream, 1)


WAYS = pytest.mark.parametrize("writing", [by_tasks, by_threads])


async def recorded(append: Append, stream: StreamId, version: int) -> int:
    """Record a fact; its position."""
    found = await append(save(stream, version))
    assert isinstance(found, Appended), found
    return found.position


@WAYS
async def test_files_that_were_put_back_below_a_writer(tmp_path: Path, writing: Writing) -> None:
    with cluster() as server, opened(server.url) as ledger:
        kept, lost = new_stream(), new_stream()

        async def work(append: Append) -> None:
            await recorded(append, kept, 1)
            picture = Picture(server, tmp_path)
            assert [await recorded(append, lost, version) for version in (1, 2, 3)] == [2, 3, 4]
            assert ledger.state(lost).version == 3
            assert ledger.identity.now()[1].present.number == 1, "a server that was started again is what it was"
            picture.put_back()
            assert await recorded(append, kept, 2) == 2
            found = ledger.identity.now()[1].present
            assert (found.number, found.since, found.noticed) == (2, 1, Noticed.WENT_BACK)
            assert "position 4" in found.reason
            assert ledger.state(lost).version == 0, "nothing is remembered of what there is no more"
            assert [await recorded(append, lost, version) for version in (1, 2, 3)] == [3, 4, 5]
            assert ledger.identity.now()[1].present == found

        await writing(ledger, work)


@WAYS
@pytest.mark.parametrize("connected", [True, False], ids=["connected", "not yet connected"])
async def test_a_standby_that_takes_over_below_a_writer(writing: Writing, connected: bool) -> None:  # noqa: FBT001
    with cluster() as server, another() as standby, opened(server.url) as ledger:
        stream = new_stream()

        async def work(append: Append) -> None:
            if connected:
                await recorded(append, stream, 1)
            else:
                await by_another(server.url, stream)
            base_backup(server, standby, "--write-recovery-conf")
            server.stop()
            standby.sockets, sockets = server.sockets, standby.sockets
            standby.start()
            standby.execute("SELECT pg_promote()")
            eventually(lambda: standby.execute("SELECT pg_is_in_recovery()") == "False", "the promotion")
            assert await recorded(append, stream, 2) == 2
            found = ledger.identity.now()[1].present
            assert (found.number, found.since, found.noticed) == (2, 1, Noticed.PROMOTED)
            standby.stop()
            standby.sockets = sockets

        await writing(ledger, work)
