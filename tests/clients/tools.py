"""What the tests of generated clients fetch, once for each content of the files that name it, and how they run it."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "clients"


def fetched(name: str, named_in: Sequence[Path], fetch: Callable[[Path], None]) -> Path:
    """The folder that `fetch` has filled, in this run or an earlier one."""
    stamp = hashlib.sha256(b"".join(one.read_bytes() for one in named_in)).hexdigest()[:12]
    folder = CACHE / f"{name}-{stamp}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = CACHE / f"{name}-{stamp}-{os.getpid()}"
            unfinished.mkdir()
            try:
                fetch(unfinished)
                unfinished.rename(folder)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What a program says that has to succeed."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[:3]}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout
