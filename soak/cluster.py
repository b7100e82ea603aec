"""A PostgreSQL server of our own that may be killed, stopped, filled up and moved to other disks."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from services.store.embedded import account

_USER = "pgserver"
_PATIENCE = 90.0
_ENDING = 10.0
"""Seconds that a server may take to end once it has said that it does."""


def programs() -> Path:
    """The folder of PostgreSQL's programs, readable for the user that a root's server runs as."""
    return account.programs(_runner())


def _runner() -> account.Account:
    if os.geteuid():
        return account.Account(os.geteuid(), os.getegid())
    return account.for_servers_of_root()


def give(path: Path) -> None:
    """Let the server's user have a folder."""
    if os.geteuid() == 0:
        shutil.chown(path, _USER, _USER)


def run(program: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs to its end.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own
        [programs() / program, *arguments],
        check=False,
        user=_USER if os.geteuid() == 0 else None,
        group=_USER if os.geteuid() == 0 else None,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stdout}")


def _state(pid: int) -> str:
    """What a process does, by the letter that Linux has for it; a zombie where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


class Cluster:
    """A server with its data in `folder / "data"`; its settings are given at each start.

    Connections come over a socket in a folder of its own, so that its URL stays while the data moves.
    """

    def __init__(self, folder: Path, sockets: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data = folder / "data"
        self.sockets = sockets
        self.settings = dict(settings or {})
        self.output = sockets / "output"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"postgresql://postgres@/postgres?host={self.sockets}"

    def create(self) -> None:
        """Make the data folder; it must not exist."""
        self.data.mkdir()
        give(self.data)
        run("initdb", "--auth=trust", "--encoding=utf8", "--username=postgres", "--no-sync", "-D", self.data)

    def start(self, *, wait: bool = True) -> None:
        """Start the server.

        Raises:
            TimeoutError: it lets nobody in.
        """
        self._forget_the_dead()
        options = {"listen_addresses": "", "unix_socket_directories": str(self.sockets), **self.settings}
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own
                [programs() / "postgres", "-D", self.data, *(f"-c{key}={value}" for key, value in options.items())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=_USER if os.geteuid() == 0 else None,
                group=_USER if os.geteuid() == 0 else None,
                cwd="/",
                start_new_session=True,
            )
        if wait:
            self.wait()

    def _forget_the_dead(self) -> None:
        """Remove the lock files of a server that was killed: its number may be somebody else's by now."""
        if self.process is not None and self.process.poll() is None:
            raise RuntimeError("the server is running")
        for lock in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def wait(self) -> None:
        """Wait until the server lets us in."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or not self.is_running:
                    raise TimeoutError(f"{error}; the server said: {self.said[-2000:]}") from error
                time.sleep(0.05)
            else:
                return

    @property
    def is_running(self) -> bool:
        """Whether the server has not ended."""
        return self.process is not None and self.process.poll() is None

    @property
    def said(self) -> str:
        """Its log."""
        return self.output.read_text("utf-8", errors="replace") if self.output.exists() else ""

    def kill(self) -> None:
        """End every process of the server at once, as `kill -9` does."""
        if self.process is None or self.process.poll() is not None:
            return
        pid = self.process.pid
        # It starts no more children while they are counted; on a busy machine it may be in the middle of starting one.
        self.process.send_signal(signal.SIGSTOP)
        self._until(lambda: _state(pid) in "TZ", "a stopped server goes on")
        children = [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in map(int, (task / "children").read_text("ascii").split())
        ]
        self.process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.wait()
        self._until(lambda: all(_state(child) == "Z" for child in children), "a killed server does not end")

    @staticmethod
    def _until(condition: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(complaint)
            time.sleep(0.01)

    def execute(self, query: str) -> str:
        """The one value of a query; empty where it has none."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            row = cursor.fetchone() if cursor.description else None
            return str(row[0]) if row else ""

    def stop(self) -> None:
        """End the server well, or, where it does not, by force."""
        if self.process is None or self.process.poll() is not None:
            return
        with suppress(RuntimeError):
            run("pg_ctl", "-w", "-t", "30", "-D", self.data, "-m", "fast", "stop")
            # Its lock file goes before it does itself.
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_ENDING)
        self.kill()


@contextmanager
def folder_for_servers() -> Iterator[Path]:
    """A folder that the server's user may enter, which pytest's own is not; its path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="zeren-soak-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def cluster(settings: Mapping[str, str] | None = None, folder: Path | None = None) -> Iterator[Cluster]:
    """A fresh running server, its data in a folder of its own unless one is given; stopped at the end."""
    with folder_for_servers() as own:
        sockets = own / secrets.token_hex(2)
        sockets.mkdir()
        give(sockets)
        made = Cluster(folder or own, sockets, settings)
        try:
            made.create()
            made.start()
            yield made
        finally:
            made.stop()
