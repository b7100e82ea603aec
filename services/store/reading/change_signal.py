"""A bell: threads ring it when something was recorded, tasks of event loops wait for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Hearer:
    """A task that hears the bell; what rings before it waits is not lost."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the task, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> bool:
        """Wait for the bell, so many seconds at most; whether it rang since the last wait."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bell:
    """Rung by anybody, heard by any number of tasks."""

    def __init__(self) -> None:
        self._hearers: set[Hearer] = set()

    def ring(self) -> None:
        """Wake everybody who listens."""
        for hearer in tuple(self._hearers):
            hearer.ring()

    @contextmanager
    def heard(self) -> Iterator[Hearer]:
        """Listen within the block; entered in a task."""
        hearer = Hearer()
        self._hearers.add(hearer)
        try:
            yield hearer
        finally:
            self._hearers.discard(hearer)
