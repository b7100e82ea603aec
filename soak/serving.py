"""The real server process: started, killed, started again."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ZEREN = Path(sys.executable).parent / "zeren"
_READY = re.compile(rb"^Zeren is ready: http://([\d.]+):(\d+)$")
_PATIENCE = 120.0


class Server:
    """`zeren serve` on a database, at a port that changes with every start."""

    def __init__(self, url: str, output: Path) -> None:
        self._url = url
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None
        self.address: tuple[str, int] | None = None
        """Host and port; none while it is not up."""

    def start(self) -> None:
        """Start, and wait until it is ready.

        Raises:
            RuntimeError: it ended instead; with what it said.
        """
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZEREN_")}
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - a program of ours
                [_ZEREN, "serve", "--port", "0"],
                env={**inherited, "ZEREN_DATABASE_URL": self._url, "ZEREN_AUTH": "dev"},
                stdout=subprocess.PIPE,
                stderr=output,
            )
        watchdog = threading.Timer(_PATIENCE, self._process.kill)
        watchdog.start()
        try:
            ready = _READY.match(self._process.stdout.readline().rstrip()) if self._process.stdout else None
        finally:
            watchdog.cancel()
        if ready is None:
            self.kill()
            raise RuntimeError(f"the server did not start: {self._output.read_text('utf-8', errors='replace')}")
        self.address = (ready[1].decode(), int(ready[2]))

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it well."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        self.address = None
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(timeout=60)
        finally:
            self._process.kill()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Server]:
    """A server that is up."""
    server = Server(url, folder / "server")
    try:
        server.start()
        yield server
    finally:
        server.kill()
