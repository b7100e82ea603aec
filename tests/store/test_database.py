"""A database that would lose events is refused."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from commands.person.directory import RegisterPerson
from events.vocabulary.identifiers import stream_id
from services.application import Zeren
from services.handling import Request, context
from services.store.database import Database
from services.store.embedded import embedded
from services.store.reading.verifying import verify
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


@pytest.mark.parametrize(
    "setting",
    [
        "client_encoding = 'LATIN1'",
        "datestyle = 'German'",
        "timezone = 'Asia/Shanghai'",
        "bytea_output = 'escape'",
        "standard_conforming_strings = off",
        "default_transaction_isolation = 'serializable'",
        "intervalstyle = 'sql_standard'",
    ],
)
def test_settings_of_a_database_do_not_garble_what_is_kept_there(database_url: str, setting: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET {setting}".encode())
    with Zeren(database_url) as zeren:
        stream = stream_id("person", uuid4())
        request = Request(stream, RegisterPerson(name="责任\\林晓"), context("system"))
        zeren.handler.execute(request)
        moment = zeren.views.moment("people", at_least=zeren.ledger.size())
        assert moment.effective_at.utcoffset() == timedelta(0)
        assert zeren.database.rows("SELECT name FROM view_people.people")[0]["name"] == "责任\\林晓"
        question = "SELECT name FROM view_people.people WHERE name = $1"
        assert zeren.database.asking.rows(question, ["责任\\林晓"]) == [("责任\\林晓",)]
        assert zeren.ledger.state(stream).version == 1
        assert verify(zeren.database).holds


def test_a_client_encoding_of_the_environment_garbles_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "GB18030")
    with Database(database_url) as database:
        assert database.rows("SELECT '责任' AS name")[0]["name"] == "责任"
        assert database.asking.rows("SELECT length($1::text)", ["责任"]) == [(2,)]
