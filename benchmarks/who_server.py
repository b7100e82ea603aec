"""Our server with one more route that answers a constant, and a client as cheap as it can be."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import quote

import uvicorn

from benchmarks.processes import free_port
from benchmarks.who_peers import Asked
from services.application import Zeren
from services.http.app import create_app
from services.settings import Settings

_CONSTANT = "/v1/constant"
_ANSWER = {
    "subject": "customer:00000000-0000-4000-8000-000000000001",
    "role": "account_manager",
    "effective_at": "2020-01-01T00:00:00Z",
    "known_position": 700_000,
    "position": 1_400_000,
    "holders": [
        {
            "subject": "customer:00000000-0000-4000-8000-000000000001",
            "role": "account_manager",
            "person": "00000000-0000-4000-8000-000000000002",
            "assignment_id": "00000000-0000-4000-8000-000000000003",
            "kind": "principal",
            "involvement": "accountable",
            "since": "2019-12-31T00:00:00Z",
            "until": None,
            "events": ["00000000-0000-4000-8000-000000000004"],
        }
    ],
}


@contextmanager
def serving(url: str) -> Iterator[int]:
    """The port of a server in a process of its own."""
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.who_server", url, str(port)], stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError("the server did not start")
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=30)


class Client:
    """One keep-alive connection, HTTP/1.1 by hand."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def who(self, asked: Asked) -> object:
        """The question."""
        at = quote(asked.at.isoformat())
        return self._get(
            f"/v1/responsibility?subject={asked.subject}&role={asked.role}&effective_at={at}&known_position={asked.known}"
        )

    def constant(self, _asked: Asked) -> object:
        """The limit."""
        return self._get(_CONSTANT)

    def _get(self, path: str) -> Any:
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Dev system\r\n\r\n".encode())
        answer = self._socket.recv(65_536)
        end = answer.find(b"\r\n\r\n")
        at = answer.find(b"content-length: ") + 16
        length = end + 4 + int(answer[at : answer.find(b"\r\n", at)])
        while len(answer) < length:
            answer += self._socket.recv(65_536)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer[:300].decode(errors="replace"))
        return answer[end + 4 :]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


class _Server(uvicorn.Server):
    """Says when it is there."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write("ready\n")
        sys.stdout.flush()


def main() -> None:
    """The database's URL and the port are its arguments; ends on SIGTERM."""
    with Zeren(sys.argv[1], projecting=False) as zeren:
        app = create_app(zeren, Settings(dev_auth=True))

        @app.get(_CONSTANT)
        async def constant() -> dict[str, Any]:
            return _ANSWER

        _Server(uvicorn.Config(app, port=int(sys.argv[2]), log_level="warning", access_log=False)).run()


if __name__ == "__main__":
    main()
