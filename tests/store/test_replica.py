"""Questions are answered from a streaming replica: it is at worst late, and says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from psycopg.conninfo import make_conninfo

from services.application import Zeren
from services.http.app import create_app
from services.questions.views import ViewBehindError
from services.settings import Settings
from services.store.database import Database
from services.store.reading.gap_check import HoleInLogError
from services.store.reading.replica import replica_of
from services.store.unusable import NoDatabaseError, UnsafeDatabaseError
from soak.cluster import Cluster, cluster, folder_for_servers, give, run
from tests.http.client import Api
from tests.store.people import register
from tests.store.test_readers import dig
from tests.waiting import PATIENCE, eventually


@dataclass(frozen=True)
class Pair:
    """A server and its streaming replica."""

    primary: Cluster
    replica: Cluster
    name: str = "postgres"

    def of(self, name: str) -> "Pair":
        """The same servers, another database."""
        return Pair(self.primary, self.replica, name)

    @property
    def urls(self) -> tuple[str, str]:
        """Where the database is written, and where it is read."""
        return make_conninfo(self.primary.url, dbname=self.name), make_conninfo(self.replica.url, dbname=self.name)

    def hold(self) -> None:
        """Let the replica fall behind."""
        self.replica.execute("SELECT pg_wal_replay_pause()")

    def release(self) -> None:
        """Let the replica catch up."""
        self.replica.execute("SELECT pg_wal_replay_resume()")


@pytest.fixture(scope="module")
def servers() -> Iterator[Pair]:
    """A server and a streaming replica of it."""
    with cluster() as primary, folder_for_servers() as folder:
        give(folder)
        sockets = folder / "s"
        sockets.mkdir()
        give(sockets)
        replica = Cluster(folder, sockets, {"wal_retrieve_retry_interval": "100ms"})
        source = ("-h", primary.sockets, "-U", "postgres", "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        run("pg_basebackup", *source, "-D", replica.data)
        try:
            replica.start()
            yield Pair(primary, replica)
        finally:
            replica.stop()


@pytest.fixture
def pair(servers: Pair, request: pytest.FixtureRequest) -> Iterator[Pair]:
    """The servers with a fresh database."""
    name = f"zeren_{abs(hash(request.node.name))}"
    servers.primary.execute(f"CREATE DATABASE {name}")
    yield servers.of(name)
    if servers.replica.is_running:
        servers.release()
    else:
        servers.replica.start()


@contextmanager
def opened(pair: Pair) -> Iterator[tuple[Zeren, Api]]:
    """A ledger that is read from the replica, and its API."""
    url, read_url = pair.urls
    with (
        Zeren(url, read_url=read_url) as zeren,
        TestClient(create_app(zeren, Settings(dev_auth=True))) as client,
    ):
        yield zeren, Api(client)


def seen(api: Api, person: UUID) -> str:
    """The name of somebody, once connections have healed and the replica has heard of them."""

    def answered() -> dict[str, Any]:
        answer = api.get(f"people/{person}", at_least=api.position)
        body: dict[str, Any] = answer.json()
        return {} if answer.status_code == 503 else body

    name: str = eventually(answered)["person"]["name"]
    return name


def test_questions_go_to_the_replica_and_commands_to_the_primary(pair: Pair) -> None:
    with opened(pair) as (zeren, api):
        assert zeren.views.rows("SELECT pg_is_in_recovery() AS reading", {}) == [{"reading": True}]
        lin = api.person("林晓")
        assert api.ask(f"people/{lin}")["person"]["name"] == "林晓"
        assert api.get("events", after=api.position - 1).json()["events"][0]["data"]["name"] == "林晓"
        replica = api.client.get("/readyz").json()["replica"]
        assert replica == {"position": api.position, "lag": 0}


def test_a_replica_that_is_behind_answers_late_and_never_wrongly(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.questions.views.PATIENCE", 0.5)
    with opened(pair) as (zeren, api):
        lin = api.person("林晓")
        api.ask(f"people/{lin}")
        before = api.position
        pair.hold()
        wang = api.person("王伟")
        assert api.get("people").json()["position"] <= before
        late = api.get(f"people/{wang}", at_least=api.position)
        assert (late.status_code, late.json()["code"], late.headers["Retry-After"]) == (503, "view.behind", "1")
        with pytest.raises(ViewBehindError):
            zeren.views.moment(at_least=api.position)
        for asked in ({"known_position": api.position}, {"known_at": datetime.now(UTC).isoformat()}):
            for path, about in (("people", {}), ("responsibility", {"subject": f"customer:{wang}"})):
                late = api.get(path, **about, **asked)
                assert (late.status_code, late.json()["code"]) == (503, "view.behind"), "the position exists"
        assert api.client.get("/readyz").json()["replica"] == {"position": before, "lag": 1}
        pair.release()
        monkeypatch.undo()
        assert api.ask(f"people/{wang}")["person"]["name"] == "王伟"


def test_questions_are_answered_while_the_primary_restarts(pair: Pair) -> None:
    with opened(pair) as (zeren, api):
        lin = api.person("林晓")
        api.ask(f"people/{lin}")
        pair.primary.kill()
        assert api.get(f"people/{lin}").json()["person"]["name"] == "林晓"
        pair.primary.start()
        assert seen(api, api.person("王伟")) == "王伟"
        assert zeren.views.rows("SELECT pg_is_in_recovery() AS reading", {}) == [{"reading": True}]


def test_a_replica_that_is_away_comes_back(pair: Pair) -> None:
    with opened(pair) as (_, api):
        lin = api.person("林晓")
        api.ask(f"people/{lin}")
        pair.replica.kill()
        away = api.get(f"people/{lin}")
        assert (away.status_code, away.json()["code"]) == (503, "store.away")
        pair.replica.start()
        assert seen(api, api.person("王伟")) == "王伟"


def test_a_reader_of_a_replica_stops_before_a_hole(pair: Pair) -> None:
    with opened(pair) as (zeren, _):
        positions = [register(zeren) for _ in range(3)]
        zeren.views.moment(at_least=positions[-1])
        dig(zeren, positions[1])
        last = register(zeren)
        zeren.views.checkpoints.reached((), 0, last).result(PATIENCE)
        assert zeren.views.reader.read(0, positions[0])[-1].position == positions[0]
        with pytest.raises(HoleInLogError):
            zeren.views.reader.read(0, positions[2])


def test_another_ledger_is_no_replica(pair: Pair) -> None:
    url, _ = pair.urls
    with pytest.raises(UnsafeDatabaseError, match="another ledger"):
        Zeren(url, read_url=pair.replica.url)


def test_whoever_may_only_read_can_tell_a_replica(pair: Pair) -> None:
    pair.primary.execute("CREATE ROLE reader LOGIN")
    url, read_url = (make_conninfo(url, user="reader") for url in pair.urls)
    with Database(url) as primary, replica_of(primary, read_url) as replica:
        assert replica.rows("SELECT current_user AS name") == [{"name": "reader"}]


def test_a_replica_that_does_not_catch_up_is_not_begun_with(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.store.reading.replica.PATIENCE", 0.2)
    url, read_url = pair.urls
    with opened(pair):
        pass
    pair.hold()
    pair.primary.execute("CREATE TABLE later (x int)")
    with pytest.raises(NoDatabaseError, match="behind"):
        Zeren(url, read_url=read_url)
