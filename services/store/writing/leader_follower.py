"""Group commit for threads: one of those that wait records the saves of all."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class _Waiting(Generic[Asked, Answered]):
    __slots__ = ("answers", "asked", "awake", "error", "leading")

    def __init__(self, asked: Sequence[Asked]) -> None:
        self.asked = asked
        self.answers: Sequence[Answered] | None = None
        self.error: BaseException | None = None
        self.leading = False
        self.awake = threading.Lock()
        self.awake.acquire()


class LeaderFollowerCommit(Generic[Asked, Answered]):
    """Runs `work` for many threads together: whoever comes first works for all that came meanwhile.

    `most` is how many callers are served at once; `shared` tells whether an error concerns everybody alike,
    otherwise each caller's work is tried again alone.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Answered]],
        *,
        shared: Callable[[Exception], bool],
        most: int = 512,
    ) -> None:
        self._work = work
        self._shared = shared
        self._most = most
        self._queue: deque[_Waiting[Asked, Answered]] = deque()
        self._mutex = threading.Lock()
        self._busy = False

    @property
    def waiting(self) -> int:
        """How many threads nobody works for yet."""
        return len(self._queue)

    def __call__(self, asked: Sequence[Asked]) -> list[Answered]:
        """The answers to what this thread asks, in order. Raises what `work` raises."""
        mine: _Waiting[Asked, Answered] = _Waiting(asked)
        with self._mutex:
            self._queue.append(mine)
            leading = not self._busy
            self._busy = True
        if not leading:
            self._wait(mine)
        if mine.answers is None and mine.error is None:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return list(mine.answers or ())

    def _wait(self, mine: _Waiting[Asked, Answered]) -> None:
        try:
            mine.awake.acquire()
        except BaseException:
            # A signal's exception: leave the queue, and let another lead if it was this thread's turn.
            with self._mutex:
                if mine in self._queue:
                    self._queue.remove(mine)
                following = self._following() if mine.leading else None
            if following is not None:
                following.awake.release()
            raise

    def _following(self) -> _Waiting[Asked, Answered] | None:
        """Who leads next; with the mutex held."""
        following = self._queue[0] if self._queue else None
        self._busy = following is not None
        if following is not None:
            following.leading = True
        return following

    def _lead(self) -> None:
        """Work for those at the front of the queue, this thread among them, then wake the next to lead."""
        with self._mutex:
            batch = [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]
        try:
            self._serve(batch)
        finally:
            with self._mutex:
                following = self._following()
            if following is not None:
                following.awake.release()
            for waiting in batch[1:]:
                waiting.awake.release()

    def _serve(self, batch: Sequence[_Waiting[Asked, Answered]]) -> None:
        try:
            answers = self._work([asked for waiting in batch for asked in waiting.asked])
        except Exception as error:  # noqa: BLE001 - raised again in the threads that it concerns
            if len(batch) > 1 and not self._shared(error):
                for waiting in batch:
                    self._serve([waiting])
                return
            for waiting in batch:
                waiting.error = error
            return
        except BaseException:
            for waiting in batch:
                waiting.error = InterruptedError("the thread that worked for others too was ended meanwhile")
            raise
        start = 0
        for waiting in batch:
            waiting.answers = answers[start : start + len(waiting.asked)]
            start += len(waiting.asked)
