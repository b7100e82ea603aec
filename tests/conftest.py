"""A real PostgreSQL for each worker, and a fresh database in it for each test that asks for one."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from hypothesis import HealthCheck
from psycopg.conninfo import make_conninfo

from projections.registry import PROJECTIONS
from services.application import Zeren
from services.projector.schema import prepare
from services.questions import views
from services.store import database
from services.store.database import Database
from services.store.embedded import embedded
from services.store.ledger import Ledger
from tests.dealing import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401 - pytest's hooks
from tests.guardian import watch_over
from tests.waiting import PATIENCE

# How fast this machine is today says nothing about a law.
hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")

_MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it have names that nobody knows beforehand
_AVAILABLE = Path("/proc/meminfo")
_ROOM = 6 * 2**30
"""Bytes that are free where databases lie in memory: the largest history and its log need one or two of these."""


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder for servers, which goes with this process as do all processes that it starts.

    It lies outside pytest's own folder, which every new run closes to the user that a root's PostgreSQL runs as.
    """
    folder = Path(tempfile.mkdtemp(prefix="zeren-tests-", dir=_MEMORY if _has_room_in_memory() else None))
    watch_over(folder)
    return folder


def _has_room_in_memory() -> bool:
    """Whether databases may lie in memory: half of what a fresh one costs is waiting for the disk."""
    try:
        available = next(line for line in _AVAILABLE.read_text("ascii").splitlines() if line.startswith("MemAvailable"))
        return min(int(available.split()[1]) * 1024, shutil.disk_usage(_MEMORY).free) > _ROOM
    except (OSError, StopIteration):
        return False


@pytest.fixture(scope="session", autouse=True)
def _patient(run_folder: Path) -> Iterator[None]:
    """On a busy machine a view may be far behind, and a server slow to let us in: neither is what tests are about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "PATIENCE", PATIENCE)
        patch.setattr(database, "_PATIENCE", PATIENCE)
        yield


@pytest.fixture(scope="session")
def postgres(run_folder: Path) -> Iterator[str]:
    """The URL of an embedded PostgreSQL 18 that all tests of a worker share."""
    with embedded(run_folder) as url:
        yield url


@pytest.fixture
def server_folder(run_folder: Path) -> Path:
    """A folder for the data of a server that a test has for itself."""
    return Path(tempfile.mkdtemp(dir=run_folder))


@pytest.fixture(scope="session")
def laid_out(postgres: str) -> str:
    """The name of a database that has every table and no event; it is copied, never used."""
    name = "zeren_laid_out"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    with (
        Database(make_conninfo(postgres, dbname=name)) as new,
        Ledger(new),
        new.connection() as connection,
    ):
        prepare(connection, PROJECTIONS)
    return name


@pytest.fixture
def new_database(postgres: str) -> Iterator[Callable[..., str]]:
    """Makes fresh databases and gives their URLs: empty ones, or copies of another one."""
    made: list[str] = []

    def make(copied: str = "template1") -> str:
        name = f"zeren_{secrets.token_hex(6)}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {copied}".encode())
        made.append(name)
        return make_conninfo(postgres, dbname=name)

    yield make
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def database_url(new_database: Callable[..., str], laid_out: str) -> str:
    """The URL of a fresh database without an event, its tables in place: to lay them out takes longer than most tests.

    Tests of the store and of whole processes have an empty one.
    """
    return new_database(laid_out)


@pytest.fixture
def zeren(database_url: str) -> Iterator[Zeren]:
    """An open ledger with its first rules, its views kept up to date in the background."""
    with Zeren(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def repository_root() -> Path:
    """The folder that the project lies in."""
    return Path(__file__).parent.parent
