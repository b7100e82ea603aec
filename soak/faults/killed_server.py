"""`kill -9` of the server process while clients send commands."""

from pathlib import Path

from soak.clients import sending
from soak.serving import serving
from soak.verdict import Verdict, judge


def run(url: str, folder: Path, rounds: int, *, requests: int = 40) -> list[Verdict]:
    """Kill the server after so many accepted requests, start it again, round after round."""
    with serving(url, folder) as server:
        with sending(url, lambda: server.address) as clients:
            for _ in range(rounds):
                clients.go_on(requests)
                server.kill()
                server.start()
            clients.go_on(requests)
        return [judge("kill -9 of the server process under HTTP load", rounds, [clients.history()])]
