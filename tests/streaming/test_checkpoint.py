"""The stored position never passes the first event that Kafka has not acknowledged."""

from typing import Any

from kafka.errors import KafkaError  # type: ignore[import-untyped]
from kafka.future import Future  # type: ignore[import-untyped]

from services.store.ledger import Ledger
from services.streaming.ordered_producer import OrderedProducer
from services.streaming.topic import Topic
from tests.streaming.conftest import MakeRelay
from tests.streaming.helpers import visits
from tests.waiting import eventually


class Sent(Future):  # type: ignore[misc]
    """The outcome of one record, in the hands of the test."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position

    def get(self, timeout: float) -> None:
        if not self.is_done:
            raise KafkaError(f"nothing within {timeout} s")


class HandDriven:
    """A producer whose acknowledgements the test gives."""

    def __init__(self, **_: Any) -> None:
        self.sent: list[Sent] = []
        self.given_up = False

    def send(self, _topic: str, *, headers: list[tuple[str, bytes]], **_: bytes) -> Sent:
        self.sent.append(Sent(int(dict(headers)["ce_position"])))
        return self.sent[-1]

    def give_up(self) -> None:
        self.given_up = True

    def close(self, **_: float) -> None:
        assert self.given_up


def test_it_stops_before_a_gap_and_begins_again_there_when_the_gap_stays(
    ledger: Ledger, servers: str, relaying: MakeRelay
) -> None:
    producers: list[HandDriven] = []

    def make(**settings: Any) -> HandDriven:
        producers.append(HandDriven(**settings))
        return producers[-1]

    def producer(to: str, topic: Topic) -> OrderedProducer:
        return OrderedProducer(to, topic, make)

    visits(ledger, 10)
    filled = relaying(servers)
    eventually(lambda: filled.lag() == 0)
    filled.stop()
    with ledger.database.connection() as connection:
        connection.execute("DELETE FROM zeren.relay")
    relay = relaying(servers, producer=producer)
    eventually(lambda: producers and len(producers[0].sent) == 10)
    first = producers[0]
    for sent in first.sent:
        if sent.position not in {4, 8}:
            sent.success(None)
    eventually(lambda: relay.position == 3)
    first.sent[3].failure(KafkaError("refused"))
    assert first.given_up

    eventually(lambda: len(producers) == 2 and len(producers[1].sent) == 7)
    assert relay.position == 3
    assert [sent.position for sent in producers[1].sent] == [4, 5, 6, 7, 8, 9, 10]
    for sent in reversed(producers[1].sent):
        assert relay.position == 3
        sent.success(None)
    eventually(lambda: relay.position == 10)
