"""Hears what comes over a socket, also where the event loop has stopped listening to it without a word.

libuv stops watching a socket that was reset, and uvloop tells nobody who waits for it: a statement that was under way
when PostgreSQL was killed would wait for ever.
"""

import asyncio
from collections.abc import Callable

_PAUSE = 0.25
"""Seconds between two looks at a socket that nothing was heard of."""


class SocketWatch:
    """Calls `arrived` whenever there may be something to read, and a few times a second; until it is stopped."""

    def __init__(self, loop: asyncio.AbstractEventLoop, socket: int, arrived: Callable[[], None]) -> None:
        self._loop = loop
        self._socket = socket
        self._arrived = arrived
        loop.add_reader(socket, arrived)
        self._next = loop.call_later(_PAUSE, self._look)

    def stop(self) -> None:
        """Call nobody any more."""
        self._next.cancel()
        self._loop.remove_reader(self._socket)

    def _look(self) -> None:
        self._next = self._loop.call_later(_PAUSE, self._look)
        self._arrived()
