"""Law: the handler for tasks answers as the one for threads does, whatever is asked in whatever state of the memory."""

import asyncio
import random
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, cast

import pytest
from eventsourcing.application import LRUCache

from aggregates.refusal import Refused
from events.vocabulary.identifiers import StreamId
from services.application import Zeren
from services.handling import KeyReusedError, Outcome, Request, TaskHandler, VersionMismatchError
from tests.handling.conftest import asked
from tests.views.histories import MADE_UP, History

pytestmark = pytest.mark.anyio


def requests(seed: int, count: int) -> list[Request]:
    """Commands of a history; some under keys, some given again, some with an expected version."""
    history = History(seed)
    chance = random.Random(seed)  # noqa: S311 - a seeded history, not a secret
    made: list[Request] = [asked(stream, command) for stream, command in history.opening()]
    while len(made) < count:
        if chance.random() < 0.15:
            made.append(chance.choice(made[-20:]))
            continue
        stream, command = history.anything()
        key = f"{seed}-{chance.randrange(40)}" if chance.random() < 0.3 else None
        expected = chance.randrange(12) if chance.random() < 0.1 else None
        made.append(asked(stream, command, key=key, expected=expected))
    return made


def completing(zeren: Zeren) -> Zeren:
    """The same with made-up answers: nobody keeps views here."""
    zeren.handler.completing = MADE_UP
    return zeren


def answer(result: Outcome | BaseException) -> Any:
    """What of a result must be the same."""
    match result:
        case Refused():
            return "refused", result.code, result.field
        case VersionMismatchError():
            return "mismatch", result.version
        case KeyReusedError():
            return "reused"
        case BaseException():
            raise result
        case _:
            return result


def logged(zeren: Zeren) -> list[Any]:
    """The whole log, without times."""
    return [
        (one.stream, one.version, one.position, one.event, replace_ids(one.context.model_dump()))
        for one in zeren.ledger.read(0, 10_000)
    ]


def replace_ids(context: dict[str, Any]) -> dict[str, Any]:
    """A context without the id that is new each time."""
    return {name: value for name, value in context.items() if name != "correlation_id"}


@pytest.mark.parametrize("seed", range(6))
async def test_one_after_another(seed: int, new_database: Callable[[], str]) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seeded history, not a secret
    with ExitStack() as opened:
        by_threads, by_tasks = (
            opened.enter_context(completing(Zeren(new_database(), projecting=False))) for _ in range(2)
        )
        async with by_tasks.ledger.group_commit() as writer:
            tasks = TaskHandler(by_tasks.handler, writer)
            for request in requests(seed, 250):
                expected: Outcome | BaseException
                try:
                    expected = await asyncio.to_thread(by_threads.handler.execute, request)
                except (Refused, VersionMismatchError, KeyReusedError) as error:
                    expected = error
                found = (await asyncio.gather(tasks.execute(request), return_exceptions=True))[0]
                assert answer(found) == answer(expected), request
                if chance.random() < 0.1:
                    cast("LRUCache[str, Any]", by_tasks.ledger.repository.cache).clear()
        assert logged(by_tasks) == logged(by_threads)


@pytest.mark.parametrize("seed", range(3))
async def test_all_at_once_as_one_after_another_in_the_order_of_the_log(
    seed: int, new_database: Callable[[], str]
) -> None:
    with ExitStack() as opened:
        by_threads, by_tasks = (
            opened.enter_context(completing(Zeren(new_database(), projecting=False))) for _ in range(2)
        )
        all_at_once = [request._replace(key=None) for request in requests(seed, 250)]
        async with by_tasks.ledger.group_commit() as writer:
            tasks = TaskHandler(by_tasks.handler, writer)
            results = await asyncio.gather(*[tasks.execute(one) for one in all_at_once], return_exceptions=True)
        accepted = [
            (result.events[0].version, result.stream, request, result)
            for request, result in zip(all_at_once, results, strict=True)
            if isinstance(result, Outcome) and result.events
        ]
        order = {(one.stream, one.version): one.position for one in by_tasks.ledger.read(0, 10_000)}
        accepted.sort(key=lambda one: order[StreamId(one[1]), one[0]])
        assert accepted
        for _, _, request, result in accepted:
            again = await asyncio.to_thread(by_threads.handler.execute, request)
            assert (again.version, again.events) == (result.version, result.events)
        assert logged(by_tasks) == logged(by_threads)
        for stream in {request.stream for request in all_at_once}:
            remembered = by_tasks.ledger.remembered(stream)
            assert remembered is None or remembered == by_tasks.ledger.states([stream])[stream]
