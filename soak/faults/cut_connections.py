"""The connection breaks before a save arrives, or after it was committed: answered once, stored once."""

import asyncio
import itertools
import time
from collections.abc import Callable

from eventsourcing.persistence import OperationalError

from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.writing.saves import Appended, Result, Save
from soak.facts import new_stream, new_token, told_apart
from soak.history import Attempt, History
from soak.log import stored
from soak.verdict import Verdict, judge
from soak.wire import Wire

Append = Callable[[list[Save]], list[Result]]


def run(url: str, rounds: int) -> list[Verdict]:
    """Cut in turns before and after the commit of saves that threads and tasks make."""
    with Wire(url) as wire, Database(wire.url) as database, Ledger(database) as ledger:

        async def by_task(saves: list[Save]) -> list[Result]:
            async with ledger.group_commit() as writer:
                return await writer.append_all(saves)

        ways: list[tuple[Append, bool]] = [
            (append, after)
            for append in (ledger.log_recorder.append, lambda saves: asyncio.run(by_task(saves)))
            for after in (True, False)
        ]
        attempts: list[Attempt] = []
        for number, (append, after) in enumerate(itertools.islice(itertools.cycle(ways), rounds)):
            attempts += _cut(wire, append, number, after=after)
    if wire.cuts < rounds:
        raise RuntimeError(f"{rounds} cuts were asked for and {wire.cuts} made")
    return [judge("connection cut before and after COMMIT", rounds, [History(attempts, [], *stored(url))])]


def _cut(wire: Wire, append: Append, number: int, *, after: bool) -> list[Attempt]:
    """Two saves in one call, during which the connection is cut."""
    asked = []
    for tokens in ([new_token()], [new_token(), new_token()]):
        key = f"soak-{number}-{len(tokens)}"
        asked.append(Attempt(time.monotonic_ns(), None, new_stream(), 1, tuple(tokens), None, key))
    wire.cut(asked[0].tokens[0], after=after)
    saves = [told_apart(StreamId(one.stream), 1, list(one.tokens), one.key) for one in asked]
    try:
        results = append(saves)
    except OperationalError:
        return asked
    ended = time.monotonic_ns()
    return [
        Attempt(
            one.began,
            ended,
            one.stream,
            1,
            one.tokens,
            result.positions if isinstance(result, Appended) else None,
            one.key,
        )
        for one, result in zip(asked, results, strict=True)
    ]
