"""Processes that write to the log, and what they said they did, also after one was killed."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from soak.history import Attempt, History, Reading
from soak.log import stored

ROOT = Path(__file__).parents[1]
LONGEST = 3600.0
"""Seconds after which a writer ends by itself."""


class Writer:
    """One process of `soak.writing` and the lines that it wrote so far."""

    def __init__(self, url: str, folder: Path, *options: str) -> None:
        self._said = (folder / f"writer-{time.monotonic_ns()}").open("w+b")
        self._errors = (folder / f"errors-{time.monotonic_ns()}").open("w+b")
        self.attempts: dict[str, Attempt] = {}
        self.readings: list[Reading] = []
        self.answered = 0
        self.is_ready = False
        self.process = subprocess.Popen(  # noqa: S603 - a module of ours
            [sys.executable, "-m", "soak.writing", url, str(LONGEST), *options],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=self._said,
            stderr=self._errors,
        )
        self._offset = 0

    @property
    def failure(self) -> str:
        """What it said about its errors at last."""
        return Path(self._errors.name).read_text("utf-8", errors="replace")[-4000:]

    def listen(self) -> None:
        """Take in what was said since."""
        with Path(self._said.name).open("rb") as said:
            said.seek(self._offset)
            data = said.read()
        complete = data[: data.rfind(b"\n") + 1]
        self._offset += len(complete)
        for line in complete.splitlines():
            self._take(*json.loads(line))

    def _take(self, kind: str, *said: object) -> None:
        match kind, said:
            case "ready", []:
                self.is_ready = True
            case "asked", [str(name), int(began), str(stream), int(first), list(tokens), key, list(stands)]:
                asked = None if key is None else str(key)
                relied = tuple((str(other), int(version)) for other, version in stands)
                self.attempts[name] = Attempt(began, None, stream, first, tuple(tokens), None, asked, stands=relied)
            case "answered", [str(name), int(ended), list(positions)]:
                self.attempts[name] = replace(self.attempts[name], ended=ended, positions=tuple(positions))
                self.answered += 1
            case "refused", [str(name), int(ended), bool(key_taken)]:
                self.attempts[name] = replace(self.attempts[name], ended=ended, key_taken=key_taken)
            case "reading", [int(began), int(after), list(seen)]:
                self.readings.append(Reading(began, after, tuple((position, token) for position, token in seen)))
            case _:
                raise ValueError(f"{kind} is not what a writer says")

    def write(self) -> None:
        """Begin, or, the second time, end."""
        if self.process.stdin and self.process.poll() is None:
            self.process.stdin.write(b"go\n")
            self.process.stdin.flush()

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """End the process for good."""
        self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self._said.close()
        self._errors.close()


class Load:
    """Several writers on one database."""

    def __init__(self, url: str, folder: Path, *options: str) -> None:
        self.url = url
        self._folder = folder
        self._options = options
        self.writers: list[Writer] = []
        self._killed: set[Writer] = set()

    def start(self, count: int = 1) -> list[Writer]:
        """Start more writers; they write when all are ready."""
        started = [Writer(self.url, self._folder, *self._options) for _ in range(count)]
        self.writers += started
        self.until(lambda: all(map(self._ready, started)), "writers are ready")
        for writer in started:
            writer.write()
        return started

    @staticmethod
    def _ready(writer: Writer) -> bool:
        writer.listen()
        if writer.process.poll() is not None:
            raise RuntimeError(f"a writer ended before it began: {writer.failure}")
        return writer.is_ready

    def kill(self, writer: Writer) -> None:
        """Kill a writer; what it said stays."""
        self._killed.add(writer)
        writer.kill()

    def answered(self) -> int:
        """How many saves were acknowledged so far."""
        for writer in self.writers:
            writer.listen()
        return sum(writer.answered for writer in self.writers)

    def go_on(self, saves: int = 50, *, seconds: float = 90) -> None:
        """Wait until so many more saves were acknowledged.

        Raises:
            TimeoutError: saves stand still.
        """
        wanted = self.answered() + saves
        self.until(lambda: self.answered() >= wanted, f"{saves} more saves are acknowledged", seconds)

    @staticmethod
    def until(condition: Callable[[], bool], what: str, seconds: float = 90) -> None:
        """Wait for a condition.

        Raises:
            TimeoutError: it did not come.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {seconds:.0f} s and it is still not so: {what}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Let all writers end.

        Raises:
            RuntimeError: one did not end well.
        """
        for writer in self.writers:
            writer.write()
        for writer in self.writers:
            code = writer.process.wait(timeout=120)
            writer.listen()
            if code and writer not in self._killed:
                raise RuntimeError(f"a writer ended with {code}: {writer.failure}")

    def close(self) -> None:
        """End every writer for good."""
        for writer in self.writers:
            writer.close()

    def told(self) -> tuple[list[Attempt], list[Reading]]:
        """What the writers said so far."""
        self.answered()
        return (
            [attempt for writer in self.writers for attempt in writer.attempts.values()],
            [reading for writer in self.writers for reading in writer.readings],
        )

    def history(self, url: str | None = None) -> History:
        """What the writers said, beside the log and keys as they stand."""
        attempts, readings = self.told()
        return History(attempts, readings, *stored(url or self.url))


@contextmanager
def writing(url: str, folder: Path, *options: str, count: int = 2) -> Iterator[Load]:
    """Writers that have begun; every process is gone at the end."""
    load = Load(url, folder, *options)
    with ExitStack() as ending:
        ending.callback(load.close)
        load.start(count)
        yield load
