"""A real PostgreSQL for the whole run, and a fresh database in it for each test that asks for one."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from services.application import Zeren
from services.store.database import embedded


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of an embedded PostgreSQL 18 that all tests share.

    It lies outside pytest's own folder, which every new run closes to the user that a root's PostgreSQL runs as.
    """
    with (
        tempfile.TemporaryDirectory(prefix="zeren-tests-", ignore_cleanup_errors=True) as folder,
        embedded(Path(folder)) as url,
    ):
        yield url


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
