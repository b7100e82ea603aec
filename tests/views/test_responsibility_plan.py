"""However many intervals a customer has, its question reads a handful of pages, whatever it is asked about."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

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
    "CASE WHEN version = 1 THEN NULL ELSE %(start)s + (n + 1) * interval '1 hour' END, post, post, "
    "'{}', CASE WHEN version = 2 THEN 2 * n + 1 ELSE 2 * n END, CASE WHEN version = 1 THEN 2 * n + 1 END "
    "FROM generate_series(0, %(intervals)s - 1) AS n, "
    "LATERAL (VALUES (%(large)s), ('customer:' || gen_random_uuid())) AS of_whom (subject), "
    "LATERAL (SELECT hashtextextended(subject, 1)) AS numbered (post), "
    "LATERAL (SELECT unnest(CASE WHEN n %% 2 = 0 THEN ARRAY[0] ELSE ARRAY[1, 2] END)) AS said (version)"
)
_CORRECTED = (
    "WITH closed AS (UPDATE view_responsibility.holdings SET known_to = %(position)s + 1 "
    "WHERE subject = %(large)s AND since = %(start)s AND known_to IS NULL RETURNING *) "
    "INSERT INTO view_responsibility.holdings "
    "SELECT holding_id, assignment_id, stream, subject, role, person, kind, involvement, since, until, slot, post, "
    "events, %(position)s + n, CASE WHEN n < %(times)s THEN %(position)s + n + 1 END "
    "FROM closed, generate_series(1, %(times)s) AS n"
)
"""The first interval, corrected again and again."""
CORRECTIONS = 1_000
KNOWN = ("$4::bigint", "coalesce($4::bigint, reached.position)")


@pytest.fixture
def filled(database_url: str) -> Iterator[Connection[TupleRow]]:
    Zeren(database_url, projecting=False).close()
    with psycopg.connect(database_url, autocommit=True, options="-c plan_cache_mode=force_generic_plan") as connection:
        parameters = {"start": START, "intervals": INTERVALS, "large": LARGE}
        connection.execute(_FILL.encode(), parameters)
        connection.execute("VACUUM (ANALYZE) view_responsibility.holdings")
        yield connection


@pytest.mark.parametrize("known", KNOWN)
def test_beginning_middle_and_end_of_a_long_history_cost_alike(filled: Connection[TupleRow], known: str) -> None:
    filled.execute(f"PREPARE question AS {questions.answer(known)}".encode())
    for hour, position, at in _moments():
        plan = _asked(filled, f"question('{LARGE}', 'account_manager', '{at}', {position})", (hour, position))
        nodes = [
            node for node in _nodes(plan) if node.get("Relation Name") == "holdings" or "Sort" in node["Node Type"]
        ]
        assert [(node["Node Type"], node.get("Index Name")) for node in nodes] == [
            ("Index Scan", "holdings_one_answer")
        ]
        assert "known_from" in nodes[0]["Index Cond"]
        _require_cheap(plan, 80)


@pytest.mark.parametrize(
    "known", [("$3::bigint",), ("asked.known", "CROSS JOIN (SELECT $3::bigint AS known OFFSET 0) AS asked")]
)
def test_one_role_is_told_from_single_rows_and_corrections_are_not_walked_through(
    filled: Connection[TupleRow], known: tuple[str, ...]
) -> None:
    filled.execute(f"PREPARE question AS {questions.answer_of_post(*known)}".encode())
    post = filled.execute("SELECT hashtextextended(%s, 1)", (LARGE,)).fetchall()[0][0]
    moments = list(_moments())
    for hour, position, at in moments:
        _require_single_rows(_asked(filled, f"question({post}, '{at}', {position})", (hour, position)))
    corrected = {"large": LARGE, "start": START, "position": 2 * INTERVALS, "times": CORRECTIONS}
    filled.execute(_CORRECTED.encode(), corrected)
    filled.execute("VACUUM (ANALYZE) view_responsibility.holdings")
    last = 2 * INTERVALS + CORRECTIONS
    for hour, position, at in [*moments, (0, last, moments[0][2])]:
        # As known before its last correction the first interval needs both times; who asks is told.
        if hour or position == last:
            plan = _asked(filled, f"question({post}, '{at}', {position})", (hour, position), only_ends=True)
            _require_single_rows(plan)


def _moments() -> Iterator[tuple[int, int, str]]:
    for hour in (0, INTERVALS // 2, INTERVALS - 1):
        for position in (2 * hour, 2 * hour + 2, 2 * INTERVALS):
            yield hour, position, (START + timedelta(hours=hour, minutes=30)).isoformat()


def _asked(
    connection: Connection[TupleRow], question: str, moment: tuple[int, int], *, only_ends: bool | None = None
) -> dict[str, Any]:
    """The plan of a question that has one answer."""
    rows = connection.execute(f"EXECUTE {question}".encode()).fetchall()
    assert [(row[2], row[3] is None) for row in rows] == [(only_ends, False)], moment
    explained = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE {question}".encode()).fetchone()
    plan: dict[str, Any] = explained[0][0]["Plan"] if explained else {}
    return plan


def _require_single_rows(plan: dict[str, Any]) -> None:
    nodes = [node for node in _nodes(plan) if node.get("Relation Name") == "holdings" or "Sort" in node["Node Type"]]
    assert sorted((node["Node Type"], node.get("Index Name")) for node in nodes if node["Node Type"] != "Tid Scan") == [
        ("Index Scan", "holdings_believed_of_post"),
        ("Index Scan", "holdings_once_open_of_post"),
        ("Index Scan", "holdings_other_of_post"),
    ]
    assert all(node["Actual Rows"] <= 1 and not node.get("Rows Removed by Filter") for node in nodes)
    _require_cheap(plan, 20)


def _require_cheap(plan: dict[str, Any], pages: int) -> None:
    for node in _nodes(plan):
        if node.get("Relation Name") == "holdings":
            assert node["Actual Rows"] + node.get("Rows Removed by Filter", 0) < 10
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < pages, plan


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for one in plan.get("Plans", ()) for node in _nodes(one))]
