"""Joins the server on a directory, starts it again where it dies, and ends it where nobody else has joined it."""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from services.store.embedded.postmaster import Postmaster, Server, server_on
from services.store.embedded.starting import sockets_for, started
from services.store.unusable import NoDatabaseError

logger = logging.getLogger(__name__)

_LOOK = 0.25
"""Seconds between two looks whether the server is still there."""
_LONGEST_PAUSE = 30.0


class Joined:
    """A process's share in the server that keeps its files in `directory / "postgres"`.

    Who has joined holds a lock on a file, which the kernel takes back when a process ends, however it ends: a list
    of process numbers would name the dead, and those who have their numbers now.

    Raises:
        NoDatabaseError: there is no server, and none can be started; with the reason.
    """

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._data = directory.resolve() / "postgres"
            with ExitStack() as opened:
                # Kept open: whether others have joined must be known even where nothing leads here any more.
                self._turn = opened.enter_context(_lock_file(self._data, "starting"))
                self._share = opened.enter_context(_lock_file(self._data, "joined"))
                with self._alone():
                    fcntl.flock(self._share, fcntl.LOCK_SH)
                    self._postmaster = self._started(make=True)
                self._opened = opened.pop_all()
        except OSError as error:
            raise NoDatabaseError(
                f"the embedded PostgreSQL cannot keep its files in {directory}: {error.strerror or error}"
            ) from error
        self._stopped = threading.Event()
        self._watch = threading.Thread(target=self._keep, name="embedded PostgreSQL", daemon=True)
        self._watch.start()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts or stops the server meanwhile."""
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def _started(self, *, make: bool) -> Postmaster:
        server = started(self._data, self._elsewhere(), make=make)
        self.url = _url(server)
        self._sockets = server.sockets
        try:
            return Postmaster(server.pid, self._data)
        except ProcessLookupError as error:
            raise NoDatabaseError(f"the database in {self._data} ended as soon as it had started") from error

    def _elsewhere(self) -> Path | None:
        """Where the server listens if not in its own directory: the same place as long as anybody has joined."""
        noted = os.pread(self._share, 4096, 0).decode("utf-8")
        if noted and Path(noted).is_dir():
            return Path(noted)
        made = sockets_for(self._data)
        os.ftruncate(self._share, 0)
        if made:
            os.pwrite(self._share, str(made).encode(), 0)
        return made

    def _keep(self) -> None:
        """Start the server again whenever it has ended without us."""
        pause = _LOOK
        while not self._stopped.wait(pause):
            if not self._postmaster.has_ended():
                continue
            if pause == _LOOK:
                logger.warning("the embedded PostgreSQL in %s has ended; starting it again", self._data)
            try:
                with self._alone():
                    if self._stopped.is_set():
                        return
                    again = self._started(make=False)
            except (NoDatabaseError, OSError) as error:
                logger.error("the embedded PostgreSQL in %s is away: %s", self._data, error)  # noqa: TRY400 - no traceback helps
                pause = min(_LONGEST_PAUSE, 2 * max(pause, 1.0))
                continue
            self._postmaster.close()
            self._postmaster = again
            pause = _LOOK

    def leave(self) -> None:
        """Go; the last one to go stops the server."""
        self._stopped.set()
        self._watch.join()
        with self._opened, self._alone():
            try:
                fcntl.flock(self._share, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._stop()
            self._postmaster.close()

    def _stop(self) -> None:
        if self._postmaster.has_ended() and (running := server_on(self._data)):
            # Another process has started it again, and left, before this one has noticed.
            self._postmaster.close()
            self._postmaster = Postmaster(running.pid, self._data)
        if not self._postmaster.stop():
            logger.error("the embedded PostgreSQL in %s does not end: process %d", self._data, self._postmaster.pid)
        if self._sockets != self._data:
            with suppress(OSError):
                self._sockets.rmdir()


@contextmanager
def _lock_file(data: Path, name: str) -> Iterator[int]:
    file = os.open(data.with_name(f"{data.name}.{name}"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield file
    finally:
        os.close(file)


def _url(server: Server) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(server.sockets))}&port={server.port}"
