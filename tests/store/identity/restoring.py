"""A log on a server of its own, and the ways in which it can become what it was."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.store.database import Database
from services.store.identity.lineage import Lineage
from services.store.ledger import Ledger
from services.store.writing.saves import Appended
from soak.cluster import Cluster, folder_for_servers, give, programs, run
from soak.facts import new_stream, save
from tests.waiting import eventually


@contextmanager
def opened(url: str) -> Iterator[Ledger]:
    """The ledger at a URL."""
    with Database(url) as database, Ledger(database) as ledger:
        yield ledger


def record(url: str, count: int) -> Lineage:
    """Start, record so many events one after the other, and end; the incarnations that the start has found."""
    with opened(url) as ledger:
        for _ in range(count):
            (appended,) = ledger.log_recorder.append([save(new_stream(), 1)])
            assert isinstance(appended, Appended), appended
        return ledger.identity.lineage


def lineage(url: str) -> Lineage:
    """The incarnations that a start finds."""
    return record(url, 0)


@contextmanager
def another(settings: dict[str, str] | None = None) -> Iterator[Cluster]:
    """A server whose data are still to come."""
    with folder_for_servers() as folder:
        give(folder)
        sockets = folder / "s"
        sockets.mkdir()
        give(sockets)
        made = Cluster(folder, sockets, settings)
        try:
            yield made
        finally:
            made.stop()


def base_backup(source: Cluster, target: Cluster, *options: str) -> None:
    """Copy a running server as operators do."""
    whence: tuple[str | Path, ...] = (
        "-h",
        source.sockets,
        "-U",
        "postgres",
        "--checkpoint=fast",
        "--no-sync",
        *options,
    )
    run("pg_basebackup", *whence, "-D", target.data)


def recover(backup: Cluster) -> None:
    """Restore a base backup to the point in time at which it was complete, and let it take facts again."""
    (backup.data / "recovery.signal").touch()
    give(backup.data / "recovery.signal")
    backup.settings |= {
        "restore_command": "false",
        "recovery_target": "immediate",
        "recovery_target_action": "promote",
    }
    backup.start()
    eventually(lambda: backup.execute("SELECT pg_is_in_recovery()") == "False", "the end of recovery")


def dump(source: str, target: str) -> None:
    """Dump a database, and restore the dump into an empty one."""
    dumped = subprocess.run([programs() / "pg_dump", "--no-owner", source], check=True, capture_output=True)
    restoring: list[str | Path] = [programs() / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", target]
    subprocess.run(restoring, check=True, capture_output=True, input=dumped.stdout)


class Picture:
    """A picture of a stopped server's files, which may be put back in their place."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self._cluster = cluster
        self._kept = folder / "picture"
        cluster.stop()
        subprocess.run(["cp", "-a", cluster.data, self._kept], check=True)
        cluster.start()

    def put_back(self) -> None:
        """Let the server go on from the picture."""
        self._cluster.stop()
        shutil.rmtree(self._cluster.data)
        subprocess.run(["cp", "-a", self._kept, self._cluster.data], check=True)
        self._cluster.start()
