"""A rebuild whose rows are not those of an independent fold ends, and the old view stays in use."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from events.recorded import Recorded
from projections.base import Projection, Row, Rows, Table
from services.application import Zeren
from services.projector import bulk_load
from services.projector import rebuild as rebuilding
from services.projector.comparing import MismatchError
from services.projector.packing import packed
from services.projector.rebuild import rebuild
from services.projector.runner import Runner
from tests.projector.planted import NAMES, PLANTED, apply, leave, register, shown


@pytest.fixture(autouse=True)
def no_last_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "_LAST_STRETCH", 0)


def company(zeren: Zeren) -> dict[str, bool]:
    """Some people, one of whom leaves, as the old view shows them."""
    people = register(zeren, *(f"林{number}" for number in range(30)))
    leave(zeren, people[7])
    Runner(zeren.ledger, [PLANTED]).catch_up()
    return shown(zeren)


def test_a_rebuild_that_agrees_is_switched_to(planted: Zeren) -> None:
    before = company(planted)
    with planted.database.connection() as connection:
        connection.execute("UPDATE view_planted.names SET name = '张三'")
    assert rebuild(planted.ledger, PLANTED) == planted.ledger.size()
    assert shown(planted) == before


def lost(table: Table, rows: Sequence[Row]) -> bytes:
    return packed(table, rows[:5])


def altered(table: Table, rows: Sequence[Row]) -> bytes:
    return packed(table, [replace(row, values={**row.values, "name": "张三"}) for row in rows])


def shifted(table: Table, rows: Sequence[Row]) -> bytes:
    return packed(table, [replace(row, known_from=row.known_from - 1) for row in rows])


@pytest.mark.parametrize("sabotage", [lost, altered, shifted])
def test_a_batch_path_that_writes_other_rows_is_found(
    planted: Zeren, monkeypatch: pytest.MonkeyPatch, sabotage: object
) -> None:
    before = company(planted)
    monkeypatch.setattr(bulk_load, "packed", sabotage)
    with pytest.raises(MismatchError, match=r"view planted: .* the old view stays in use"):
        rebuild(planted.ledger, PLANTED)
    assert shown(planted) == before


def test_a_view_whose_rows_depend_on_their_neighbours_is_found(planted: Zeren) -> None:
    before = company(planted)
    told = [0]

    def counting(recorded: Recorded, rows: Rows) -> None:
        apply(recorded, rows)
        told[0] += 1
        for values in rows.group(NAMES, next(iter(PLANTED.reads(recorded)))[1]) if PLANTED.reads(recorded) else ():
            values["name"] = f"{values['name']} {told[0]}"

    with pytest.raises(MismatchError):
        rebuild(planted.ledger, Projection("planted", 1, (NAMES,), PLANTED.reads, counting))
    assert shown(planted) == before
