"""However many intervals a customer has, its question reads a handful of pages: those around the asked instant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from projections.responsibility import questions
from services.application import Zeren

INTERVALS = 20_000
START = datetime(2015, 1, 1, tzinfo=UTC)
LARGE = "customer:00000000-0000-4000-8000-000000000001"
_FILL = (
    "INSERT INTO view_responsibility.holdings "
    "SELECT gen_random_uuid(), gen_random_uuid(), subject, subject, 'account_manager', gen_random_uuid(), 'principal', "
    "'accountable', %(start)s + n * interval '1 hour', "
    # Every second one was open-ended until its successor came, and closed then.
    "CASE WHEN version = 1 THEN NULL ELSE %(start)s + (n + 1) * interval '1 hour' END, hashtextextended(subject, 1), "
    "'{}', CASE WHEN version = 2 THEN 2 * n + 1 ELSE 2 * n END, CASE WHEN version = 1 THEN 2 * n + 1 END "
    "FROM generate_series(0, %(intervals)s - 1) AS n, "
    "LATERAL (VALUES (%(large)s), ('customer:' || gen_random_uuid())) AS of_whom (subject), "
    "LATERAL (SELECT unnest(CASE WHEN n %% 2 = 0 THEN ARRAY[0] ELSE ARRAY[1, 2] END)) AS said (version)"
)
KNOWN = ("$4::bigint", "coalesce($4::bigint, reached.position)")


@pytest.mark.parametrize("known", KNOWN)
def test_beginning_middle_and_end_of_a_long_history_cost_alike(database_url: str, known: str) -> None:
    Zeren(database_url, projecting=False).close()
    with psycopg.connect(database_url, autocommit=True, options="-c plan_cache_mode=force_generic_plan") as connection:
        filled = {"start": START, "intervals": INTERVALS, "large": LARGE}
        connection.execute(_FILL.encode(), filled)
        connection.execute("VACUUM (ANALYZE) view_responsibility.holdings")
        connection.execute(f"PREPARE question AS {questions.answer(known)}".encode())
        for hour in (0, INTERVALS // 2, INTERVALS - 1):
            for position in (2 * hour, 2 * hour + 2, 2 * INTERVALS):
                at = START + timedelta(hours=hour, minutes=30)
                asked = f"EXECUTE question('{LARGE}', 'account_manager', '{at.isoformat()}', {position})"
                rows = connection.execute(asked.encode()).fetchall()
                assert [row[2] for row in rows] == [LARGE], (hour, position)
                explained = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {asked}".encode()).fetchone()
                _require_cheap(explained[0][0]["Plan"] if explained else {})


def _require_cheap(plan: dict[str, Any]) -> None:
    nodes = [node for node in _nodes(plan) if node.get("Relation Name") == "holdings" or "Sort" in node["Node Type"]]
    assert [(node["Node Type"], node.get("Index Name")) for node in nodes] == [("Index Scan", "holdings_one_answer")]
    assert "known_from" in nodes[0]["Index Cond"]
    assert nodes[0]["Actual Rows"] + nodes[0].get("Rows Removed by Filter", 0) < 10
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 80, plan


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for one in plan.get("Plans", ()) for node in _nodes(one))]
