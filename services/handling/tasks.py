"""Handles commands for the tasks of an event loop: one decision on cached state, one place in a batch, no thread.

Everything that a decision has read is checked by the store where the save is recorded, so a cached state may be behind:
then the save loses, what it read is loaded, and it is decided again. A refusal or a "nothing to do" is confirmed in the
same way before it is answered, by a save that only asks.

Commands for one stream that come while another one is being recorded wait for it, and are then decided one on the
other and recorded as one save. They may not be separate saves: if the first lost to another process, whose event took
its version, the second would stand on a version that is not the one it was decided on.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from aggregates.decider import State, initial
from aggregates.refusal import Refused
from commands.customer.profile import RegisterCustomer
from commands.facts import FactCommand
from commands.person.directory import RegisterPerson
from commands.project.initiation import ProposeProject
from events.vocabulary.identifiers import StreamId
from services.handling.deciding import Decided, Work, decide_request, placed
from services.handling.loading import Loading, States
from services.handling.requests import (
    ATTEMPTS,
    BusyError,
    Error,
    KeyReusedError,
    Outcome,
    Request,
    VersionMismatchError,
)
from services.handling.threads import CommandHandler
from services.store.writing.group_commit import GroupCommit
from services.store.writing.saves import Appended, KeyTakenError

TOGETHER = 256
"""Commands for one stream that are recorded as one save at most."""
_OPENING = (RegisterCustomer, RegisterPerson, ProposeProject)
"""Commands that nearly always find a new stream, so nobody looks whether there is one before the save does."""


class _NotAtHandError(Exception):
    """A state is to be loaded before it can be decided."""

    def __init__(self, stream: StreamId) -> None:
        super().__init__(stream)
        self.stream = stream


@dataclass(frozen=True, slots=True)
class _ByThread:
    """Only the threads' handler can tell: it looks up what keys stand for."""


_BY_THREAD = _ByThread()
_Verdict = Decided | Error | _ByThread
_Result = Outcome | Error | _ByThread


@dataclass(eq=False, slots=True)
class _Waiting:
    request: Request
    result: "asyncio.Future[_Result]"


class TaskHandler:
    """The door for changes from one event loop, beside the threads' `handler`, with the same outcomes."""

    def __init__(self, handler: CommandHandler, writer: GroupCommit) -> None:
        self._handler = handler
        self._ledger = handler.ledger
        self._writer = writer
        self._load = Loading(handler.ledger.states)
        self._queues: dict[StreamId, list[_Waiting]] = {}
        """Those who wait, by stream on which somebody is at work."""
        self._working: set[asyncio.Task[None]] = set()
        self._waking = False

    async def execute(self, request: Request) -> Outcome:
        """Handle one command.

        Raises:
            Refused: a rule says no.
            VersionMismatchError, KeyReusedError, BusyError, NotAnsweredError: as their names say.
            OperationalError, psycopg.Error: the store was away for ten seconds; whether the command was recorded is
                not known.
        """
        queue = self._queues.get(request.stream)
        if queue is None:
            self._queues[request.stream] = []
            try:
                result = (await self._together((request,)))[0]
            finally:
                self._pass_on(request.stream)
        else:
            waiting = _Waiting(request, asyncio.get_running_loop().create_future())
            queue.append(waiting)
            result = await waiting.result
        if isinstance(result, Outcome):
            return result
        if isinstance(result, _ByThread):
            return await asyncio.to_thread(self._handler.execute, request)
        raise result

    def _pass_on(self, stream: StreamId) -> None:
        """Let those who waited for the stream go on."""
        if not self._queues[stream]:
            del self._queues[stream]
            return
        task = asyncio.get_running_loop().create_task(self._work_on(stream))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work_on(self, stream: StreamId) -> None:
        queue = self._queues[stream]
        batch, queue[:] = queue[:TOGETHER], queue[TOGETHER:]
        batch = [waiting for waiting in batch if not waiting.result.done()]
        try:
            results = await self._together([waiting.request for waiting in batch])
            for waiting, result in zip(batch, results, strict=True):
                if not waiting.result.done():
                    waiting.result.set_result(result)
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to those who wait for the outcome
            for waiting in batch:
                if not waiting.result.done():
                    waiting.result.set_exception(error)
        finally:
            for waiting in batch:
                waiting.result.cancel()
            self._pass_on(stream)

    async def _together(self, requests: Sequence[Request]) -> list[_Result]:
        """The results of requests for one stream, recorded all or none."""
        loaded: States = {}
        for attempt in range(ATTEMPTS):
            if attempt:
                # Jitter, so that those who met do not meet again.
                await asyncio.sleep(random.uniform(0, min(0.2, 0.002 * 2**attempt)))  # noqa: S311 - no secret
            work, verdicts = await self._decided(requests, loaded)
            if all(isinstance(verdict, _ByThread) for verdict in verdicts):
                return [_BY_THREAD] * len(requests)
            result = await self._writer.append(work.save(requests[0].stream))
            if isinstance(result, Appended):
                self._recorded(work, result.position)
                return cast("list[_Result]", placed(verdicts, result))
            if isinstance(result, KeyTakenError):
                return [_BY_THREAD] if len(requests) == 1 else await self._one_by_one(requests)
            loaded |= await self._load(work.found)
        return [BusyError()] * len(requests)

    async def _one_by_one(self, requests: Sequence[Request]) -> list[_Result]:
        return [(await self._together((request,)))[0] for request in requests]

    async def _decided(self, requests: Sequence[Request], loaded: States) -> tuple[Work, list[_Verdict]]:
        """Decide, and load what turns out to be missing, until nothing is."""
        while True:
            try:
                return self._decide(requests, loaded)
            except _NotAtHandError as missing:
                loaded |= await self._load([missing.stream])

    def _decide(self, requests: Sequence[Request], loaded: States) -> tuple[Work, list[_Verdict]]:
        work = Work()
        now = self._ledger.clock() or datetime.now(UTC)
        remembered = self._ledger.remembered
        completing = self._handler.completing
        opened = requests[0].stream if requests and isinstance(requests[0].command, _OPENING) else None

        def read(stream: StreamId) -> State:
            state = remembered(stream) or loaded.get(stream)
            if state is None:
                if stream != opened:
                    raise _NotAtHandError(stream)
                state = initial(stream)
            return state

        verdicts: list[_Verdict] = []
        for request in requests:
            if isinstance(request.command, FactCommand) or completing.is_called_for(request, now):
                # What is put right has to be read first, and what a command carries to be asked for.
                verdicts.append(_BY_THREAD)
                continue
            try:
                verdicts.append(decide_request(request, work, read, now))
            except (Refused, VersionMismatchError, KeyReusedError) as error:
                # What a key stands for is the first answer, be it refused now.
                verdicts.append(error if request.key is None else _BY_THREAD)
        return work, verdicts

    def _recorded(self, work: Work, position: int) -> None:
        if not work.events:
            return
        for stream in {StreamId(event.originator_id) for event in work.events}:
            self._ledger.remember(work.states[stream])
        if not self._waking:
            # Those of one batch go on one after another; readers are woken once for all of them.
            self._waking = True
            asyncio.get_running_loop().call_soon(self._wake, position)

    def _wake(self, position: int) -> None:
        self._waking = False
        self._handler.recorded(position)
