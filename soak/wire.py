"""A wire between us and PostgreSQL that can be cut before a request arrived, or after what it asked was committed."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_NO_TRANSACTION = b"Z\x00\x00\x00\x05I"
"""PostgreSQL is ready for the next statement, and what came before is committed."""


class Wire:
    """Passes bytes on to the server of `url`; a request that carries a marker cuts its connection, once per marker."""

    def __init__(self, url: str) -> None:
        parameters = conninfo_to_dict(url)
        self._server = f"{parameters['host']}/.s.PGSQL.{parameters.get('port', 5432)}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = make_conninfo(url, host="127.0.0.1", port=self._listener.getsockname()[1], sslmode="disable")
        self._markers: dict[bytes, bool] = {}
        self.cuts = 0
        self._threads = [threading.Thread(target=self._accept)]
        self._sockets: list[socket.socket] = []

    def cut(self, marker: str, *, after: bool) -> None:
        """Cut the connection whose request carries the marker, before the request arrives or after it was committed."""
        self._markers[marker.encode()] = after

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                self._sockets += [client, server]
                losing = threading.Event()
                for ends in ((client, server, True), (server, client, False)):
                    thread = threading.Thread(target=self._pass_on, args=(*ends, losing))
                    self._threads.append(thread)
                    thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket, asking: bool, losing: threading.Event) -> None:  # noqa: FBT001 - given positionally to the thread
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 20):
                after = self._armed(data) if asking else None
                if after is False or (not asking and losing.is_set() and _NO_TRANSACTION in data):
                    self.cuts += 1
                    break
                if after:
                    losing.set()
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _armed(self, data: bytes) -> bool | None:
        for marker in list(self._markers):
            if marker in data:
                return self._markers.pop(marker)
        return None

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._sockets:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in self._sockets:
            end.close()
