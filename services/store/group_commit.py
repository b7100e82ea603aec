"""Group commit for an event loop: all saves that wait are recorded by one statement, one commit, one flush."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import psycopg
from eventsourcing.persistence import OperationalError
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from services.store.appending import appending, run_async
from services.store.saves import Clock, Result, Save
from services.store.statements import Statements

logger = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that saves wait for a store that is away."""
_LONGEST_PAUSE = 0.5
_CONNECT_SECONDS = 3


class ClosedError(Exception):
    """The writer was closed before the save was taken: it was not recorded."""


@dataclass(eq=False, slots=True)
class _Waiting:
    saves: Sequence[Save]
    results: "asyncio.Future[list[Result]]"


class GroupCommit:
    """Appends the saves of many tasks; an async context manager that belongs to one event loop.

    `batch` is how many callers are served by one transaction at most, `limit` how many may wait before others are
    held up.

    A cancelled caller leaves: its save is dropped if it was not taken yet, and is recorded if it was.
    """

    def __init__(
        self, url: str, statements: Statements, *, clock: Clock = lambda: None, batch: int = 512, limit: int = 8192
    ) -> None:
        self.recording = _Recording(url, statements, clock)
        self._batch = batch
        self._limit = limit
        self._queue: deque[_Waiting] = deque()
        self._served: list[_Waiting] = []
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._closed = False
        self._writer: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many callers nobody serves yet."""
        return len(self._queue)

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write(), name="group commit")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Record what waits, then give the connection back."""
        self._closed = True
        self._filled.set()
        self._room.set()
        if self._writer is not None:
            await self._writer

    async def append(self, save: Save) -> Result:
        """Record one save; the position it got, or why it lost.

        Raises:
            OperationalError: the store was away for `PATIENCE` seconds; whether the save was recorded is not known.
            ClosedError: the writer is closed.
        """
        while self._is_full:
            await self._for_room()
        return (await self._enqueued((save,)))[0]

    async def append_all(self, saves: Sequence[Save]) -> list[Result]:
        """Record saves in one transaction; each that conflicts loses alone. Raises as `append` does."""
        while self._is_full:
            await self._for_room()
        return await self._enqueued(saves)

    @property
    def _is_full(self) -> bool:
        return len(self._queue) >= self._limit and not self._closed

    async def _for_room(self) -> None:
        self._room.clear()
        await self._room.wait()

    def _enqueued(self, saves: Sequence[Save]) -> "asyncio.Future[list[Result]]":
        if self._closed or self._writer is None:
            raise ClosedError
        results = self._writer.get_loop().create_future()
        self._queue.append(_Waiting(saves, results))
        self._filled.set()
        return results

    async def _write(self) -> None:
        try:
            while await self._take():
                await self._serve(self._served)
        finally:
            self._closed = True
            self._room.set()
            for waiting in (*self._served, *self._queue):
                waiting.results.cancel()
            await self.recording.disconnect()

    async def _take(self) -> bool:
        """Whether there are callers to serve; none once the writer is closed and the queue is empty."""
        while True:
            self._served = []
            while self._queue and len(self._served) < self._batch:
                waiting = self._queue.popleft()
                if not waiting.results.cancelled():
                    self._served.append(waiting)
            self._room.set()
            if self._served or self._closed:
                return bool(self._served)
            self._filled.clear()
            await self._filled.wait()

    async def _serve(self, batch: Sequence[_Waiting]) -> None:
        """Record a batch and tell everybody in it; an error that only some deserve meets only them."""
        try:
            results = await self.recording.record([save for waiting in batch for save in waiting.saves])
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to those who wait for the outcome
            if len(batch) > 1 and not isinstance(error, OperationalError):
                for waiting in batch:
                    await self._serve([waiting])
                return
            for waiting in batch:
                if not waiting.results.done():
                    waiting.results.set_exception(error)
            return
        start = 0
        for waiting in batch:
            end = start + len(waiting.saves)
            if not waiting.results.done():
                waiting.results.set_result(results[start:end])
            start = end


class _Recording:
    """One connection and what is recorded over it, one transaction after another."""

    def __init__(self, url: str, statements: Statements, clock: Clock) -> None:
        self.url = url
        self.statements = statements
        self.clock = clock
        self.connection: AsyncConnection[DictRow] | None = None

    async def record(self, saves: Sequence[Save]) -> list[Result]:
        """Append until the outcome is known.

        After a connection broke, what was committed is looked up with the head locked, which waits for a commit that
        is still under way, and only what is not there is appended, in that same transaction.
        """
        deadline = time.monotonic() + PATIENCE
        now = self.clock()
        unsure = False
        pause = 0.01
        while True:
            try:
                connection = await self._connected()
                steps = appending(self.statements, saves, now, unsure=unsure)
                unsure = True
                return await run_async(connection, steps)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                await self.disconnect()
                if time.monotonic() > deadline:
                    raise OperationalError(str(error)) from error
                logger.warning("the store is away, trying again: %s", error)
                await asyncio.sleep(pause)
                pause = min(_LONGEST_PAUSE, 2 * pause)
            except BaseException:
                await self.disconnect()
                raise

    async def _connected(self) -> AsyncConnection[DictRow]:
        if self.connection is None:
            self.connection = await AsyncConnection.connect(
                self.url,
                autocommit=True,
                row_factory=dict_row,
                connect_timeout=_CONNECT_SECONDS,
                application_name="zeren-writer",
                options="-c timezone=UTC -c idle_in_transaction_session_timeout=10s "
                "-c default_transaction_isolation=read\\ committed",
            )
        return self.connection

    async def disconnect(self) -> None:
        """Give the connection back; what it had begun is rolled back."""
        connection, self.connection = self.connection, None
        if connection is not None:
            await connection.close()
