"""A real PostgreSQL for each worker, and a fresh database in it for each test that asks for one."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from hypothesis import HealthCheck
from psycopg.conninfo import make_conninfo

from services import views
from services.application import Zeren
from services.store import database
from services.store.database import embedded
from tests.guardian import watch_over
from tests.waiting import PATIENCE

# How fast this machine is today says nothing about a law.
hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder for servers, which goes with this process as do all processes that it starts.

    It lies outside pytest's own folder, which every new run closes to the user that a root's PostgreSQL runs as.
    """
    folder = Path(tempfile.mkdtemp(prefix="zeren-tests-"))
    watch_over(folder)
    return folder


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


@pytest.fixture
def new_database(postgres: str) -> Iterator[Callable[[], str]]:
    """Makes fresh, empty databases and gives their URLs."""
    made: list[str] = []

    def make() -> str:
        name = f"zeren_{secrets.token_hex(6)}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        made.append(name)
        return make_conninfo(postgres, dbname=name)

    yield make
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The URL of a fresh, empty database."""
    return new_database()


@pytest.fixture
def zeren(database_url: str) -> Iterator[Zeren]:
    """An open ledger with its first rules, its views kept up to date in the background."""
    with Zeren(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def repository_root() -> Path:
    """The folder that the project lies in."""
    return Path(__file__).parent.parent
