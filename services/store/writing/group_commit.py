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

from services.store.sessions import PLAIN
from services.store.writing.appending import Row, Step, Steps, advance, appending, begins_transaction
from services.store.writing.memory import Memory
from services.store.writing.pipeline import Pipeline
from services.store.writing.saves import Clock, Result, Save
from services.store.writing.statements import Statements

logger = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that saves wait for a store that is away."""
_LONGEST_PAUSE = 0.5
_LANES = 2
"""Batches under way at a time: while one is recorded, the next is made ready."""
_WORTH_A_LANE = 32
"""So many callers have to wait before a batch is sent behind another one: small batches cost more than they save."""
_CONNECT_SECONDS = 3
WRITER_OPTIONS = (
    f"{PLAIN} -c idle_in_transaction_session_timeout=10s -c default_transaction_isolation=read\\ committed "
    # What is acknowledged is on disk, whatever the server's setting was changed to since the start.
    "-c synchronous_commit=on "
    # Planning a batch takes longer than recording it, and no plan is better than the one for any batch.
    "-c plan_cache_mode=force_generic_plan -c jit=off"
)
"""Settings of a session that appends."""


Answers = list[asyncio.Future[list[Row]]]


class ClosedError(Exception):
    """The writer was closed before the save was taken: it was not recorded."""


@dataclass(eq=False, slots=True)
class _Waiting:
    saves: Sequence[Save]
    results: "asyncio.Future[list[Result]]"


class GroupCommit:
    """Appends the saves of many tasks; an async context manager that belongs to one event loop.

    `batch` is how many callers are served by one transaction at most, `limit` how many may wait before others are
    held up. A cancelled caller leaves: its save is dropped if it was not taken yet, and is recorded if it was.
    `memory` may say where the log lay, and hears when it is found to be another incarnation.
    """

    def __init__(
        self,
        url: str,
        statements: Statements,
        *,
        clock: Clock = lambda: None,
        batch: int = 512,
        limit: int = 8192,
        memory: Memory | None = None,
    ) -> None:
        self._recording = _Recording(url, statements, clock, memory or Memory())
        self._batch = batch
        self._limit = limit
        self._queue: deque[_Waiting] = deque()
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._closed = False
        self._busy = 0
        """Lanes with a batch under way."""
        self._writers: list[asyncio.Task[None]] = []

    @property
    def waiting(self) -> int:
        """How many callers nobody serves yet."""
        return len(self._queue)

    async def __aenter__(self) -> Self:
        self._writers = [asyncio.create_task(self._write(), name=f"group commit {lane}") for lane in range(_LANES)]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Record what waits, then give the connection back."""
        self._closed = True
        self._filled.set()
        self._room.set()
        try:
            await asyncio.gather(*self._writers)
        finally:
            await self._recording.disconnect()

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
        if self._closed or not self._writers:
            raise ClosedError
        results = self._writers[0].get_loop().create_future()
        self._queue.append(_Waiting(saves, results))
        if self._is_worth_a_lane:
            self._filled.set()
        return results

    async def _write(self) -> None:
        """Serve one batch after another until the writer is closed, or killed: then whoever still waits is told."""
        batch: list[_Waiting] = []
        try:
            while batch := await self._take():
                self._busy += 1
                try:
                    await self._serve(batch)
                finally:
                    self._busy -= 1
        finally:
            self._closed = True
            self._filled.set()
            self._room.set()
            for waiting in (*batch, *self._queue):
                waiting.results.cancel()

    async def _take(self) -> list[_Waiting]:
        """Callers to serve; none once the writer is closed and the queue is empty."""
        while True:
            batch: list[_Waiting] = []
            share = self._share
            while self._queue and len(batch) < share:
                waiting = self._queue.popleft()
                if not waiting.results.cancelled():
                    batch.append(waiting)
            self._room.set()
            if batch or self._closed:
                return batch
            self._filled.clear()
            await self._filled.wait()

    @property
    def _is_worth_a_lane(self) -> bool:
        return not self._busy or len(self._queue) >= _WORTH_A_LANE

    @property
    def _share(self) -> int:
        """How many callers a lane takes now: it leaves enough of them to each lane that has nothing to do."""
        waiting = len(self._queue)
        if not (self._is_worth_a_lane or self._closed):
            return 0
        lanes = min(_LANES - self._busy, max(1, waiting // _WORTH_A_LANE))
        return min(self._batch, -(-waiting // lanes))

    async def _serve(self, batch: Sequence[_Waiting]) -> None:
        """Record a batch and tell everybody in it; an error that only some deserve meets only them."""
        try:
            results = await self._recording.record([save for waiting in batch for save in waiting.saves])
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
    """One connection and what is recorded over it."""

    def __init__(self, url: str, statements: Statements, clock: Clock, memory: Memory) -> None:
        self._url = url
        self._statements = statements
        self._clock = clock
        self._memory = memory
        self._pipeline: Pipeline | None = None
        self._turn = asyncio.Lock()
        """Who sends. A transaction of several statements keeps it to its end; a single one lets others send behind."""

    async def record(self, saves: Sequence[Save]) -> list[Result]:
        """Append until the outcome is known.

        After a connection broke, what was committed is looked up with the head locked, which waits for a commit that
        is still under way, and only what is not there is appended, in that same transaction.
        """
        deadline = time.monotonic() + PATIENCE
        now = self._clock()
        unsure = False
        pause = 0.01
        while True:
            steps = appending(self._statements, self._memory, saves, now, unsure=unsure)
            try:
                return await self._run(steps)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                await self.disconnect()
                if time.monotonic() > deadline:
                    raise OperationalError(str(error)) from error
                logger.warning("the store is away, trying again: %s", error)
                unsure = True
                await asyncio.sleep(pause)
                pause = min(_LONGEST_PAUSE, 2 * pause)
            except BaseException:
                await self.disconnect()
                raise
            finally:
                steps.close()

    async def _run(self, steps: Steps) -> list[Result]:
        async with self._turn:
            pipeline = await self._connected()
            step = advance(steps)
            if isinstance(step, list):
                return step
            answers = _send(pipeline, step)
            if begins_transaction(step):
                return await _to_the_end(pipeline, steps, answers)
        step = advance(steps, await _outcome(answers))
        if isinstance(step, list):
            return step
        async with self._turn:
            return await _to_the_end(pipeline, steps, _send(pipeline, step))

    async def _connected(self) -> Pipeline:
        if self._pipeline is None or self._pipeline.broken:
            await self.disconnect()
            # Another server may answer: the next batch looks before it relies on anything.
            self._memory.forget()
            self._memory.looked = False
            self._pipeline = Pipeline(
                await AsyncConnection.connect(
                    self._url,
                    autocommit=True,
                    connect_timeout=_CONNECT_SECONDS,
                    application_name="zeren-writer",
                    options=WRITER_OPTIONS,
                )
            )
        return self._pipeline

    async def disconnect(self) -> None:
        """Give the connection back; what it had begun is rolled back."""
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is not None:
            await pipeline.close()


async def _to_the_end(pipeline: Pipeline, steps: Steps, answers: Answers) -> list[Result]:
    while True:
        step = advance(steps, await _outcome(answers))
        if isinstance(step, list):
            return step
        answers = _send(pipeline, step)


def _send(pipeline: Pipeline, step: Step) -> Answers:
    return [pipeline.send(*statement) for statement in step]


async def _outcome(answers: Answers) -> list[list[Row]] | BaseException:
    """The rows of every statement, or the first error; each answer is waited for."""
    if len(answers) == 1:
        try:
            return [await answers[0]]
        except psycopg.Error as error:
            return error
    outcomes = await asyncio.gather(*answers, return_exceptions=True)
    rows: list[list[Row]] = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            return outcome
        rows.append(outcome)
    return rows
