"""Notices: other processes are woken at once, nothing depends on it, and a broken connection heals."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest

from services.application import Zeren
from services.store.reading import notices
from services.store.reading.notices import LOG, VIEWS, Notices
from tests.store.people import register
from tests.waiting import PATIENCE, eventually

_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'zeren-notices'"


class Heard:
    """Counts what it hears."""

    def __init__(self) -> None:
        self.times = 0
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.times += 1
            self._changed.notify_all()

    def until(self, times: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.times >= times, timeout=PATIENCE)


@pytest.fixture
def listening(database_url: str) -> Iterator[Callable[[Heard], Notices]]:
    """Opens listeners to what is recorded."""
    with ExitStack() as opened:

        def listen(heard: Heard) -> Notices:
            made = Notices(database_url, {LOG: [heard]})
            opened.callback(made.stop)
            return made

        yield listen


def test_others_hear_an_announcement_and_its_author_does_not(listening: Callable[[Heard], Notices]) -> None:
    here, there = Heard(), Heard()
    author, _ = listening(here), listening(there)
    assert here.until(1)
    assert there.until(1)
    author.announce(VIEWS)
    author.announce(LOG)
    assert there.until(2)
    time.sleep(0.1)
    assert (here.times, there.times) == (1, 2)


def test_many_announcements_are_few_notices(listening: Callable[[Heard], Notices]) -> None:
    heard = Heard()
    author, _ = listening(Heard()), listening(heard)
    assert heard.until(1)
    began = time.monotonic()
    for _ in range(2_000):
        author.announce(LOG)
    took = time.monotonic() - began
    assert heard.until(2)
    time.sleep(0.1)
    assert heard.times <= 3 + took / notices.APART


def test_what_is_announced_before_listen_takes_hold_is_not_lost(
    listening: Callable[[Heard], Notices], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, announced = threading.Event(), threading.Event()
    listen = Notices._listen  # noqa: SLF001 - the moment between first look and LISTEN

    def late(own: Notices, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        looked.set()
        assert announced.wait(PATIENCE)
        listen(own, connection)

    monkeypatch.setattr(Notices, "_listen", late)
    heard = Heard()
    listening(heard)
    assert looked.wait(PATIENCE)
    assert heard.times == 0
    announced.set()
    assert heard.until(1), "whoever listens looks again once it hears"


def test_a_listener_whose_connection_was_ended_heals(
    listening: Callable[[Heard], Notices], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_BACK_OFF", 0.01)
    heard = Heard()
    listener = listening(heard)
    assert heard.until(1)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"SELECT pg_terminate_backend(pid) {_OTHERS}".encode())
        assert heard.until(2), "it has connected anew, and looks for what it missed"
        connection.execute("NOTIFY zeren_log")
    assert heard.until(3)
    assert listener.failure is None


def test_an_announcement_without_a_database_waits_for_it(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setattr(notices, "_BACK_OFF", 0.01)
    heard = Heard()
    other = Notices(database_url, {LOG: [heard]})
    assert heard.until(1)
    cut = Notices(f"{database_url}_of_nobody", {})
    cut.announce(LOG)
    eventually(lambda: cut.failure)
    cut._url = database_url  # noqa: SLF001 - the database is there again
    assert heard.until(2)
    cut.stop()
    cut.announce(LOG)
    other.stop()


def test_a_process_wakes_the_projector_and_the_questions_of_others(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Zeren(database_url) as projector, Zeren(database_url, projecting=False) as api:
        projector_job = projector.projector
        assert projector_job is not None
        # Without notices both would look again in an hour.
        monkeypatch.setattr(projector_job, "_longest", 3_600.0)
        monkeypatch.setattr("services.projector.supervisor.SHORTEST", 3_600.0)
        monkeypatch.setattr("services.questions.checkpoints._SHORTEST", 3_600.0)
        monkeypatch.setattr("services.questions.checkpoints._LONGEST", 3_600.0)
        time.sleep(1.0)
        for _ in range(5):
            position = register(api)
            assert api.views.moment(at_least=position).position >= position


def test_without_notices_processes_find_out_by_looking(database_url: str) -> None:
    with (
        Zeren(database_url, notify=False) as projector,
        Zeren(database_url, projecting=False, notify=False) as api,
        psycopg.connect(database_url, autocommit=True) as connection,
    ):
        assert projector.notices is None
        row = connection.execute(f"SELECT count(*) {_OTHERS}".encode()).fetchone()
        assert row == (0,)
        position = register(api)
        assert api.views.moment(at_least=position).position >= position
