"""The change signal: threads give it when something was recorded, tasks of event loops wait for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Listener:
    """A task that gets the signal; what is signalled before it waits is not lost."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    def notify(self) -> None:
        """Wake the task, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)

    async def wait(self, seconds: float) -> bool:
        """Wait for the signal, so many seconds at most; whether it came since the last wait."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        self._changed.clear()
        return True


class ChangeSignal:
    """Given by anybody, received by any number of tasks."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def notify(self) -> None:
        """Wake everybody who listens."""
        for listener in tuple(self._listeners):
            listener.notify()

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """Listen within the block; entered in a task."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
