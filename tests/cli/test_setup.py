"""An owner sets the ledger up, and a role that may create nothing serves it."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.application import Zeren
from services.projector import schema
from tests.cli.running import run
from tests.cli.test_processes import get, post, serving
from tests.waiting import eventually

SYSTEM = {"Authorization": "Dev system"}


@pytest.fixture
def roles(database_url: str) -> Iterator[tuple[str, str]]:
    """An owner that may create schemas in the database, and a role that may do nothing yet."""
    owner, app = (f"{kind}_{secrets.token_hex(4)}" for kind in ("owner", "app"))
    database = conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {owner} LOGIN; CREATE ROLE {app} LOGIN".encode())
        connection.execute(f"GRANT CREATE ON DATABASE {database} TO {owner}".encode())
        yield owner, app
        connection.execute(f"DROP OWNED BY {owner}, {app} CASCADE".encode())
        connection.execute(f"DROP ROLE {owner}, {app}".encode())


@pytest.fixture
def owner_url(database_url: str, roles: tuple[str, str]) -> str:
    """The URL for the owner."""
    return make_conninfo(database_url, user=roles[0])


@pytest.fixture
def app_url(database_url: str, roles: tuple[str, str]) -> str:
    """The URL for the role that serves."""
    return make_conninfo(database_url, user=roles[1])


def set_up(owner_url: str, app: str) -> None:
    """Have the owner set the ledger up for the role."""
    ended = run("setup", "--role", app, ZEREN_DATABASE_URL=owner_url)
    assert (ended.exit_code, app in ended.stdout) == (0, True), ended.output


def test_what_an_owner_has_set_up_is_served_without_its_rights(
    owner_url: str, app_url: str, roles: tuple[str, str]
) -> None:
    for _ in range(2):
        set_up(owner_url, roles[1])
    with serving("serve", "--port", "0", ZEREN_DATABASE_URL=app_url, ZEREN_AUTH="dev") as (url, _):
        made = post(f"{url}/v1/customers", json={"name": "甲"}, headers=SYSTEM)
        assert made.status_code == 201
        answer = get(f"{url}/v1/customers", params={"at_least": made.json()["position"]}, headers=SYSTEM)
        assert "甲" in answer.text
        assert get(f"{url}/readyz").json()["failures"] == []
        rebuilt = run("rebuild", "customers", ZEREN_DATABASE_URL=owner_url)
        assert rebuilt.exit_code == 0, rebuilt.output
        again = post(f"{url}/v1/customers", json={"name": "乙"}, headers=SYSTEM).json()
        answer = get(f"{url}/v1/customers", params={"at_least": again["position"]}, headers=SYSTEM)
        assert "乙" in answer.text
    for command in ("verify", "replay-parked", "incarnation list", "incarnation new --reason why"):
        assert run(*command.split(), ZEREN_DATABASE_URL=app_url).exit_code == 0
    refused = run("rebuild", "customers", ZEREN_DATABASE_URL=app_url)
    assert (refused.exit_code, f"zeren setup --role {roles[1]}" in refused.stderr) == (2, True), refused.output


def test_the_role_that_serves_changes_no_fact(owner_url: str, app_url: str, roles: tuple[str, str]) -> None:
    set_up(owner_url, roles[1])
    with psycopg.connect(app_url, autocommit=True) as connection:
        for statement in (
            "UPDATE zeren.log SET topic = 'x'",
            "DELETE FROM zeren.log",
            "TRUNCATE zeren.log",
            "DROP TABLE zeren.log",
            "ALTER TABLE zeren.log DISABLE TRIGGER append_only",
            "CREATE TABLE zeren.mine (x int)",
            "DELETE FROM zeren.log_keys",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_a_release_with_newer_views_waits_for_the_owner(
    owner_url: str, app_url: str, roles: tuple[str, str], database_url: str
) -> None:
    set_up(owner_url, roles[1])
    with psycopg.connect(database_url, autocommit=True) as connection:
        for change in (
            "UPDATE zeren.checkpoint SET version = version - 1 WHERE projection = 'customers'",
            "DELETE FROM zeren.checkpoint WHERE projection = 'customers'",
            "COMMENT ON TABLE zeren.log_head IS 'of an older release'",
            "DROP TABLE zeren.log_incarnation; COMMENT ON TABLE zeren.log_head IS 'of a release without identity'",
            "ALTER TABLE zeren.checkpoint DROP COLUMN incarnation",
        ):
            connection.execute(change.encode())
            refused = run("serve", "--port", "0", ZEREN_DATABASE_URL=app_url)
            assert (refused.exit_code, f"zeren setup --role {roles[1]}" in refused.stderr) == (2, True), refused.output
            assert len(refused.stderr.strip().splitlines()) == 1
            set_up(owner_url, roles[1])
            with Zeren(app_url) as zeren:
                assert zeren.views.moment("customers", at_least=zeren.ledger.size())


def test_over_a_long_log_the_owner_makes_new_views_whole(
    monkeypatch: pytest.MonkeyPatch, owner_url: str, app_url: str, roles: tuple[str, str], database_url: str
) -> None:
    set_up(owner_url, roles[1])
    monkeypatch.setattr(schema, "_LONG", 1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM zeren.checkpoint WHERE projection = 'customers'")
        set_up(owner_url, roles[1])
        assert connection.execute("SELECT count(*) FROM zeren.checkpoint WHERE NOT whole").fetchone() == (0,)
    with Zeren(app_url) as zeren:
        eventually(lambda: zeren.projector is not None and zeren.projector.failure is None)
        assert zeren.views.moment("customers", at_least=zeren.ledger.size())


def test_a_role_that_is_not_there_is_said(owner_url: str) -> None:
    ended = run("setup", "--role", "nobody_at_all", ZEREN_DATABASE_URL=owner_url)
    assert (ended.exit_code, "no role nobody_at_all" in ended.stderr) == (2, True)
