"""Tells other processes that there is something new, and hears it from them: a wake-up, never the news itself."""

import logging
import select
import socket
import threading
import time
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Literal

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

logger = logging.getLogger(__name__)

Channel = Literal["zeren_log", "zeren_views"]
LOG: Channel = "zeren_log"
"""Something was recorded."""
VIEWS: Channel = "zeren_views"
"""A view has moved on."""

APART = 0.005
"""Seconds between two announcements of one process."""
_BACK_OFF, _LONGEST_BACK_OFF = 0.1, 5.0
_PATIENCE = 30.0
# A NOTIFY is a transaction of its own, and need not outlive a crash: nobody waits for the disk.
_OPTIONS = "-c synchronous_commit=off"


class Notices:
    """One connection with its thread, on which a process announces and listens.

    An announcement is made after the commit, outside its transaction, and several within a few milliseconds are one.
    One that is lost costs a moment only: everybody still looks from time to time. After each (re)connect every listener
    is called once, for what was announced before LISTEN took hold.
    """

    def __init__(self, url: str, listeners: Mapping[Channel, Sequence[Callable[[], None]]]) -> None:
        self.failure: str | None = None
        """Why nothing is heard; none while all is well."""
        self._url = url
        self._listeners = {channel: tuple(called) for channel, called in listeners.items()}
        self._told: set[str] = set()
        self._noted: set[str] = set()
        self._pid = 0
        self._lock = threading.Lock()
        self._ours, self._theirs = socket.socketpair()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def announce(self, channel: Channel) -> None:
        """Tell the other processes; returns at once, and never fails."""
        with self._lock:
            first = not self._told
            self._told.add(channel)
            if first and not self._stopped.is_set():
                self._theirs.send(b"\0")

    def stop(self) -> None:
        """Announce what is left, and end."""
        with self._lock:
            self._stopped.set()
            self._theirs.send(b"\0")
        self._thread.join(timeout=_PATIENCE)
        self._ours.close()
        self._theirs.close()

    def _run(self) -> None:
        pause = _BACK_OFF
        while not self._stopped.is_set():
            try:
                with self._connected() as connection:
                    self._listen(connection)
                    self.failure, pause = None, _BACK_OFF
                    self._serve(connection)
            except (psycopg.Error, OSError) as error:
                if self.failure is None and not self._stopped.is_set():
                    logger.warning("nothing is heard of other processes; connecting anew", exc_info=True)
                self.failure = f"{type(error).__name__}: {error}"
                self._stopped.wait(pause)
                pause = min(2 * pause, _LONGEST_BACK_OFF)

    def _connected(self) -> Connection[TupleRow]:
        return psycopg.connect(
            self._url,
            autocommit=True,
            application_name="zeren-notices",
            connect_timeout=5,
            options=_OPTIONS,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
        )

    def _listen(self, connection: Connection[TupleRow]) -> None:
        self._pid = connection.info.backend_pid
        # Called for what comes with the answer to a statement.
        connection.add_notify_handler(lambda notice: self._heard(notice.channel, notice.pid))
        for channel in self._listeners:
            connection.execute(f"LISTEN {channel}".encode())
        self._wake(self._listeners)

    def _serve(self, connection: Connection[TupleRow]) -> None:
        told_at = 0.0
        while not self._stopped.is_set():
            wait = None
            if self._told:
                wait = max(0.0, told_at + APART - time.monotonic())
                if not wait:
                    self._tell(connection)
                    told_at = time.monotonic()
            self._hear(connection)
            ready, _, _ = select.select([connection.fileno(), self._ours.fileno()], [], [], wait)
            if self._ours.fileno() in ready:
                self._ours.recv(4096)
        self._tell(connection)

    def _hear(self, connection: Connection[TupleRow]) -> None:
        # Not `Connection.notifies`, which waits for the socket, and so misses what libpq has read from it already.
        connection.pgconn.consume_input()
        while notice := connection.pgconn.notifies():
            self._heard(notice.relname.decode(), notice.be_pid)
        heard, self._noted = self._noted, set()
        self._wake(heard)

    def _heard(self, channel: str, pid: int) -> None:
        if pid != self._pid:
            self._noted.add(channel)

    def _wake(self, channels: Container[str]) -> None:
        for channel, called in self._listeners.items():
            if channel in channels:
                for call in called:
                    call()

    def _tell(self, connection: Connection[TupleRow]) -> None:
        with self._lock:
            told, self._told = self._told, set()
        for channel in sorted(told):
            connection.execute(f"NOTIFY {channel}".encode())
