"""Relays are killed, take turns, and lose their database sessions."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from services.store.ledger import Ledger
from services.streaming.progress import Progress
from tests.streaming.conftest import MakeRelay
from tests.streaming.helpers import logged, positions_by_key, read_with_kcat, visits
from tests.waiting import PATIENCE, eventually

_PROGRAM = (
    "from services.settings import Settings; from services.streaming.process import relay_until_stopped; "
    "relay_until_stopped(Settings.from_environment())"
)

Launch = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def launch(ledger: Ledger, servers: str, topic: str, repository_root: Path) -> Iterator[Launch]:
    """Starts a relay as a process of its own, and ends it with the test."""
    environment = {
        **os.environ,
        "ZEREN_DATABASE_URL": ledger.database.url,
        "ZEREN_KAFKA_BOOTSTRAP_SERVERS": servers,
        "ZEREN_KAFKA_TOPIC": topic,
    }
    with ExitStack() as stack:

        def start() -> "subprocess.Popen[bytes]":
            command = [sys.executable, "-c", _PROGRAM]
            process = stack.enter_context(
                subprocess.Popen(command, env=environment, cwd=repository_root, stdout=subprocess.DEVNULL)
            )
            stack.callback(process.kill)
            return process

        yield start


def test_a_relay_killed_while_sending_leaves_nothing_out_and_nothing_out_of_order(
    ledger: Ledger, servers: str, topic: str, launch: Launch
) -> None:
    for _ in range(3):
        visits(ledger, 1_500)
    progress = Progress(ledger.database, topic)
    process = launch()
    eventually(lambda: progress.position > 0)
    process.kill()
    process.wait()
    assert 0 < progress.position < ledger.size()
    last = launch()
    eventually(lambda: progress.position == ledger.size())
    last.send_signal(signal.SIGTERM)
    assert last.wait(timeout=PATIENCE) == 0
    assert positions_by_key(read_with_kcat(servers, topic)) == logged(ledger)


def test_of_two_relays_one_sends_and_the_other_takes_over_when_it_dies(
    ledger: Ledger, servers: str, topic: str, launch: Launch, relaying: MakeRelay
) -> None:
    progress = Progress(ledger.database, topic)
    visits(ledger, 24)
    active = launch()
    eventually(lambda: progress.position == 24)
    standby = relaying(servers)
    visits(ledger, 24)
    eventually(lambda: standby.lag() == 0)
    assert not standby.active
    assert standby.failure is None
    assert positions_by_key(read_with_kcat(servers, topic), once=True) == logged(ledger)

    active.kill()
    active.wait()
    visits(ledger, 24)
    eventually(lambda: standby.lag() == 0)
    assert standby.active
    assert positions_by_key(read_with_kcat(servers, topic), once=True) == logged(ledger)


def _recorded_again(ledger: Ledger) -> bool:
    try:
        visits(ledger, 24)
    except psycopg.OperationalError:
        return False  # a pooled connection of ours was ended, too
    return True


def test_a_relay_heals_after_its_database_sessions_were_ended(
    ledger: Ledger, servers: str, topic: str, relaying: MakeRelay, postgres: str
) -> None:
    visits(ledger, 2_000)
    relay = relaying(servers)
    for _ in range(3):
        time.sleep(0.3)
        with psycopg.connect(postgres, autocommit=True) as administrator:
            administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (ledger.database.parameters["dbname"],),
            )
        eventually(lambda: _recorded_again(ledger))
    eventually(lambda: relay.lag() == 0 and relay.failure is None)
    assert positions_by_key(read_with_kcat(servers, topic)) == logged(ledger)
