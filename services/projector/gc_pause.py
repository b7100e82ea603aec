"""Keeps the collector of reference cycles from searching the many rows of a batch again and again."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _GcPause:
    """How many blocks are under way; the collector is one for the process, and so is this count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks = 0
        self._was_on = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Work without the collector of reference cycles, which would take half of the time of a large batch.

        Events and rows refer to nothing that refers back to them: they go when the last reference goes. Blocks may
        overlap in several threads; the collector goes on after the last of them, if it was on before the first.
        """
        with self._lock:
            if self._blocks == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._blocks += 1
        try:
            yield
        finally:
            with self._lock:
                self._blocks -= 1
                if self._blocks == 0 and self._was_on:
                    gc.enable()


gc_paused = _GcPause()
