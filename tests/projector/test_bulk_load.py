"""A rebuild that keeps little in memory, or that several processes share, makes the same rows."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from projections.base import replay
from projections.registry import PROJECTIONS
from services.application import Zeren
from services.projector import building, bulk_load
from services.projector import rebuild as rebuilding
from services.projector.rebuild import rebuild_together
from services.projector.workers import rebuild_all
from tests.views.histories import History
from tests.views.test_rows_agree import Stored, in_database, in_memory, mixed_history


def believed(zeren: Zeren) -> Mapping[str, Stored]:
    return {one.name: in_database(zeren, one) for one in PROJECTIONS}


def test_rows_are_the_same_however_much_is_kept_in_memory(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "_LAST_STRETCH", 0)
    with Zeren(database_url, projecting=False) as zeren:
        events = mixed_history(zeren, History(3))
        expected = {one.name: in_memory(replay(one, events), one) for one in PROJECTIONS}
        for groups, stretch in ((1_000_000, 10_000), (1_000_000, 70), (30, 70), (0, 70)):
            monkeypatch.setattr(bulk_load, "GROUPS", groups)
            monkeypatch.setattr(rebuilding, "BATCH", stretch)
            monkeypatch.setattr(building, "BATCH", stretch)
            reached = rebuild_together(zeren.ledger, PROJECTIONS)
            assert set(reached.values()) == {len(events)}
            assert believed(zeren) == expected, f"{groups} groups in memory, {stretch} events at once"


def test_processes_share_a_rebuild(database_url: str) -> None:
    told: list[tuple[Any, ...]] = []
    with Zeren(database_url, projecting=False) as zeren:
        events = mixed_history(zeren, History(4))
        expected = {one.name: in_memory(replay(one, events), one) for one in PROJECTIONS}
        reached = rebuild_all(database_url, progress=lambda *shown: told.append(shown), processes=2)
        assert reached == {one.name: len(events) for one in PROJECTIONS}
        assert {name for names, done, _ in told if done == len(events) for name in names.split(", ")} == set(reached)
        assert believed(zeren) == expected


def test_what_a_process_cannot_take_is_told(database_url: str) -> None:
    with Zeren(database_url, projecting=False) as zeren:
        zeren.runner.catch_up()
        with zeren.database.connection() as connection:
            connection.execute("DELETE FROM zeren.checkpoint WHERE projection = 'audit'")
    with pytest.raises(LookupError, match="view audit has no checkpoint"):
        rebuild_all(database_url, ["audit", "people"], processes=2)


def test_more_views_than_the_pool_has_connections_are_rebuilt_together(database_url: str) -> None:
    with Zeren(database_url, projecting=False) as zeren:
        zeren.runner.catch_up()
        with ExitStack() as busy:
            for _ in range(zeren.database.pool.max_size - 2):
                busy.enter_context(zeren.database.connection())
            reached = rebuild_together(zeren.ledger, PROJECTIONS)
        assert reached == {one.name: zeren.ledger.size() for one in PROJECTIONS}
