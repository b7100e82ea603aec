"""Two processes' worth of writers take turns on the same streams: what each remembers of them is always behind."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from services.store.database import Database
from services.store.ledger import Ledger
from services.store.saves import Appended, Result, Save
from soak.facts import new_stream, new_token, told_apart
from soak.history import Attempt, History
from soak.log import stored
from soak.verdict import Verdict, judge

Append = Callable[[Save], Awaitable[Result]]
_STREAMS = 4
_BEHIND = 0.2
"""How many saves rely on a version that was overtaken."""


def run(url: str, rounds: int) -> list[Verdict]:
    """Let somebody else append each time; a save that fits must be accepted, one that is behind refused."""
    with Database(url) as first, Ledger(first) as one, Database(url) as second, Ledger(second) as other:
        attempts = asyncio.run(_take_turns([one, other], rounds))
    return [judge("writers whose memory is behind", rounds, [History(attempts, [], *stored(url))])]


async def _take_turns(ledgers: list[Ledger], rounds: int) -> list[Attempt]:
    attempts: list[Attempt] = []
    async with AsyncExitStack() as open_writers:
        ways: list[Append] = []
        for ledger in ledgers:
            writer = await open_writers.enter_async_context(ledger.group_commit())
            ways += [writer.append, _by_thread(ledger)]
        # At the same time, so that what is in one batch or lane with a save has to do with other streams.
        await asyncio.gather(*[_on_one_stream(ways, rounds, attempts) for _ in range(_STREAMS)])
    return attempts


def _by_thread(ledger: Ledger) -> Append:
    async def append(save: Save) -> Result:
        return (await asyncio.to_thread(ledger.log_recorder.append, [save]))[0]

    return append


async def _on_one_stream(ways: list[Append], rounds: int, attempts: list[Attempt]) -> None:
    stream, reached = new_stream(), 0
    for _ in range(rounds):
        behind = reached > 0 and random.random() < _BEHIND  # noqa: S311 - no secret
        first = reached if behind else reached + 1
        tokens = [new_token() for _ in range(random.choice([1, 2]))]  # noqa: S311 - no secret
        began = time.monotonic_ns()
        result = await random.choice(ways)(told_apart(stream, first, tokens))  # noqa: S311 - no secret
        positions = result.positions if isinstance(result, Appended) else None
        attempts.append(Attempt(began, time.monotonic_ns(), stream, first, tuple(tokens), positions))
        if positions is not None:
            reached = first + len(tokens) - 1
