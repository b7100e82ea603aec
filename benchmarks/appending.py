"""Callers who append one event after another, each to streams of its own, and wait for every acknowledgement."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from events.customer.visits import VisitRecorded
from events.recorded import Context
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.mapper import encode
from services.store.writing.group_commit import GroupCommit
from services.store.writing.saves import Appended, Key, KeyedVersions, Result, Save

LENGTH = 20
"""Events per stream."""
TOPIC = "customer.visit-recorded"
STATE = encode(
    VisitRecorded(
        visit_id=uuid4(),
        visited_at=datetime(2025, 3, 1, 9, tzinfo=UTC),
        channel="face_to_face",
        our_attendees=(uuid4(), uuid4()),
        customer_attendees=("采购部 王经理",),
        purpose="季度回访",
        content="讨论第二季度的交付计划，客户希望提前两周收到样品，并要求每周通报一次进度。",
        feedback="总体满意，对响应时间有意见。",
    ),
    Context(actor=f"person:{uuid4()}", correlation_id=uuid4()),
)
"""The bytes of one event."""


@dataclass
class Measured:
    """How often something was done, and how long each time took in seconds."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Times per second."""
        return len(self.each) / self.seconds

    @property
    def p99(self) -> float:
        """The seconds that 99 of 100 stay below."""
        return sorted(self.each)[len(self.each) * 99 // 100]


def events() -> Iterator[StoredEvent]:
    """Events for one caller, stream after stream."""
    while True:
        stream = f"customer:{uuid4()}"
        for version in range(1, LENGTH + 1):
            yield StoredEvent(stream, version, TOPIC, STATE)


def saves(*, keyed: bool) -> Iterator[Save]:
    """Saves for one caller, under idempotency keys if wanted."""
    for event in events():
        stream, version = str(event.originator_id), event.originator_version
        key = [KeyedVersions(Key("person:1", str(uuid4()), b"f" * 32), version, version)] if keyed else []
        yield Save(stream, [event], key)


def by_tasks(ledger: Ledger, callers: int, seconds: float, *, keyed: bool) -> Measured:
    """Tasks of one event loop."""
    return asyncio.run(_by_tasks(ledger, callers, seconds, keyed=keyed))


async def _by_tasks(ledger: Ledger, callers: int, seconds: float, *, keyed: bool) -> Measured:
    measured = Measured()
    async with ledger.group_commit() as writer:
        await _checked(writer)
        began = time.perf_counter()

        async def call() -> None:
            before = time.perf_counter()
            for save in saves(keyed=keyed):
                acknowledged(await writer.append(save))
                now = time.perf_counter()
                measured.each.append(now - before)
                before = now
                if now - began > seconds:
                    return

        await asyncio.gather(*[call() for _ in range(callers)])
        measured.seconds = time.perf_counter() - began
    return measured


async def _checked(writer: GroupCommit) -> None:
    acknowledged(await writer.append(next(saves(keyed=False))))


def by_threads(append: Callable[[StoredEvent], object], callers: int, seconds: float) -> Measured:
    """Threads of one process."""
    measured = Measured()
    start = threading.Barrier(callers + 1)

    def call() -> None:
        start.wait()
        before = began = time.perf_counter()
        for event in events():
            append(event)
            now = time.perf_counter()
            measured.each.append(now - before)
            before = now
            if now - began > seconds:
                return

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    measured.seconds = time.perf_counter() - began
    return measured


def acknowledged(result: Result) -> None:
    """Nothing counts that was not acknowledged."""
    if not isinstance(result, Appended):
        raise result


def main() -> None:
    """One process of several: URL, callers and seconds are its arguments; it starts when it is told to."""
    url, callers, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    with Database(url) as database, Ledger(database) as ledger:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        sys.stdout.write(f"{by_tasks(ledger, callers, seconds, keyed=False).rate}\n")


if __name__ == "__main__":
    main()
