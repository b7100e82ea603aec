"""The server on a data directory: found by what the kernel says of a process, never by its number alone."""

import os
import select
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_PROGRAM = "postgres"
_FAST = 60.0
"""Seconds that a server may take to disconnect everybody and write its pages out."""
_IMMEDIATE = 15.0
"""Seconds that it may take to end without; it recovers at its next start."""
_PORT, _SOCKETS, _STATUS = 3, 4, 7
"""Lines of a pid file, from 0."""


@dataclass(frozen=True, slots=True)
class Server:
    """What the pid file of a running server says."""

    pid: int
    sockets: Path
    port: int
    ready: bool


def pid_file(data: Path) -> Path:
    """Where a server writes that it is there."""
    return data / "postmaster.pid"


def server_on(data: Path) -> Server | None:
    """The server that runs on a data directory; none where the pid file is missing, damaged or somebody else's."""
    try:
        lines = pid_file(data).read_text("utf-8").splitlines()
        pid, port = int(lines[0]), int(lines[_PORT])
    except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
        return None
    if not serves(pid, data) or len(lines) <= _SOCKETS:
        return None
    ready = len(lines) > _STATUS and lines[_STATUS].strip() == "ready"
    return Server(pid, Path(lines[_SOCKETS]), port, ready)


def serves(pid: int, data: Path) -> bool:
    """Whether a process is PostgreSQL's, and works in this very directory."""
    process = Path("/proc", str(pid))
    try:
        return _program(process) == _PROGRAM and _works_in(process, data)
    except OSError:
        return False


def _program(process: Path) -> str:
    try:
        # A program that was replaced meanwhile is called so, with a remark.
        return (process / "exe").readlink().name.removesuffix(" (deleted)")
    except PermissionError:
        return Path(_arguments(process)[0]).name


def _works_in(process: Path, data: Path) -> bool:
    try:
        return (process / "cwd").samefile(data)
    except PermissionError:
        # In a container root may not look into a process of another user; everybody may read how it was started.
        arguments = _arguments(process)
        return any(option == "-D" and Path(value).samefile(data) for option, value in pairwise(arguments))


def _arguments(process: Path) -> list[str]:
    return [os.fsdecode(one) for one in (process / "cmdline").read_bytes().split(b"\0")]


def processes_on(data: Path) -> list[int]:
    """All processes of PostgreSQL that work in a data directory, whatever its pid file says."""
    numbers = (int(process.name) for process in Path("/proc").glob("[0-9]*"))
    return [pid for pid in numbers if serves(pid, data)]


class Postmaster:
    """A process of a server that cannot be mistaken for another one, even when it has ended and its number is reused.

    Raises:
        ProcessLookupError: the process is not, or not any more, a server on the data directory.
    """

    def __init__(self, pid: int, data: Path) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)
        # Only now: whatever has the number from here on, it is not what the handle stands for.
        if not serves(pid, data):
            self.close()
            raise ProcessLookupError(f"process {pid} is no server on {data}")

    def has_ended(self, patience: float = 0.0) -> bool:
        """Whether it has ended, after at most so many seconds."""
        watched = select.poll()
        watched.register(self._handle, select.POLLIN)
        return bool(watched.poll(patience * 1000))

    def stop(self) -> bool:
        """End it well, or, where that takes longer than a minute, without writing its pages out; whether it ended."""
        for how, patience in ((signal.SIGINT, _FAST), (signal.SIGQUIT, _IMMEDIATE)):
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, how)
            if self.has_ended(patience):
                return True
        return False

    def close(self) -> None:
        """Let go of it."""
        os.close(self._handle)


def settled(data: Path, patience: float) -> list[int]:
    """Processes that are left of a killed server after at most so many seconds: they end by themselves."""
    deadline = time.monotonic() + patience
    while (left := processes_on(data)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
