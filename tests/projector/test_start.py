"""A release starts although one of its new views cannot take a stored event; asked to rebuild, it refuses."""

from dataclasses import replace

import pytest

from projections.registry import PROJECTIONS
from services import application
from services.application import Zeren
from services.projector import rebuild as rebuilding
from services.projector import workers
from services.projector.rebuild import rebuild
from services.projector.runner import Runner, replay_parked
from tests.projector.planted import PLANTED, POISON, Fault, leave, parked, register, shown

NEWER = replace(PLANTED, version=2)


@pytest.mark.parametrize("last_stretch", [0, 500], ids=["filled", "in the last stretch"])
@pytest.mark.parametrize("bad_name", [POISON, "重"], ids=["the fold fails", "the table refuses"])
def test_a_new_view_parks_what_it_cannot_take(
    planted: Zeren, monkeypatch: pytest.MonkeyPatch, last_stretch: int, bad_name: str
) -> None:
    monkeypatch.setattr(rebuilding, "_LAST_STRETCH", last_stretch)
    Fault.there = False
    _, bad, wang = register(planted, "林晓", bad_name, "王伟")
    leave(planted, bad)
    leave(planted, wang)
    Fault.there = True
    monkeypatch.setattr(application, "PROJECTIONS", (*PROJECTIONS, NEWER))
    with Zeren(planted.database.url, projecting=False) as started:
        assert shown(started) == {"林晓": False, "王伟": True}
        assert parked(started) == [(f"person:{bad}", 6)]
        Runner(started.ledger, [NEWER]).catch_up()
        assert replay_parked(started.ledger, [NEWER]) == {"planted": 1}
        assert shown(started) == {"林晓": False, "王伟": True}


def test_a_rebuild_parks_only_when_asked_to(planted: Zeren) -> None:
    register(planted, "林晓", POISON)
    Runner(planted.ledger, [PLANTED]).catch_up()
    with pytest.raises(ValueError, match="cannot take"):
        rebuild(planted.ledger, PLANTED)
    assert rebuild(planted.ledger, PLANTED, parking=True) == planted.ledger.size()
    assert (shown(planted), len(parked(planted))) == ({"林晓": False}, 1)


def test_a_long_log_is_shared_by_processes(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Zeren(database_url, projecting=False) as zeren:
        register(zeren, "林晓")
        with zeren.database.connection() as connection:
            connection.execute("UPDATE zeren.checkpoint SET version = 0 WHERE projection = ANY('{audit,people}')")
    monkeypatch.setattr(workers, "_LONG", 1)
    with Zeren(database_url, projecting=False) as started:
        assert started.views.position("audit", "people") == started.ledger.size()
        assert started.views.position("customers") == 0
