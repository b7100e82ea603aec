"""Real histories beside the repository, and a database that the scenarios of one history share."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from services.application import Zeren
from tests.no_skips import DATA_SETS_ABSENT


@pytest.fixture(scope="session")
def data_sets(repository_root: Path) -> Path:
    """The folder of the real data sets, which a clone alone does not have."""
    folder = repository_root.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(DATA_SETS_ABSENT)
    return folder


@pytest.fixture(scope="module")
def history(data_sets: Path, postgres: str) -> Iterator[Zeren]:
    """An open ledger that the scenarios of a module share; its views move on when it is told."""
    name = f"zeren_{secrets.token_hex(6)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    with Zeren(make_conninfo(postgres, dbname=name), projecting=False) as opened:
        yield opened
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
