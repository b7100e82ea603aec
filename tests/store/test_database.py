"""A database that would lose events is refused."""

from pathlib import Path

import psycopg
import pytest

from services.store.database import Database
from services.store.embedded import embedded
from services.store.unusable import UnsafeDatabaseError
from tests.waiting import eventually


def test_a_database_that_does_not_wait_for_the_disk_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute("SELECT current_database()").fetchone()
        assert row is not None
        connection.execute(f"ALTER DATABASE {row[0]} SET synchronous_commit = off".encode())
    with pytest.raises(UnsafeDatabaseError, match="synchronous_commit"):
        Database(database_url)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_may_lose_pages_is_refused(server_folder: Path, setting: str) -> None:
    with embedded(server_folder) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
            shown = f"SELECT current_setting('{setting}')".encode()
            eventually(lambda: connection.execute(shown).fetchone() == ("off",))
        with pytest.raises(UnsafeDatabaseError, match=setting):
            Database(url)
