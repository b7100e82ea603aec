"""More threads than connections, and a server that lets nobody in any more."""

import threading
import time
from pathlib import Path
from uuid import uuid4

import psycopg

from commands.customer.profile import RegisterCustomer
from events.vocabulary.identifiers import stream_id
from services.handling import CommandHandler, Request, context
from services.store.database import Database
from services.store.ledger import Ledger
from soak.cluster import Cluster, cluster
from soak.facts import new_token
from soak.history import Attempt, History
from soak.log import stored
from soak.verdict import Verdict, judge
from soak.writers import writing

_THREADS = 32
_CONNECTIONS = 24
_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'zeren%'"


def few_connections(url: str, rounds: int) -> list[Verdict]:
    """Let many threads give orders over two connections; each has its answer, or an error that says why not."""
    attempts: list[Attempt] = []
    with Database(url, connections=2) as database, Ledger(database) as ledger:
        handler = CommandHandler(ledger)

        def give_orders() -> None:
            for _ in range(rounds):
                token, stream, began = new_token(), stream_id("customer", uuid4()), time.monotonic_ns()
                try:
                    outcome = handler.execute(Request(stream, RegisterCustomer(name=token), context("system")))
                except psycopg.OperationalError:
                    attempts.append(Attempt(began, None, stream, 1, (token,), None))
                else:
                    attempts.append(Attempt(began, time.monotonic_ns(), stream, 1, (token,), (outcome.position,)))

        threads = [threading.Thread(target=give_orders) for _ in range(_THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    history = History(attempts, [], *stored(url))
    if len(attempts) < rounds * _THREADS:
        raise RuntimeError("an order met an error that does not say that the store was busy")
    return [judge(f"{_THREADS} threads on two connections", rounds, [history])]


def full_server(folder: Path, rounds: int, *, saves: int = 20) -> list[Verdict]:
    """Take every connection that the server has, and end those of the writers; then give them back."""
    settings = {"max_connections": str(_CONNECTIONS), "superuser_reserved_connections": "0"}
    with cluster(settings) as database, writing(database.url, folder) as load:
        for _ in range(rounds):
            load.go_on(saves)
            _take_all(database)
        load.go_on(saves)
        load.stop()
        return [judge("no connection left at the server", rounds, [load.history()])]


def _take_all(database: Cluster) -> None:
    """Hold all connections until writers were turned away."""
    held: list[psycopg.Connection] = [psycopg.connect(database.url, autocommit=True)]
    refused = database.said.count("too many clients")
    try:
        held[0].execute(_END)
        deadline = time.monotonic() + 60
        while database.said.count("too many clients") < refused + 40 or len(held) < _CONNECTIONS - 2:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(held)} connections are held and nobody was turned away")
            try:
                held.append(psycopg.connect(database.url, autocommit=True))
            except psycopg.OperationalError:
                held[0].execute(_END)
                time.sleep(0.02)
    finally:
        for connection in held:
            connection.close()
