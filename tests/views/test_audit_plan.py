"""The audit trail finds its entries by index, whatever is asked of it, and however many there are."""

from typing import Any

import psycopg
import pytest

from projections.audit import questions
from projections.audit.questions import ENTRIES
from projections.audit.rows import ITEMS
from services.application import Zeren

SIZE = 20_000
LARGE = 200
_FILL = (
    "INSERT INTO view_audit.entries SELECT gen_random_uuid(), n, 'customer:' || one, n, 'name-' || one %% 1000, "
    "'commitment:' || one, now() + n * interval '1 second', now(), 'person:' || one %% 1000, NULL, NULL, "
    "gen_random_uuid(), NULL, 'verified', NULL, NULL, NULL, '{}', '{\"text\": [null, \"甲\"]}', n, NULL "
    "FROM generate_series(1, %s) AS n, LATERAL (SELECT greatest(0, n - %s)) AS of_whom (one)"
)
"""The oldest are all of one customer, item and actor; every later one is of another."""
ASKED: dict[str, Any] = {
    "stream": "customer:0",
    "item": "commitment:0",
    "actor": "person:0",
    "name": "name-0",
    "known": SIZE,
    "limit": 20,
    "before": SIZE,
    "ids": [],
}
QUESTIONS = {
    **{name: ENTRIES.query([name], "-position") for name in ("stream", "item", "actor", "name")},
    "latest": questions.LATEST_ENTRIES,
    "first": questions.FIRST_ENTRY,
}


@pytest.fixture(scope="module")
def filled(postgres: str) -> Any:
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute("CREATE DATABASE zeren_audit_plan")
    url = psycopg.conninfo.make_conninfo(postgres, dbname="zeren_audit_plan")
    Zeren(url, projecting=False).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_FILL.encode(), (SIZE, LARGE))
        connection.execute("VACUUM (ANALYZE) view_audit.entries")
        yield connection
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute("DROP DATABASE zeren_audit_plan WITH (FORCE)")


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_page_reads_little_more_than_its_own_entries(filled: Any, asked: str) -> None:
    explained = filled.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {QUESTIONS[asked]}".encode(), ASKED).fetchone()
    (scan,) = [node for node in _nodes(explained[0][0]["Plan"]) if node.get("Relation Name") == "entries"]
    assert scan["Node Type"] == "Index Scan"
    assert scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) <= 20


def test_what_was_said_of_an_item_is_found_by_index(filled: Any) -> None:
    recalled = ITEMS.recalled.format(schema="view_audit")
    places = [f"customer:{number}/commitment:{number}" for number in range(1, 50)]
    with filled.transaction():
        filled.execute("SET LOCAL enable_seqscan = off")
        filled.execute("SET LOCAL enable_hashjoin = off")
        filled.execute("SET LOCAL enable_mergejoin = off")
        explained = filled.execute(f"EXPLAIN (FORMAT JSON) {recalled}".encode(), (places,)).fetchone()
        (scan,) = [node for node in _nodes(explained[0][0]["Plan"]) if node.get("Relation Name") == "entries"]
        assert scan["Index Name"] == "entries_of_item"
        found = filled.execute(recalled.encode(), (places,)).fetchall()
    assert {place: fields for _, place, fields, _ in found} == {place: {"text": "甲"} for place in places}
    assert all(versions == {"text": LARGE + number} for number, (*_, versions) in enumerate(sorted(found), 1)), found[
        :3
    ]


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for one in plan.get("Plans", ()) for node in _nodes(one))]
