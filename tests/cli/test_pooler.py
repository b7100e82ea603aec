"""Behind a pooler questions are asked; what needs a session of its own goes to the server itself."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from services.store.database import Database
from tests.cli.running import run
from tests.cli.test_processes import get, post, serving
from tests.pooling import pooling
from tests.waiting import eventually

SYSTEM = {"Authorization": "Dev system"}
_LOCKS = (
    "SELECT count(*) FROM pg_locks JOIN pg_database AS base ON base.oid = database "
    "WHERE locktype = 'advisory' AND datname = current_database()"
)


@pytest.mark.parametrize("ignored", ["extra_float_digits", "options"])
@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_two_processes_share_a_pooler(database_url: str, server_folder: Path, mode: str, ignored: str) -> None:
    with pooling(database_url, server_folder, pool_mode=mode, ignore_startup_parameters=ignored) as through:
        settings = {"ZEREN_DATABASE_URL": through, "ZEREN_DIRECT_URL": database_url, "ZEREN_AUTH": "dev"}
        with (
            serving("serve", "--port", "0", **settings) as (first, _),
            serving("serve", "--port", "0", **settings) as (second, _),
        ):
            for number in range(10):
                here, there = (first, second) if number % 2 else (second, first)
                made = post(f"{here}/v1/customers", json={"name": f"甲{number}"}, headers=SYSTEM)
                assert made.status_code == 201, made.text
                asked = {"at_least": made.json()["position"], "limit": 100}
                answer = get(f"{there}/v1/customers", params=asked, headers=SYSTEM)
                assert f"甲{number}" in answer.text, answer.text
                subject = {"subject": made.json()["stream"], "at_least": made.json()["position"]}
                assert get(f"{there}/v1/responsibility", params=subject, headers=SYSTEM).status_code == 200
            assert get(f"{first}/readyz").json()["failures"] == []
            assert get(f"{second}/readyz").json()["failures"] == []
        with psycopg.connect(database_url) as connection:
            eventually(lambda: connection.execute(_LOCKS.encode()).fetchone() == (0,))
        for command in (("verify",), ("rebuild", "people"), ("ask", "甲1"), ("replay-parked",)):
            ended = run(*command, ZEREN_DATABASE_URL=through, ZEREN_DIRECT_URL=database_url)
            assert ended.exit_code == 0, ended.output


def test_questions_through_a_pooler_prepare_nothing_and_read_instants_in_utc(
    database_url: str, server_folder: Path
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET timezone = 'Asia/Shanghai'".encode())
        connection.execute(f"ALTER DATABASE {name} SET datestyle = 'German'".encode())
    noon = "SELECT '2025-03-10 12:00Z'::timestamptz AS noon, 'x' || now()::text AS written"
    with (
        pooling(database_url, server_folder, default_pool_size="1") as through,
        Database(through, direct_url=database_url) as one,
        Database(through, direct_url=database_url) as other,
    ):
        for _ in range(8):
            for database in (one, other):
                row = database.rows(noon)[0]
                assert row["noon"].isoformat() == "2025-03-10T12:00:00+00:00"
                assert row["written"].endswith("+00")
                assert database.asking.rows("SELECT $1::int + 1", [1]) == [(2,)]
                assert asyncio.run(database.asking.rows_soon("SELECT $1::text", ["责任"])) == [("责任",)]
        assert one.rows("SELECT count(*) AS n FROM pg_prepared_statements")[0]["n"] == 0


def test_questions_may_go_to_a_replica_through_a_pooler(database_url: str, server_folder: Path) -> None:
    with pooling(database_url, server_folder) as through:
        settings = {"ZEREN_DATABASE_URL": database_url, "ZEREN_READ_URL": through, "ZEREN_AUTH": "dev"}
        with serving("serve", "--port", "0", **settings) as (url, _):
            made = post(f"{url}/v1/customers", json={"name": "甲"}, headers=SYSTEM).json()
            answer = get(f"{url}/v1/customers", params={"at_least": made["position"]}, headers=SYSTEM)
            assert "甲" in answer.text
