"""What a server refuses is said in one sentence, with its cause and its cure."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.cli.running import run
from tests.pooling import pooling

WRITING = "-c default_transaction_read_only=off"


@pytest.fixture
def role(database_url: str) -> Iterator[str]:
    """A role that may do nothing but connect."""
    name = f"app_{secrets.token_hex(4)}"
    with psycopg.connect(database_url, autocommit=True, options=WRITING) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        yield name
        connection.execute(f"DROP OWNED BY {name}".encode())
        connection.execute(f"DROP ROLE {name}".encode())


@pytest.fixture
def alter(database_url: str, role: str) -> Callable[[str], None]:
    """Changes something as the owner of everything; `{role}` and `{database}` are the names of ours."""

    def execute(statement: str) -> None:
        names = {"role": role, "database": conninfo_to_dict(database_url)["dbname"]}
        with psycopg.connect(database_url, autocommit=True, options=WRITING) as connection:
            connection.execute(statement.format(**names).encode())

    return execute


@pytest.fixture
def as_role(database_url: str, role: str) -> str:
    """The URL for that role."""
    return make_conninfo(database_url, user=role)


def refused(url: str, *said: str, command: str = "serve", **settings: str) -> None:
    """The command ends with exit code 2 and one sentence, in which there is all of `said`."""
    ended = run(command, *(("--port", "0") if command == "serve" else ()), ZEREN_DATABASE_URL=url, **settings)
    assert ended.exit_code == 2, (ended.exception, ended.output)
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    for words in said:
        assert words in ended.stderr


@pytest.mark.parametrize("command", ["serve", "verify", "setup", "project", "replay-parked"])
def test_a_role_that_may_create_nothing(as_role: str, role: str, command: str) -> None:
    refused(as_role, role, "permission denied for database", f"zeren setup --role {role}", command=command)


def test_a_schema_that_was_made_beforehand(as_role: str, role: str, alter: Callable[[str], None]) -> None:
    alter("CREATE SCHEMA zeren")
    refused(as_role, "permission denied for schema zeren", f"zeren setup --role {role}")
    alter("GRANT USAGE ON SCHEMA zeren TO {role}")
    refused(as_role, "permission denied for schema zeren", f"zeren setup --role {role}")


@pytest.mark.parametrize("owner", ["ROLE {role}", "DATABASE {database}"])
def test_a_role_that_may_only_read(as_role: str, role: str, alter: Callable[[str], None], owner: str) -> None:
    alter("GRANT CREATE ON DATABASE {database} TO {role}")
    alter(f"ALTER {owner} SET default_transaction_read_only = on")
    try:
        refused(as_role, role, "may only read", "default_transaction_read_only = off")
    finally:
        alter(f"ALTER {owner} RESET default_transaction_read_only")


@pytest.mark.parametrize("timeout", ["statement_timeout", "lock_timeout"])
def test_a_role_whose_statements_are_ended_early(
    database_url: str, as_role: str, role: str, alter: Callable[[str], None], timeout: str
) -> None:
    alter("GRANT CREATE ON DATABASE {database} TO {role}")
    alter(f"ALTER ROLE {{role}} SET {timeout} = 200")
    with psycopg.connect(database_url) as setting_up:
        setting_up.execute("SELECT pg_advisory_lock(%s)", (0x5A45_5245_4E01,))
        refused(as_role, timeout.replace("_", " "), f"ALTER ROLE {role} SET {timeout} = 0")


@pytest.mark.parametrize("limit", [0, 1, 3, 7])
@pytest.mark.parametrize("owner", ["ROLE {role}", "DATABASE {database}"])
def test_too_few_connections(
    monkeypatch: pytest.MonkeyPatch, as_role: str, role: str, alter: Callable[[str], None], owner: str, limit: int
) -> None:
    monkeypatch.setattr("services.store.database._PATIENCE", 0.5)
    alter("GRANT CREATE ON DATABASE {database} TO {role}")
    alter(f"ALTER {owner} CONNECTION LIMIT {limit}")
    refused(as_role, "connection", "CONNECTION LIMIT", "max_connections")
    assert role


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_an_encoding_that_would_garble(postgres: str, encoding: str) -> None:
    name = f"zeren_{secrets.token_hex(6)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0".encode())
        try:
            refused(make_conninfo(postgres, dbname=name), name, encoding, "ENCODING 'UTF8'")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.mark.parametrize(
    "settings",
    [{}, {"ignore_startup_parameters": "options"}, {"pool_mode": "session"}],
    ids=["bare", "deaf", "session"],
)
def test_a_pooler_without_the_server_itself(database_url: str, server_folder: Path, settings: dict[str, str]) -> None:
    with pooling(database_url, server_folder, **settings) as through:
        refused(through, "leads to a pooler", "ZEREN_DIRECT_URL")
        refused(through, "ZEREN_DIRECT_URL leads to a pooler too", ZEREN_DIRECT_URL=through)


def test_a_pooler_and_another_server(database_url: str, server_folder: Path, new_database: Callable[[], str]) -> None:
    with pooling(database_url, server_folder) as through:
        refused(through, "another database", ZEREN_DIRECT_URL=new_database())


def test_the_server_itself_goes_with_a_url(database_url: str) -> None:
    ended = run("serve", ZEREN_DIRECT_URL=database_url)
    assert (ended.exit_code, "ZEREN_DATABASE_URL" in ended.stderr) == (2, True)
