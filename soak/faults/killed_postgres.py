"""`kill -9` of PostgreSQL and all its children while clients send commands; the server process stays."""

from pathlib import Path

from soak.clients import sending
from soak.cluster import cluster
from soak.serving import serving
from soak.verdict import Verdict, judge


def run(folder: Path, rounds: int, *, requests: int = 40) -> list[Verdict]:
    """Kill PostgreSQL after so many accepted requests, start it again, round after round."""
    with cluster() as database, serving(database.url, folder) as server:
        with sending(database.url, lambda: server.address) as clients:
            for _ in range(rounds):
                clients.go_on(requests)
                database.kill()
                database.start()
            clients.go_on(requests)
        if not server.is_running:
            raise RuntimeError("the server process ended with its database")
        return [judge("kill -9 of PostgreSQL under HTTP load", rounds, [clients.history()])]
