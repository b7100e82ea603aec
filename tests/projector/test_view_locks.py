"""Of several processes one keeps a view up to date; another takes over when it ends, is killed or loses its session."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest

from services.application import Zeren
from services.projector.runner import Runner
from tests.projector.planted import PLANTED, register, shown
from tests.waiting import eventually

HOLDING = """
import sys
from projections.registry import PROJECTIONS
from services.projector.runner import Runner
from services.store.database import Database
from services.store.ledger import Ledger

with Database(sys.argv[1]) as database:
    runner = Runner(Ledger(database), PROJECTIONS, locking=True)
    runner.advance()
    print(len(runner.standing_by), flush=True)
    sys.stdin.read()
"""


@contextmanager
def runner(zeren: Zeren, version: int = 1) -> Iterator[Runner]:
    """A runner of the planted view that takes its lock."""
    made = Runner(zeren.ledger, [replace(PLANTED, version=version)], locking=True)
    try:
        yield made
    finally:
        made.close()


def take_over(standing: Runner) -> None:
    """Go on trying until the lock is ours."""

    def took_over() -> bool:
        standing.advance()
        return not standing.standing_by

    eventually(took_over)


def test_the_second_stands_by_until_the_first_is_stopped(planted: Zeren, caplog: pytest.LogCaptureFixture) -> None:
    register(planted, "林晓")
    with runner(planted) as first, runner(planted) as second:
        assert (first.advance(), second.advance()) == (planted.ledger.size(), 0)
        assert first.standing_by == frozenset()
        assert second.standing_by == {"planted"}
        assert "standing by for planted" in caplog.text
        first.close()
        register(planted, "王伟")
        take_over(second)
        second.advance()
        assert shown(planted) == {"林晓": False, "王伟": False}
        assert second.standing_by == frozenset()


def test_a_killed_process_is_followed_by_the_one_that_stands_by(database_url: str) -> None:
    with Zeren(database_url, projecting=False) as opened:
        command = [sys.executable, "-c", HOLDING, database_url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            try:
                assert other.stdout
                assert other.stdout.readline() == "0\n"
                standing = Runner(opened.ledger, opened.projections, locking=True)
                register(opened, "林晓")
                assert standing.advance() == 0
                assert standing.standing_by == {one.name for one in opened.projections}
                other.kill()
                take_over(standing)
                standing.catch_up()
                standing.close()
            finally:
                other.kill()
        assert opened.views.position() == opened.ledger.size()


def test_who_loses_the_session_writes_no_more(planted: Zeren) -> None:
    with runner(planted) as first, runner(planted) as second:
        first.advance()
        second.advance()
        register(planted, "林晓")
        with planted.database.connection() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(a.pid, 5000) FROM pg_stat_activity AS a JOIN pg_locks AS l USING (pid) "
                "WHERE l.locktype = 'advisory' AND a.datname = current_database()"
            )
        with pytest.raises(psycopg.OperationalError):
            first.advance()
        assert shown(planted) == {}
        take_over(second)
        second.advance()
        assert first.advance() == 0
        assert first.standing_by == {"planted"}
        assert shown(planted) == {"林晓": False}


def test_another_release_has_a_turn_of_its_own(planted: Zeren) -> None:
    with runner(planted) as older, runner(planted, version=2) as newer:
        older.advance()
        newer.advance()
        assert (older.standing_by, newer.standing_by) == (frozenset(), frozenset())


def test_a_process_may_keep_some_views_only(database_url: str) -> None:
    with Zeren(database_url, only=["people"]) as people, Zeren(database_url, projecting=False) as other:
        register(people, "林晓")
        people.views.moment("people", at_least=people.ledger.size())
        assert people.keeper is not None
        assert people.keeper.standing_by == frozenset()
        assert other.views.position("audit") == 0
