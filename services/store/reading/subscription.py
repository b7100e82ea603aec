"""The library's subscription without NOTIFY: looks for what is new, often while there is something, else less often."""

import threading
from collections.abc import Iterator, Sequence

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

from services.store.reading.gap_check import require_dense

_SHORTEST_PAUSE = 0.005
_LONGEST_PAUSE = 0.2
_PAGE = 500


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Notifications after a position, in order, for as long as nobody calls `stop`.

    Every position is read, also those of other topics: only so it is certain that none was passed over.

    Raises:
        HoleInLogError: while iterating, a position is missing; asked again, it looks again at the same place.
    """

    def __init__(self, recorder: ApplicationRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._stopped = threading.Event()
        self._read = self._last_notification_id or 0
        self._page: Iterator[Notification] = iter(())

    def stop(self) -> None:
        """End the iteration, also from another thread."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        pause = _SHORTEST_PAUSE
        while not self._stopped.is_set():
            notification = next(self._page, None)
            if notification is not None:
                self._last_notification_id = notification.id
                return notification
            page = self._recorder.select_notifications(self._read, _PAGE, inclusive_of_start=False)
            require_dense(self._read, (one.id for one in page))
            if page:
                self._read = page[-1].id
                self._page = iter([one for one in page if not self._topics or one.topic in self._topics])
            else:
                self._stopped.wait(pause)
                pause = min(_LONGEST_PAUSE, 2 * pause)
        raise StopIteration
