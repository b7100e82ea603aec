"""Sends events to Kafka in order, and stops for good at the first one that does not arrive."""

import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from kafka import KafkaProducer  # type: ignore[import-untyped]
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError  # type: ignore[import-untyped]

from services.streaming.clients import connected
from services.streaming.cloudevents import Record
from services.streaming.partitions import ByStream
from services.streaming.topic import Topic

logger = logging.getLogger(__name__)

_BATCH_BYTES = 128 * 1024
_LINGER = 5
"""Milliseconds that a batch waits for further events, so that not every few of them are a request of their own."""
_FOREVER = 10**9
"""Milliseconds. A record that waited longer than the limit would fail while a later one of its stream still arrives."""


class NotAcknowledgedError(Exception):
    """Kafka has not taken an event."""


class EventTooLargeError(Exception):
    """The topic does not take records as large as the event."""


class _Producer(KafkaProducer):  # type: ignore[misc]
    """A producer that can give up at once.

    `close` of kafka-python first waits for what is unsent, and stays open when that takes too long.
    """

    def give_up(self) -> None:
        """Send nothing more; whatever is not acknowledged fails."""
        self._sender.force_close()


def settings(topic: Topic) -> dict[str, Any]:
    """How a producer for the topic is set up."""
    return {
        "acks": "all",
        "enable_idempotence": True,
        "retries": float("inf"),
        "delivery_timeout_ms": _FOREVER,
        "max_in_flight_requests_per_connection": 5,
        "max_request_size": topic.largest,
        "batch_size": min(_BATCH_BYTES, topic.largest),
        "linger_ms": _LINGER,
        "partitioner": ByStream(),
        "max_block_ms": 5_000,
        "allow_auto_create_topics": False,
        "metrics_enabled": False,
    }


class OrderedProducer:
    """One producer with the events that wait for their acknowledgement.

    Per partition at most one batch is under way, and a batch that fails ends the producer before the next one of its
    partition is sent: in every partition Kafka has an unbroken run of what was sent, whatever happens.
    """

    def __init__(self, servers: str, topic: Topic, make: Callable[..., Any] = _Producer) -> None:
        self.topic = topic
        self._waiting: deque[tuple[int, Any]] = deque()
        self._failure: BaseException | None = None
        self._producer = connected(make, servers, **settings(topic))

    @property
    def waiting(self) -> int:
        """How many events are sent and not acknowledged."""
        return len(self._waiting)

    def send(self, position: int, record: Record) -> None:
        """Hand over the next event.

        Raises:
            EventTooLargeError: the topic does not take it; nothing was sent.
            NotAcknowledgedError: an earlier event did not arrive; nothing was sent.
            KafkaError: Kafka is away.
        """
        if self._failure is not None:
            raise NotAcknowledgedError("an earlier event did not arrive") from self._failure
        key, value, headers = record
        try:
            future = self._producer.send(self.topic.name, key=key, value=value, headers=headers)
        except MessageSizeTooLargeError as error:
            name = dict(headers)["ce_type"].decode()
            raise EventTooLargeError(
                f"position {position} ({name} of {key.decode()}) has {len(value):,} bytes, topic {self.topic.name} "
                f"takes {self.topic.largest:,}: raise its max.message.bytes"
            ) from error
        future.add_errback(self._fail)
        self._waiting.append((position, future))

    def _fail(self, error: BaseException) -> None:
        # Runs in the producer's own thread, before it goes on to the next batch.
        if self._failure is None:
            self._failure = error
            self._producer.give_up()

    def acknowledged(self, patience: float) -> int | None:
        """The last position up to which everything has arrived; none where nothing new has, within `patience` seconds.

        Raises:
            NotAcknowledgedError: the next event did not arrive.
        """
        if self._waiting:
            with suppress(KafkaError):  # how it ended is read from the future itself, below
                self._waiting[0][1].get(timeout=patience)
        position: int | None = None
        while self._waiting and self._waiting[0][1].succeeded():
            position, _ = self._waiting.popleft()
        if position is None and self._waiting and self._waiting[0][1].failed():
            failed, future = self._waiting[0]
            raise NotAcknowledgedError(f"position {failed} did not arrive: {future.exception!r}") from self._failure
        return position

    def close(self) -> None:
        """Give up what is not acknowledged, and let go of the connection."""
        self._producer.give_up()
        try:
            self._producer.close(timeout=5)
        except KafkaTimeoutError:
            logger.warning("the producer for %s is still ending", self.topic.name)
