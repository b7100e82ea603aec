"""Reads states for the tasks of an event loop: one thread reads what all of them lack, however many wait."""

import asyncio
import time
from collections.abc import Callable, Iterable

from aggregates.decider import State
from events.vocabulary.identifiers import StreamId
from services.handling.patience import AWAY, PATIENCE, PAUSE

States = dict[StreamId, State]


class Loading:
    """Reads streams as they are in the store at some moment after they were asked for."""

    def __init__(self, read: Callable[[Iterable[StreamId]], States]) -> None:
        self._read = read
        self._asked: list[tuple[frozenset[StreamId], asyncio.Future[States]]] = []
        self._reader: asyncio.Task[None] | None = None

    async def __call__(self, streams: Iterable[StreamId]) -> States:
        """The states of the streams, among others.

        Raises:
            psycopg.Error: the store was away for `PATIENCE` seconds.
        """
        found: asyncio.Future[States] = asyncio.get_running_loop().create_future()
        self._asked.append((frozenset(streams), found))
        if self._reader is None:
            self._reader = asyncio.create_task(self._serve(), name="loading states")
        return await found

    async def _serve(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, []
                streams = {stream for wanted, _ in asked for stream in wanted}
                try:
                    states = await self._patiently(streams)
                except Exception as error:  # noqa: BLE001 - whatever it is, it goes to those who wait
                    for _, found in asked:
                        if not found.done():
                            found.set_exception(error)
                else:
                    for _, found in asked:
                        if not found.done():
                            found.set_result(states)
        finally:
            self._reader = None

    async def _patiently(self, streams: set[StreamId]) -> States:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return await asyncio.to_thread(self._read, streams)
            except AWAY:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(PAUSE)
