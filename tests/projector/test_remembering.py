"""The rows that a lane remembers between batches are those in the database, whoever changed them meanwhile."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from projections.base import Row, Rows
from services.application import Zeren
from services.projector import batch, checkpoints
from services.projector.rebuild import rebuild
from services.projector.runner import Runner
from tests.projector.planted import NAMES, PLANTED, leave, register, shown


def rename(zeren: Zeren, name: str) -> None:
    with zeren.database.connection() as connection:
        connection.execute("UPDATE view_planted.names SET name = %s", (name,))


def test_remembered_rows_are_used(planted: Zeren) -> None:
    runner = Runner(planted.ledger, [PLANTED])
    (lin,) = register(planted, "林晓")
    runner.catch_up()
    rename(planted, "张三")
    leave(planted, lin)
    runner.catch_up()
    assert shown(planted) == {"林晓": True}, "without a word to the runner, which still remembers"


def test_mended_rows_are_read_anew(planted: Zeren) -> None:
    runner = Runner(planted.ledger, [PLANTED])
    (lin,) = register(planted, "林晓")
    runner.catch_up()
    rename(planted, "张三")
    with planted.database.connection() as connection:
        checkpoints.void(connection, PLANTED)
    leave(planted, lin)
    runner.catch_up()
    assert shown(planted) == {"张三": True}


def test_rebuilt_rows_are_read_anew(planted: Zeren) -> None:
    runner = Runner(planted.ledger, [PLANTED])
    (lin,) = register(planted, "林晓")
    runner.catch_up()
    rebuild(planted.ledger, PLANTED)
    rename(planted, "张三")
    leave(planted, lin)
    runner.catch_up()
    assert shown(planted) == {"张三": True}


def test_rows_that_another_runner_changed_are_read_anew(planted: Zeren) -> None:
    first, second = Runner(planted.ledger, [PLANTED]), Runner(planted.ledger, [PLANTED])
    (lin,) = register(planted, "林晓")
    first.catch_up()
    leave(planted, lin)
    second.catch_up()
    register(planted, "王伟")
    first.catch_up()
    assert shown(planted) == {"林晓": True, "王伟": False}


def test_what_a_failed_batch_left_in_memory_is_forgotten(planted: Zeren) -> None:
    runner = Runner(planted.ledger, [PLANTED])
    (lin,) = register(planted, "林晓")
    runner.catch_up()
    with planted.database.connection() as connection:
        connection.execute("ALTER TABLE zeren.checkpoint ADD CONSTRAINT stuck CHECK (position < 6) NOT VALID")
    leave(planted, lin)
    with pytest.raises(psycopg.errors.CheckViolation):
        runner.catch_up()
    assert shown(planted) == {"林晓": False}
    with planted.database.connection() as connection:
        connection.execute("ALTER TABLE zeren.checkpoint DROP CONSTRAINT stuck")
    runner.catch_up()
    assert shown(planted) == {"林晓": True}


def test_groups_that_were_not_used_for_long_are_forgotten() -> None:
    rows = Rows(size=2)
    people = [uuid4() for _ in range(5)]
    for person in people:
        rows.load(NAMES, person, [Row({"person_id": person, "name": "林晓", "gone": False}, 1, stored=True)])
        if person == people[3]:
            assert rows.knows(NAMES, people[2])
        rows.written()
    assert [rows.knows(NAMES, person) for person in people] == [False, False, True, True, True]
    assert rows.get(NAMES, people[2]) == {"person_id": people[2], "name": "林晓", "gone": False}
    assert rows.groups == 3


def test_rows_are_whole_until_some_are_forgotten() -> None:
    rows = Rows(size=2, whole=True)
    for number in range(5):
        assert rows.whole is (number < 4)
        rows.load(NAMES, uuid4(), ())
        rows.written()


def test_a_view_that_began_with_nothing_looks_nothing_up(planted: Zeren, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    load = batch.load

    def watched(*arguments: Any) -> None:
        asked.append(not arguments[-1].whole)
        load(*arguments)

    monkeypatch.setattr(batch, "load", watched)
    register(planted, "林晓")
    runner = Runner(planted.ledger, [PLANTED])
    runner.catch_up()
    (wang,) = register(planted, "王伟")
    leave(planted, wang)
    runner.catch_up()
    assert asked == [False, False]
    leave(planted, *register(planted, "张三"))
    Runner(planted.ledger, [PLANTED]).catch_up()
    assert asked == [False, False, True]
    assert shown(planted) == {"林晓": False, "王伟": True, "张三": True}


def test_batches_find_rows_by_index_and_leave_the_session_as_it_was(planted: Zeren) -> None:
    asked = "SELECT current_setting('enable_seqscan'), current_setting('synchronous_commit')"
    with planted.database.connection() as connection:
        with connection.transaction():
            checkpoints.lock(connection, [PLANTED])
            assert connection.execute(asked).fetchone() == ("off", "off")
        assert connection.execute(asked).fetchone() == ("on", "on")
        checkpoints.set_up(connection, local=False)
        assert connection.execute(asked).fetchone() == ("off", "off")
        checkpoints.reset(connection)
        assert connection.execute(asked).fetchone() == ("on", "on")
