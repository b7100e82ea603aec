"""A real broker for the whole run, and for each test a ledger, a topic of its own, and relays that end with it."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from services.store.database import Database
from services.store.ledger import Ledger
from services.streaming.relay import Relay
from tests.streaming.broker import Broker, fetch

MakeRelay = Callable[..., Relay]


@pytest.fixture(scope="session")
def broker(repository_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker that a test may stop, as long as it starts it again."""
    started = Broker(fetch(repository_root / ".cache" / "kafka"), tmp_path_factory.mktemp("kafka"))
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> str:
    """Where Kafka is: the cluster that `ZEREN_KAFKA_BOOTSTRAP_SERVERS` names, else the broker of this run."""
    given = os.environ.get("ZEREN_KAFKA_BOOTSTRAP_SERVERS")
    if given:
        return given
    own: Broker = request.getfixturevalue("broker")
    return own.bootstrap


@pytest.fixture
def topic() -> str:
    """The name of a topic that nobody has used."""
    return f"zeren.events.{secrets.token_hex(6)}"


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """An empty ledger."""
    with Database(database_url) as database:
        opened = Ledger(database)
        yield opened
        opened.close()


@pytest.fixture
def relaying(ledger: Ledger, topic: str) -> Iterator[MakeRelay]:
    """Starts relays of the ledger to the topic, and stops them at the end."""
    with ExitStack() as stack:

        def start(servers: str, to: str = topic, **settings: Any) -> Relay:
            relay = Relay(ledger, servers, to, **settings)
            stack.callback(relay.stop)
            relay.start()
            return relay

        yield start
