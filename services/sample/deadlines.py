"""Plays the deadline process during the story: records what falls due and runs out, at its own instant."""

import heapq
from collections.abc import Iterable
from datetime import datetime

from aggregates.decider import due as due_by
from aggregates.due import Due
from events.recorded import Context
from events.vocabulary.identifiers import StreamId
from events.vocabulary.values import LATEST
from services.handling import CommandHandler, Failure, Request
from services.sample.clock import SimulatedClock


class Deadlines:
    """What is due next in each customer stream."""

    def __init__(self, handler: CommandHandler, clock: SimulatedClock) -> None:
        self.handler = handler
        self.clock = clock
        self.queue: list[tuple[datetime, StreamId]] = []

    def look_at(self, streams: Iterable[StreamId]) -> None:
        """Notice when something in these streams is due next."""
        for stream in streams:
            due = next(iter(self._due(stream)), None)
            if due is not None:
                heapq.heappush(self.queue, (due.at, stream))

    def run(self, until: datetime) -> None:
        """Record everything that is due up to `until`, in order."""
        while self.queue and self.queue[0][0] <= until:
            moment, stream = heapq.heappop(self.queue)
            self.clock.stand_at(moment)
            for due in self._due(stream):
                if due.at > moment:
                    break
                context = Context(actor=f"system:{due.rule}", trust="sample")
                result = self.handler.execute_groups([[Request(stream, due.command, context)]])[0]
                if isinstance(result, Failure):
                    raise result.error
            self.look_at([stream])

    def _due(self, stream: StreamId) -> list[Due]:
        ledger = self.handler.ledger
        return due_by(ledger.remembered(stream) or ledger.state(stream), LATEST)
