"""Rebuilds of one view wait for each other, and a process leaves a view alone that another release has taken over."""

import threading
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from commands.person.directory import RegisterPerson
from events.vocabulary.identifiers import PersonId, stream_id
from projections.registry import PROJECTIONS
from services.application import Zeren
from services.handling import Request, context
from services.projector import rebuild as rebuilding
from services.projector.rebuild import rebuild
from services.projector.runner import OtherReleaseError, Runner, replay_parked
from tests.waiting import PATIENCE

AUDIT = next(projection for projection in PROJECTIONS if projection.name == "audit")
NEWER = replace(AUDIT, version=AUDIT.version + 1)


def register(zeren: Zeren, count: int) -> None:
    zeren.handler.execute_groups(
        [
            [Request(stream_id("person", PersonId(uuid4())), RegisterPerson(name=f"林{number}"), context("system"))]
            for number in range(count)
        ]
    )


def positions(zeren: Zeren) -> list[int]:
    return [row["position"] for row in zeren.database.rows("SELECT position FROM view_audit.entries ORDER BY position")]


def test_two_rebuilds_at_once_leave_a_whole_view(zeren: Zeren, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 20)
    monkeypatch.setattr(rebuilding, "_LAST_STRETCH", 10)
    register(zeren, 60)
    begun, ended = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def hold(_done: int, _size: int) -> None:
        begun.set()
        ended.wait(1)

    def build(progress: Callable[[int, int], None]) -> None:
        try:
            rebuild(zeren.ledger, AUDIT, progress)
        except Exception as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    first = threading.Thread(target=build, args=(hold,))
    second = threading.Thread(target=build, args=(lambda _done, _size: ended.set(),))
    first.start()
    assert begun.wait(PATIENCE)
    second.start()
    first.join()
    second.join()
    assert failures == []
    assert positions(zeren) == list(range(1, zeren.ledger.size() + 1))


def test_of_two_processes_that_start_with_a_newer_view_one_rebuilds_it(zeren: Zeren) -> None:
    register(zeren, 3)
    assert rebuild(zeren.ledger, NEWER, outdated_only=True) == zeren.ledger.size()
    shown: list[int] = []
    assert rebuild(zeren.ledger, NEWER, lambda done, _size: shown.append(done), outdated_only=True) > 0
    assert shown == []


def test_the_older_release_leaves_a_rebuilt_view_alone_and_goes_on_with_the_others(database_url: str) -> None:
    with Zeren(database_url, projecting=False) as zeren:
        register(zeren, 3)
        rebuild(zeren.ledger, NEWER)
        taken = zeren.ledger.size()
        register(zeren, 3)
        Runner(zeren.ledger, [AUDIT]).catch_up()
        zeren.runner.catch_up()
        assert positions(zeren) == list(range(1, taken + 1))
        assert zeren.views.position("people") == zeren.ledger.size()
        with pytest.raises(OtherReleaseError):
            replay_parked(zeren.ledger, [AUDIT])
        Runner(zeren.ledger, [NEWER]).catch_up()
        assert positions(zeren) == list(range(1, zeren.ledger.size() + 1))
