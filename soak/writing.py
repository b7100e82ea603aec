"""A process of threads and tasks that append to a few streams at the same time, and say what they did.

It begins at the first line of its input and ends at the second, at the end of its input, or after its seconds.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any, cast
from uuid import uuid4

import psycopg
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, PersistenceError
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment

from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.writing.saves import Appended, KeyTakenError, Result, Save
from soak.facts import new_stream, new_token, told_apart
from soak.history import Reading
from soak.watching import watch

SHARED = [StreamId(f"person:00000000-0000-7000-8000-00000000000{n}") for n in range(6)]
"""Streams that all processes write to."""
THREADS = 4
TASKS = 8
_COMMON_KEYS = 2000
_SETTLING = 40.0
"""Seconds that a save whose outcome is unknown is asked about."""


class CarelessLedger(Ledger):
    """A ledger whose threads do not wait for the disk: the control that shows that a method can find a loss."""

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The factory, its sessions without flushes."""
        factory = cast("PostgresFactory", super().construct_factory(env))
        pool = factory.datastore.pool
        kwargs = cast("dict[str, str]", pool.kwargs)
        pool.kwargs = {**kwargs, "options": f"{kwargs['options']} -c synchronous_commit=off"}
        return factory


def say(what: list[object]) -> None:
    """Write one line of JSON in one go: threads share the output, and the process may end at any instant."""
    os.write(sys.stdout.fileno(), (json.dumps(what) + "\n").encode())


class Writing:
    """What one process did, as lines of JSON."""

    def __init__(self, ledger: Ledger, seconds: float) -> None:
        self.ledger = ledger
        self.end = time.monotonic() + seconds
        self.stopped = threading.Event()
        self.reached: dict[str, int] = {}
        self.streams = [*SHARED, *(new_stream() for _ in SHARED)]

    @property
    def goes_on(self) -> bool:
        """Whether there is time left and nobody said to stop."""
        return not self.stopped.is_set() and time.monotonic() < self.end

    def next_saves(self) -> list[tuple[str, Save]]:
        """One or two saves, each under a name, on top of what this process knows, which may be behind."""
        saves = []
        for stream in random.sample(self.streams, random.choice([1, 1, 2])):  # noqa: S311 - no secret
            first = self.reached.get(stream, 0) + 1
            key = random.choice([None, None, None, f"soak-{random.randrange(_COMMON_KEYS)}", f"soak-{uuid4()}"])  # noqa: S311 - no secret
            tokens = [new_token() for _ in range(random.choice([1, 1, 2, 3]))]  # noqa: S311 - no secret
            others = random.sample(self.streams, random.choice([0, 0, 1]))  # noqa: S311 - no secret
            stands = [(other, self.reached.get(other, 0)) for other in others if other != stream]
            name = str(uuid4())
            say(["asked", name, time.monotonic_ns(), stream, first, tokens, key, stands])
            saves.append((name, told_apart(stream, first, tokens, key, stands)))
        return saves

    def tell(self, saves: Sequence[tuple[str, Save]], results: Sequence[Result]) -> None:
        """Say what came of saves, and catch up with streams that others changed."""
        ended = time.monotonic_ns()
        for (name, save), result in zip(saves, results, strict=True):
            if isinstance(result, Appended):
                say(["answered", name, ended, result.positions])
                self.reached[save.stream] = max(self.reached.get(save.stream, 0), save.events[-1].originator_version)
            else:
                say(["refused", name, ended, isinstance(result, KeyTakenError)])
                for stream in (save.stream, *(other for other, _ in save.stands)):
                    self.catch_up(stream)

    def catch_up(self, stream: str) -> None:
        """Learn how far a stream has come, as soon as the store says it."""
        deadline = time.monotonic() + _SETTLING
        while time.monotonic() < deadline:
            try:
                rows = self.ledger.database.rows(
                    "SELECT max(originator_version) AS v FROM zeren.log WHERE originator_id = %(id)s", {"id": stream}
                )
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                self.reached[stream] = rows[0]["v"] or 0
                return

    def settle(self, saves: Sequence[tuple[str, Save]]) -> None:
        """Learn what came of saves that were not answered: with a key by asking again, without one never."""
        for name, save in saves:
            deadline = time.monotonic() + _SETTLING
            while save.keys and time.monotonic() < deadline:
                try:
                    result = self.ledger.log_recorder.append([save])[0]
                    if isinstance(result, KeyTakenError):
                        self.tell_first_answer(name, save)
                    else:
                        self.tell([(name, save)], [result])
                    break
                except PersistenceError:
                    time.sleep(0.1)
            self.catch_up(save.stream)

    def tell_first_answer(self, name: str, save: Save) -> None:
        """Say what stands under the key of a save, if it is this save."""
        key = save.keys[0].key
        answer = self.ledger.answers(key.owner, [key.key])[key.key]
        if answer.fingerprint == key.fingerprint:
            first = answer.position - answer.last_version + answer.first_version
            say(["answered", name, time.monotonic_ns(), list(range(first, answer.position + 1))])
        else:
            say(["refused", name, time.monotonic_ns(), True])

    def by_thread(self) -> None:
        """Append as threads do."""
        while self.goes_on:
            saves = self.next_saves()
            try:
                results = self.ledger.log_recorder.append([save for _, save in saves])
            except IntegrityError:
                raise
            except PersistenceError:
                self.settle(saves)
            else:
                self.tell(saves, results)

    async def by_tasks(self) -> None:
        """Append as the tasks of an event loop do."""
        async with self.ledger.group_commit() as writer:

            async def by_task() -> None:
                while self.goes_on:
                    saves = self.next_saves()
                    try:
                        results = await writer.append_all([save for _, save in saves])
                    except PersistenceError:
                        await asyncio.to_thread(self.settle, saves)
                    else:
                        await asyncio.to_thread(self.tell, saves, results)

            await asyncio.gather(*[by_task() for _ in range(TASKS)])

    def read(self) -> None:
        """Watch the log."""

        def tell(reading: Reading) -> None:
            say(["reading", reading.began, reading.after, reading.seen])

        watch(self.ledger.database.url, tell, self.stopped)


def main() -> None:
    """Write to a database."""
    parser = argparse.ArgumentParser(prog="python -m soak.writing", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--tasks", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--careless", action="store_true", help="do not wait for the disk; implies --no-tasks")
    asked = parser.parse_args()
    kind = CarelessLedger if asked.careless else Ledger
    with Database(asked.url, connections=8) as database, kind(database) as ledger:
        say(["ready"])
        sys.stdin.readline()
        writing = Writing(ledger, asked.seconds)

        def listen() -> None:
            sys.stdin.readline()
            writing.stopped.set()

        threading.Thread(target=listen, daemon=True).start()
        reader = threading.Thread(target=writing.read)
        threads = [threading.Thread(target=writing.by_thread) for _ in range(asked.threads)]
        for thread in (reader, *threads):
            thread.start()
        if asked.tasks and not asked.careless:
            asyncio.run(writing.by_tasks())
        for thread in threads:
            thread.join()
        writing.stopped.set()
        reader.join()


if __name__ == "__main__":
    main()
