"""Ends what a run of tests has left behind, however the run ended: a process of its own that waits for that.

A run that is killed cannot stop its servers, and PostgreSQL is nobody's child: `pg_ctl` has started it and is gone.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

MARK = "TESTS_OF_ZEREN_IN"
"""The variable that all processes of a run have in their environment: the folder of the run."""
_GRACE = 5.0
"""Seconds in which they may end by themselves."""


def watch_over(folder: Path) -> None:
    """Let the processes that this one starts from now on, and the folder, go with this process."""
    os.environ[MARK] = str(folder)
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", __file__, str(folder), str(os.getpid())],
        {},
        file_actions=[(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)],
        # What ends the run from the keyboard does not end its guardian.
        setsid=True,
    )


def left_behind(folder: str) -> list[int]:
    """The processes that were started for the run with this folder."""
    mark = f"{MARK}={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        # Others end meanwhile, or are somebody else's.
        with suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


def main(folder: str, run: int) -> None:
    """Wait for the end of the run, then end what is left of it."""
    while os.getppid() == run:
        time.sleep(0.2)
    last_word = time.monotonic() + _GRACE
    while left := left_behind(folder):
        # PostgreSQL gives its shared memory back where it is asked to end.
        how = signal.SIGINT if time.monotonic() < last_word else signal.SIGKILL
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, how)
        time.sleep(0.5)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
