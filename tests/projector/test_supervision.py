"""A background job goes on after failures, and says that it fails."""

import threading
import time
from itertools import count

import pytest

from services.application import Zeren
from services.projector import supervisor
from services.projector.supervisor import Supervised
from tests.http.client import Api
from tests.http.conftest import api, client  # noqa: F401 - fixtures
from tests.waiting import PATIENCE, eventually


def until(condition: threading.Event) -> bool:
    return condition.wait(timeout=PATIENCE)


def test_a_failing_job_is_tried_again_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "BACK_OFF", 0.02)
    failed, healed = threading.Event(), threading.Event()
    tries = count()

    def step() -> bool:
        if next(tries) < 3:
            failed.set()
            raise OSError("the database is away")
        healed.set()
        return False

    job = Supervised("job", step)
    job.start()
    assert until(failed)
    assert until(healed)
    time.sleep(0.05)
    job.stop()
    assert job.failure is None


def test_waking_ends_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "SHORTEST", 3_600.0)
    steps: list[None] = []

    def step() -> bool:
        steps.append(None)
        return False

    job = Supervised("job", step, longest=3_600.0)
    job.start()
    eventually(lambda: len(steps) == 1)
    job.wake()
    eventually(lambda: len(steps) == 2)
    job.stop()


def test_views_heal_after_their_connections_were_ended(zeren: Zeren, api: Api) -> None:  # noqa: F811 - the fixture
    api.person("林晓")
    with zeren.database.connection() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    wang = api.person("王伟")
    found = api.ask("responsibility/portfolio", person=wang)
    assert found["holdings"] == []
