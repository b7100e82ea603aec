"""Keeps a background job going: it polls, is woken, and heals after the database or the broker was away."""

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.005, 0.2
BACK_OFF = 1.0


class Supervised:
    """Runs `step` again and again in a thread of its own.

    `step` returns whether there was something to do; when there was not, the pause grows from 5 to 200 ms unless
    somebody calls `wake`. Whatever it raises is logged, and it is tried again after a second.
    """

    def __init__(self, name: str, step: Callable[[], bool], *, longest: float = LONGEST) -> None:
        self.name = name
        self.failure: str | None = None
        """Why the last step failed; none while all is well."""
        self._step = step
        self._longest = longest
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def stop(self) -> None:
        """End after the step under way."""
        self._stopped.set()
        self._woken.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        pause = SHORTEST
        while not self._stopped.is_set():
            self._woken.clear()
            try:
                busy = self._step()
                self.failure = None
            except Exception as error:
                if self.failure is None:
                    logger.exception("%s failed; trying again", self.name)
                self.failure = f"{type(error).__name__}: {error}"
                self._stopped.wait(BACK_OFF)
                continue
            if busy:
                pause = SHORTEST
                continue
            pause = SHORTEST if self._woken.wait(pause) else min(pause * 2, self._longest)
