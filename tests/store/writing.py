"""A process of threads and tasks that append to a few streams at the same time, and say what they did."""

import asyncio
import json
import random
import sys
import threading
import time
from uuid import uuid4

from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.saves import Appended, Result, Save
from tests.store.facts import save

STREAMS = [StreamId(f"person:00000000-0000-7000-8000-00000000000{n}") for n in range(6)]
THREADS = 4
TASKS = 8


def say(what: list[object]) -> None:
    """Write one line of JSON in one go: threads share the output."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Writing:
    """What one process did, as lines of JSON."""

    def __init__(self, ledger: Ledger, seconds: float) -> None:
        self.ledger = ledger
        self.end = time.monotonic() + seconds
        self.reached: dict[StreamId, int] = {}

    def next_saves(self) -> list[Save]:
        """One or two saves on top of what this process knows, which may be behind."""
        saves = []
        for stream in random.sample(STREAMS, random.choice([1, 1, 2])):  # noqa: S311 - no secret
            first = self.reached.get(stream, 0) + 1
            key = f"key {random.randrange(2000)}" if random.random() < 0.2 else None  # noqa: S311 - no secret
            versions = range(first, first + random.choice([1, 1, 2, 3]))  # noqa: S311 - no secret
            saves.append(save(stream, *versions, name=f"token {uuid4()}", key=key))
        return saves

    def tell(self, saves: list[Save], began: int, results: list[Result]) -> None:
        """Say what came of saves, and catch up with streams that others changed."""
        ended = time.monotonic_ns()
        for one, result in zip(saves, results, strict=True):
            stream, first = StreamId(one.stream), one.events[0].originator_version
            tokens = [f"{json.loads(event.state)['data']['name']} {event.originator_version}" for event in one.events]
            positions = result.positions if isinstance(result, Appended) else None
            say(["attempt", began, ended, stream, first, tokens, positions])
            if positions is not None:
                self.reached[stream] = max(self.reached.get(stream, 0), one.events[-1].originator_version)
            else:
                rows = self.ledger.database.rows(
                    "SELECT max(originator_version) AS v FROM zeren.log WHERE originator_id = %(id)s", {"id": stream}
                )
                self.reached[stream] = rows[0]["v"] or 0

    def by_thread(self) -> None:
        """Append as threads do."""
        while time.monotonic() < self.end:
            saves, began = self.next_saves(), time.monotonic_ns()
            self.tell(saves, began, self.ledger.log_recorder.append(saves))

    async def by_tasks(self) -> None:
        """Append as the tasks of an event loop do."""
        async with self.ledger.group_commit() as writer:

            async def by_task() -> None:
                while time.monotonic() < self.end:
                    saves, began = self.next_saves(), time.monotonic_ns()
                    results = await writer.append_all(saves)
                    await asyncio.to_thread(self.tell, saves, began, results)

            await asyncio.gather(*[by_task() for _ in range(TASKS)])

    def read(self) -> None:
        """Look at the whole log again and again."""
        while time.monotonic() < self.end:
            began = time.monotonic_ns()
            rows = self.ledger.database.rows("SELECT notification_id AS p FROM zeren.log ORDER BY notification_id")
            say(["reading", began, [row["p"] for row in rows]])
            time.sleep(0.05)


def main() -> None:
    """Write to the database at the URL of the first argument for the seconds of the second."""
    with Database(sys.argv[1], connections=8) as database, Ledger(database) as ledger:
        say(["ready"])
        sys.stdin.readline()
        writing = Writing(ledger, float(sys.argv[2]))
        threads = [threading.Thread(target=writing.by_thread) for _ in range(THREADS)]
        threads.append(threading.Thread(target=writing.read))
        for thread in threads:
            thread.start()
        asyncio.run(writing.by_tasks())
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
