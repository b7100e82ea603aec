"""A view that cannot take an event parks that stream, goes on with the others, and can try again."""

import psycopg
import pytest

from projections.base import Projection
from services.application import Zeren
from services.projector.rebuild import rebuild
from services.projector.runner import Runner, replay_parked
from services.projector.schema import prepare
from tests.projector.planted import NAMES, PLANTED, POISON, Fault, apply, leave, parked, reads, register, shown


@pytest.mark.parametrize("bad_name", [POISON, "重"], ids=["the fold fails", "the table refuses"])
def test_a_stream_is_parked_and_the_others_go_on(planted: Zeren, bad_name: str) -> None:
    runner = Runner(planted.ledger, [PLANTED])
    lin, bad, wang = register(planted, "林晓", bad_name, "王伟")
    leave(planted, bad)
    leave(planted, wang)
    runner.catch_up()
    assert shown(planted) == {"林晓": False, "王伟": True}
    assert parked(planted) == [(f"person:{bad}", 6)]
    leave(planted, lin)
    runner.catch_up()
    assert shown(planted) == {"林晓": True, "王伟": True}


def test_a_mended_view_takes_what_was_parked(planted: Zeren) -> None:
    runner = Runner(planted.ledger, [PLANTED])
    (bad,) = register(planted, POISON)
    runner.catch_up()
    leave(planted, bad)
    runner.catch_up()
    assert replay_parked(planted.ledger, [PLANTED]) == {"planted": 1}
    assert (shown(planted), len(parked(planted))) == ({}, 1)
    Fault.there = False
    assert replay_parked(planted.ledger, [PLANTED]) == {}
    assert (shown(planted), parked(planted)) == ({POISON: True}, [])


def test_a_rebuild_that_fails_leaves_the_old_view_in_use(planted: Zeren) -> None:
    runner = Runner(planted.ledger, [PLANTED])
    register(planted, "林晓", POISON)
    runner.catch_up()
    with pytest.raises(ValueError, match="cannot take"):
        rebuild(planted.ledger, PLANTED)
    assert shown(planted) == {"林晓": False}
    Fault.there = False
    assert rebuild(planted.ledger, PLANTED) == planted.ledger.size()
    assert (shown(planted), parked(planted)) == ({"林晓": False, POISON: False}, [])


def test_a_view_of_an_older_version_is_noticed(planted: Zeren) -> None:
    newer = Projection("planted", 2, (NAMES,), reads, apply)
    with planted.database.connection() as connection:
        assert prepare(connection, [newer]) == [newer]


def test_rows_and_position_are_saved_together(planted: Zeren) -> None:
    runner = Runner(planted.ledger, [PLANTED])
    register(planted, "林晓")
    with planted.database.connection() as connection:
        connection.execute("ALTER TABLE zeren.checkpoint ADD CONSTRAINT stuck CHECK (position < 5) NOT VALID")
    with pytest.raises(psycopg.errors.CheckViolation):
        runner.catch_up()
    assert shown(planted) == {}
    with planted.database.connection() as connection:
        connection.execute("ALTER TABLE zeren.checkpoint DROP CONSTRAINT stuck")
    runner.catch_up()
    assert shown(planted) == {"林晓": False}


def test_two_runners_at_once_apply_every_event_once(planted: Zeren) -> None:
    first, second = Runner(planted.ledger, [PLANTED]), Runner(planted.ledger, [PLANTED])
    register(planted, "林晓", "王伟")
    first.advance()
    second.advance()
    counts = planted.database.rows("SELECT count(*) AS n FROM view_planted.names")
    assert counts[0]["n"] == 2
