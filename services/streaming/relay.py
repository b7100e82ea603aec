"""The relay: sends the log to Kafka, position by position, and remembers up to where everything has arrived."""

import logging
import time
from collections.abc import Callable
from functools import partial

import psycopg
from kafka.errors import KafkaError  # type: ignore[import-untyped]

from services.projector.supervisor import Supervised
from services.store.identity.lineage import UnknownIncarnationError
from services.store.ledger import Ledger
from services.streaming.comparing import PartedTopicError, require_same
from services.streaming.log import ReadingAhead
from services.streaming.ordered_producer import EventTooLargeError, NotAcknowledgedError, OrderedProducer
from services.streaming.progress import Progress
from services.streaming.tail import tail, turning
from services.streaming.topic import Topic, open_topic
from services.streaming.topic_lock import TopicLock

logger = logging.getLogger(__name__)

BATCH = 4_000
"""Events per read; at most twice as many are sent and not acknowledged."""
WAIT = 0.05
"""Seconds that one step waits for an acknowledgement before it looks for new events."""
SLOW = 5.0
"""Seconds without an acknowledgement after which the relay says that it is failing."""
PATIENCE = 30.0
"""Seconds without an acknowledgement after which a new producer begins at the checkpoint."""
FAREWELL = 5.0
"""Seconds that a stopping relay waits for what it has sent."""


LOOK = 1.0
"""Seconds after which a relay sees again that the log is what it was: no restore is quicker."""


class AnotherIncarnationError(Exception):
    """The log is no longer the one that the topic was compared with: it is compared again."""


class NoProgressError(Exception):
    """The producer holds events, and Kafka acknowledges none of them."""


class Relay:
    """Fills one topic in the background; of several relays for a topic one is active, the others stand by.

    After any failure it lets go of everything and begins again behind the last position that Kafka has acknowledged:
    events may then come twice, none is missing, and of each stream the first copies come in order.
    """

    def __init__(
        self,
        ledger: Ledger,
        servers: str,
        topic: str,
        *,
        patience: float = PATIENCE,
        producer: Callable[[str, Topic], OrderedProducer] = OrderedProducer,
    ) -> None:
        self.ledger = ledger
        self._servers = servers
        self._topic = topic
        self._patience = patience
        self._make_producer = producer
        self._progress = Progress(ledger.database, topic)
        self._lock = TopicLock(ledger.database.url, topic)
        self._log = ReadingAhead(ledger.database, ledger.identity, BATCH)
        self._producer: OrderedProducer | None = None
        self._lineage = ledger.identity.lineage
        """The incarnations of the log that the topic was compared with."""
        self._refused: tuple[int, PartedTopicError] | None = None
        """How many records the topic had taken when it was found to hold other events than the log."""
        self._sent = 0
        self._looked_at = 0.0
        self._moved_at = time.monotonic()
        self._supervised = Supervised(f"relay to {topic}", self._step)

    def start(self) -> None:
        """Begin."""
        self._supervised.start()

    def wake(self) -> None:
        """There may be new events."""
        self._supervised.wake()

    def stop(self) -> None:
        """End, after a moment for what has been sent to arrive."""
        self._supervised.stop()
        try:
            self._await_the_rest()
        except (psycopg.Error, KafkaError, NotAcknowledgedError):
            logger.warning("relay to %s: the last events will be sent again", self._topic, exc_info=True)
        finally:
            self._let_go()
            self._log.close()

    @property
    def active(self) -> bool:
        """Whether this relay holds the lock on the topic."""
        return self._lock.held

    @property
    def position(self) -> int:
        """The position up to which Kafka has acknowledged every event, whoever sent it."""
        return self._progress.position

    def lag(self) -> int:
        """How many events of the log Kafka has not acknowledged."""
        return max(0, self.ledger.size() - self.position)

    @property
    def failure(self) -> str | None:
        """Why nothing moves; none while all is well."""
        return self._supervised.failure or self._slow()

    def _slow(self) -> str | None:
        producer, quiet = self._producer, time.monotonic() - self._moved_at
        if producer is None or not producer.waiting or quiet < SLOW:
            return None
        return f"no acknowledgement from Kafka for {quiet:.0f} s, {producer.waiting} events wait"

    def _step(self) -> bool:
        try:
            return self._advance()
        except Exception:
            self._let_go()
            raise

    def _advance(self) -> bool:
        if not self._lock.take():
            return False
        producer = self._producer or self._open()
        sent = self._send_more(producer)
        return self._collect(producer) or sent or producer.waiting > 0

    def _open(self) -> OrderedProducer:
        topic = open_topic(self._servers, self._topic)
        _, self._lineage = self.ledger.identity.now()
        self._compare(topic)
        position = self._position()
        if topic.taken < position:
            # It was deleted, or its broker lost records: every acknowledged event took a place of its own.
            logger.warning("topic %s has taken %d records, not %d: sending all", topic.name, topic.taken, position)
            position = 0
            self._store(position)
        self._producer = self._make_producer(self._servers, topic)
        self._sent = position
        self._looked_at = time.monotonic()
        return self._producer

    def _compare(self, topic: Topic) -> None:
        """See that the topic holds what the log has; a topic that was refused is not read again before it changes."""
        if self._refused and self._refused[0] == topic.taken:
            raise self._refused[1]
        self._refused = None
        try:
            held = tail(self._servers, topic.name, 2 * BATCH)
            look_back = partial(turning, self._servers, topic.name)
            require_same(self.ledger.database, self._lineage, topic.name, held, look_back)
        except PartedTopicError as parted:
            self._refused = topic.taken, parted
            raise

    def _position(self) -> int:
        """The stored position, as far as it is one of the log as it is now."""
        position, incarnation = self._lock.position()
        try:
            parted = self._lineage.parted(incarnation, position) if incarnation else None
        except UnknownIncarnationError:
            parted = 0
        return position if parted is None else parted

    def _store(self, position: int) -> None:
        self._lock.store(position, self._lineage.present.id)

    def _look(self) -> None:
        """See, once a second at most, that the log is still the one that the topic was compared with.

        A restore ends the session with the server; what came after one is not to be read as what was before.
        """
        if time.monotonic() < self._looked_at + LOOK:
            return
        size, number = self._lock.log()
        if number != self._lineage.present.number or size < self._sent:
            raise AnotherIncarnationError(f"the log is in incarnation {number} and ends at position {size}")
        self._looked_at = time.monotonic()

    def _send_more(self, producer: OrderedProducer) -> bool:
        if producer.waiting > BATCH:
            return False
        if not producer.waiting:
            self._moved_at = time.monotonic()
        before = self._sent
        page = self._log.page(before)
        self._look()
        for position, record in page:
            try:
                producer.send(position, record)
            except EventTooLargeError:
                if producer.waiting:
                    break  # those before it are acknowledged first
                raise
            self._sent = position
        return self._sent > before

    def _collect(self, producer: OrderedProducer) -> bool:
        position = producer.acknowledged(WAIT)
        if position is not None:
            self._store(position)
            self._moved_at = time.monotonic()
        elif producer.waiting and time.monotonic() - self._moved_at > self._patience:
            raise NoProgressError(
                f"no acknowledgement for {self._patience:g} s: {producer.waiting} events are sent anew"
            )
        return position is not None

    def _await_the_rest(self) -> None:
        deadline = time.monotonic() + FAREWELL
        while self._producer and self._producer.waiting and time.monotonic() < deadline:
            self._collect(self._producer)

    def _let_go(self) -> None:
        producer, self._producer = self._producer, None
        try:
            if producer is not None:
                producer.close()
        finally:
            self._lock.release()
