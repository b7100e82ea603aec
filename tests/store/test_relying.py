"""A save may rely on streams that it does not write: it is recorded only while they stand where it says."""

import asyncio

import pytest
from eventsourcing.persistence import IntegrityError

from events.vocabulary.identifiers import StreamId
from services.application import Zeren
from services.store.writing.saves import Appended, Save
from tests.store.facts import new_stream, save

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that tests of tasks run in."""
    return "asyncio"


def relying(stream: StreamId, *versions: int, on: dict[str, int]) -> Save:
    """A save of one stream that relies on others."""
    one = save(stream, *versions)
    return Save(one.stream, one.events, one.keys, tuple(on.items()))


def asking(on: dict[str, int]) -> Save:
    """A save that records nothing and asks whether streams stand where they stood."""
    return Save("", (), (), tuple(on.items()))


async def test_a_save_is_kept_out_when_what_it_relies_on_has_moved(zeren: Zeren) -> None:
    person, absent, stream = new_stream(), new_stream(), new_stream()
    async with zeren.ledger.group_commit() as writer:
        await writer.append(save(person, 1, 2))
        assert isinstance(await writer.append(relying(stream, 1, on={person: 1})), IntegrityError)
        assert isinstance(await writer.append(relying(stream, 1, on={absent: 1})), IntegrityError)
        assert isinstance(await writer.append(relying(stream, 1, on={person: 0})), IntegrityError)
        assert isinstance(await writer.append(relying(stream, 1, on={person: 2, absent: 0})), Appended)


async def test_what_others_of_the_same_batch_write_counts(zeren: Zeren) -> None:
    person, stream, other = new_stream(), new_stream(), new_stream()
    async with zeren.ledger.group_commit() as writer:
        before, moved, late, after = await asyncio.gather(
            writer.append(relying(stream, 1, on={person: 0})),
            writer.append(save(person, 1)),
            writer.append(relying(other, 1, on={person: 0})),
            writer.append(relying(other, 1, on={person: 1})),
        )
    assert isinstance(before, Appended)
    assert isinstance(moved, Appended)
    assert isinstance(late, IntegrityError)
    assert isinstance(after, Appended)


async def test_what_another_writer_has_recorded_counts(zeren: Zeren) -> None:
    person, stream = new_stream(), new_stream()
    async with zeren.ledger.group_commit() as writer:
        await writer.append(save(person, 1))
        zeren.ledger.log_recorder.append([save(person, 2)])
        assert isinstance(await writer.append(relying(stream, 1, on={person: 1})), IntegrityError)
        assert isinstance(await writer.append(relying(stream, 1, on={person: 2})), Appended)


async def test_a_save_of_nothing_confirms_where_streams_stand(zeren: Zeren) -> None:
    person = new_stream()
    async with zeren.ledger.group_commit() as writer:
        await writer.append(save(person, 1))
        confirmed, refuted, with_others = await asyncio.gather(
            writer.append(asking({person: 1})),
            writer.append(asking({person: 2})),
            writer.append(save(new_stream(), 1)),
        )
    assert isinstance(confirmed, Appended)
    assert isinstance(with_others, Appended)
    assert (confirmed.positions, confirmed.position) == ((), with_others.position - 1)
    assert isinstance(refuted, IntegrityError)


def test_threads_rely_alike(zeren: Zeren) -> None:
    person = new_stream()
    append = zeren.ledger.log_recorder.append
    append([save(person, 1)])
    confirmed, refuted = append([asking({person: 1}), asking({person: 0})])
    assert isinstance(confirmed, Appended)
    assert confirmed.position == zeren.ledger.size()
    assert isinstance(refuted, IntegrityError)
