"""Two processes' worth of writers take turns on the same streams: what each remembers of them is always behind."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack

from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.writing.saves import Appended, Result, Save
from soak.facts import new_stream, new_token, told_apart
from soak.history import Attempt, History
from soak.log import stored
from soak.verdict import Verdict, judge

Append = Callable[[Save], Awaitable[Result]]
_STREAMS = 4
_EVENTS = (0, 0, 1, 2)
"""How many events a save may have; one without any only asks whether a stream stands where it stood."""
_BEHIND = 0.4
"""How many saves rely on a version that may have been overtaken."""
_RELYING = 0.1
"""How many saves rely on another stream, which soon is not as they say."""


def run(url: str, rounds: int) -> list[Verdict]:
    """Let somebody else append each time; a save that fits must be accepted, one that is behind refused."""
    with Database(url) as first, Ledger(first) as one, Database(url) as second, Ledger(second) as other:
        attempts = asyncio.run(_take_turns([one, other], rounds))
    return [judge("writers whose memory is behind", rounds, [History(attempts, [], *stored(url))])]


async def _take_turns(ledgers: list[Ledger], rounds: int) -> list[Attempt]:
    async with AsyncExitStack() as open_writers:
        ways: list[Append] = []
        for ledger in ledgers:
            writer = await open_writers.enter_async_context(ledger.group_commit())
            ways += [writer.append, _by_thread(ledger)]
        # At the same time, so that what is in one batch or lane with a save has to do with other streams.
        turns = [_Turns(ways) for _ in range(_STREAMS)]
        await asyncio.gather(*[one.take(rounds, other.stream) for one, other in zip(turns, turns[::-1], strict=True)])
    return [attempt for one in turns for attempt in one.attempts]


def _by_thread(ledger: Ledger) -> Append:
    async def append(save: Save) -> Result:
        return (await asyncio.to_thread(ledger.log_recorder.append, [save]))[0]

    return append


class _Turns:
    """Saves to one stream, one after another, each by another way than perhaps the last."""

    def __init__(self, ways: Sequence[Append]) -> None:
        self._ways = ways
        self.stream = new_stream()
        self.reached = 0
        self.attempts: list[Attempt] = []

    async def take(self, rounds: int, neighbour: StreamId) -> None:
        """Append, and sometimes only ask whether a stream still stands where it stood."""
        behind = 0
        for _ in range(rounds):
            version = behind if random.random() < _BEHIND else self.reached  # noqa: S311 - no secret
            behind = self.reached
            tokens = tuple(new_token() for _ in range(random.choice(_EVENTS)))  # noqa: S311 - no secret
            relies = [(neighbour, 0)] if random.random() < _RELYING else []  # noqa: S311 - no secret
            await self._ask(version, tokens, relies if tokens else [(self.stream, version)])

    async def _ask(self, version: int, tokens: tuple[str, ...], stands: list[tuple[StreamId, int]]) -> None:
        began = time.monotonic_ns()
        asked = told_apart(self.stream, version + 1, tokens, stands=stands)
        result = await random.choice(self._ways)(asked)  # noqa: S311 - no secret
        positions = result.positions if isinstance(result, Appended) else None
        self.attempts.append(
            Attempt(began, time.monotonic_ns(), self.stream, version + 1, tokens, positions, stands=tuple(stands))
        )
        if tokens and positions is not None:
            self.reached = version + len(tokens)
