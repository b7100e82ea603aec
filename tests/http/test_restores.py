"""Whoever has read what the log no longer has is told so, and from where on to read again."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import uvicorn
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http.app import create_app
from services.settings import Settings
from services.store.identity.keeping import begin_new
from services.store.identity.lineage import Noticed
from soak.cluster import Cluster, cluster
from tests.http.client import Api
from tests.store.identity.restoring import Picture, another, base_backup, recover
from tests.store.people import register
from tests.waiting import PATIENCE, eventually

SYSTEM = {"Authorization": "Dev system"}
Opened = tuple[Zeren, Api]


@pytest.fixture
def server() -> Iterator[Cluster]:
    """A server that a test may put back."""
    with cluster() as made:
        yield made


@contextmanager
def opened(url: str) -> Iterator[Opened]:
    """A ledger and its API."""
    with Zeren(url) as zeren, TestClient(create_app(zeren, Settings(dev_auth=True))) as client:
        yield zeren, Api(client)


@contextmanager
def listening(zeren: Zeren) -> Iterator[str]:
    """The application on a real socket."""
    config = uvicorn.Config(create_app(zeren, Settings(dev_auth=True)), port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def told(answer: Any) -> tuple[int, str, int | None]:
    """Status, code, and behind which position to read again."""
    problem = answer.json()
    return answer.status_code, problem["code"], problem.get("read_again_after")


def last_id(address: str, **asked: str) -> str:
    """The id of the first message of a stream."""
    url = httpx2.URL(f"{address}/v1/events/stream").copy_merge_params(asked)
    with httpx2.stream("GET", url, headers=SYSTEM, timeout=PATIENCE) as stream:
        return next(line.removeprefix("id: ") for line in stream.iter_lines() if line.startswith("id: "))


def resumed(address: str, identifier: str) -> Any:
    """What a consumer is told that resumes where it must not."""
    return httpx2.get(f"{address}/v1/events/stream", headers=SYSTEM | {"Last-Event-ID": identifier}, timeout=PATIENCE)


def test_a_consumer_of_a_log_that_was_restored_to_a_point_in_time_is_told_where_it_parted(server: Cluster) -> None:
    with opened(server.url) as (_, api), another() as restored:
        api.person("林晓")
        parted = api.position
        base_backup(server, restored)
        with opened(server.url) as (zeren, before), listening(zeren) as address:
            for name in ("王伟", "周敏", "赵总"):
                before.person(name)
            seen = before.get("events", after=parted).json()
            last, shared = last_id(address, after=str(parted + 2)), last_id(address, after=str(parted - 1))
        recover(restored)
        with opened(restored.url) as (zeren, after), listening(zeren) as address:
            for name in ("孙丽", "李强", "吴敏", "郑州"):
                after.person(name)
            assert last.startswith(f"{parted + 3}@")
            assert told(resumed(address, last)) == (409, "log.parted", parted)
            assert told(resumed(address, str(parted + 3))) == (409, "log.parted", parted), "as earlier releases said it"
            earlier = seen["log"]["incarnation"]
            assert last_id(address, after=str(parted), incarnation=earlier).startswith(f"{parted + 1}@")
            asked = {"after": parted + 3, "incarnation": earlier}
            assert told(after.get("events", **asked)) == (409, "log.parted", parted)
            problem = after.get("events", **asked).json()
            assert problem["log"] == after.get("events").json()["log"]
            assert f"after position {parted}" in problem["detail"]
            # What all incarnations share is the same event by the same id.
            assert last_id(address, after=str(parted - 1)) == shared
            assert last_id(address, after=str(parted + 2)) != last
            events = after.get("events", after=parted - 1).json()
            present = events["log"]["incarnation"]
            assert [one["incarnation"] == present for one in events["events"]] == [False, True, True, True, True]
            assert (events["log"]["id"], events["log"]["since"]) == (seen["log"]["id"], parted)


def test_a_position_beyond_the_end_is_told_to_whoever_brings_it(server: Cluster, tmp_path: Path) -> None:
    with opened(server.url) as (_, api):
        api.person("林晓")
        parted = api.position
    picture = Picture(server, tmp_path)
    with opened(server.url) as (zeren, api), listening(zeren) as address:
        for _ in range(3):
            api.person("王伟")
        seen = api.get("events", after=api.position - 1).json()["log"]["incarnation"]
        beyond, last = api.position, last_id(address, after=str(api.position - 1))
        assert api.get("events", after=beyond).json()["events"] == [], "the end itself is no position beyond it"
    picture.put_back()
    with opened(server.url) as (zeren, api), listening(zeren) as address:
        gone = (422, "position.unknown", None)
        assert told(api.get("events", after=beyond)) == gone
        assert told(api.get("events", after=beyond, incarnation=seen)) == gone
        assert told(resumed(address, last)) == gone
        assert told(resumed(address, str(beyond))) == gone
        assert told(httpx2.get(f"{address}/v1/events/stream?after={beyond}", headers=SYSTEM, timeout=PATIENCE)) == gone
        assert told(api.get("people", at_least=beyond)) == gone
        assert told(api.get("people", known_position=beyond)) == gone
        assert f"the newest is {parted}" in api.get("events", after=beyond).json()["detail"]
        begin_new(zeren.database, Noticed.SAID, "the volume of yesterday")
        api.person("孙丽")
        assert told(resumed(address, last)) == (409, "log.parted", parted)
        ready = api.client.get("/readyz").json()["log"]
        assert (ready["number"], ready["since"], ready["noticed"]) == (2, parted, "said")
        assert ready["reason"] == "the volume of yesterday"


@contextmanager
def followed(zeren: Zeren, after: int) -> Iterator[Iterator[dict[str, Any]]]:
    """What the messages of a stream say, one after the other."""
    with listening(zeren) as address, ExitStack() as stack:
        url = f"{address}/v1/events/stream?after={after}"
        stream = stack.enter_context(httpx2.stream("GET", url, headers=SYSTEM, timeout=PATIENCE))
        yield (json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line.startswith("data: "))


def put_back(zeren: Zeren, position: int) -> None:
    """Put the tables of the log back, as a dump does that is restored below a running process."""
    with zeren.database.connection() as connection, connection.transaction():
        connection.execute("ALTER TABLE zeren.log DISABLE TRIGGER append_only")
        connection.execute("DELETE FROM zeren.log WHERE notification_id > %s", (position,))
        connection.execute("UPDATE zeren.log_head SET size = %s", (position,))
        connection.execute("ALTER TABLE zeren.log ENABLE TRIGGER append_only")


def test_a_stream_that_is_beyond_the_end_of_a_log_put_back_ends(
    api: Api, zeren: Zeren, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.http.queries.events._QUIET", 0.2)
    api.person("林晓")
    parted = api.position
    api.person("王伟")
    with followed(zeren, parted) as messages:
        assert next(messages)["position"] == parted + 1
        put_back(zeren, parted)
        assert next(messages)["code"] == "position.unknown"
        assert list(messages) == []


def test_a_stream_gives_nothing_of_an_incarnation_that_parted_before_it(
    api: Api, zeren: Zeren, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.http.queries.events._QUIET", 1_000.0)
    api.person("林晓")
    parted = api.position
    api.person("王伟")
    with followed(zeren, parted) as messages:
        assert next(messages)["position"] == parted + 1
        put_back(zeren, parted)
        begin_new(zeren.database, Noticed.SAID, "of yesterday")
        for _ in range(2):
            register(zeren)
        told = next(messages)
        assert (told["code"], told["read_again_after"]) == ("log.parted", parted)
        assert list(messages) == []


def test_a_stream_goes_on_over_a_failover_that_lost_nothing(api: Api, zeren: Zeren) -> None:
    api.person("林晓")
    with followed(zeren, api.position - 1) as messages:
        first = next(messages)
        second = begin_new(zeren.database, Noticed.PROMOTED, "the timeline is another one").present
        register(zeren)
        told = next(messages)
        assert told["position"] == first["position"] + 1
        assert (first["incarnation"] == str(second.id), told["incarnation"]) == (False, str(second.id))


def test_an_id_of_another_log_is_refused(api: Api, zeren: Zeren) -> None:
    other, own = uuid4(), zeren.ledger.identity.lineage.id
    for last, problem in (
        (f"1@{other}/{own}", (409, "log.another", None)),
        (f"1@{own}/{other}", (409, "log.parted", 0)),
    ):
        answer = api.client.get("/v1/events/stream", headers=api.headers | {"Last-Event-ID": last})
        assert told(answer) == problem
        assert answer.json()["log"]["id"] == str(own)
    assert told(api.get("events", after=1, incarnation=str(other))) == (409, "log.parted", 0)


def test_the_pages_of_a_list_are_of_one_incarnation(api: Api, zeren: Zeren) -> None:
    for name in ("林晓", "王伟", "周敏"):
        api.person(name)
    cursor = api.ask("people", limit=1)["next"]
    assert api.client.get(cursor, headers=api.headers).status_code == 200
    begin_new(zeren.database, Noticed.SAID, "nothing was lost")
    assert api.client.get(cursor, headers=api.headers).status_code == 200
    begin_new(zeren.database, Noticed.SAID, "the volume of yesterday", since=api.position - 1)
    assert told(api.client.get(cursor, headers=api.headers)) == (409, "log.parted", api.position - 1)
    assert api.client.get(api.ask("people", limit=1)["next"], headers=api.headers).status_code == 200


def test_readiness_tells_which_log_it_is_and_that_it_went_back(api: Api, zeren: Zeren) -> None:
    found = api.client.get("/readyz").json()
    assert (UUID(found["log"]["id"]), found["log"]["number"]) == (zeren.ledger.identity.lineage.id, 1)
    assert found["failures"] == []
    begin_new(zeren.database, Noticed.WENT_BACK, "the topic holds more")
    found = api.client.get("/readyz").json()
    assert (found["log"]["number"], found["log"]["noticed"]) == (2, "went-back")
    assert any("the topic holds more" in one for one in found["failures"])
    assert "zeren_log_incarnation 2.0" in api.client.get("/metrics").text


def test_the_problem_is_said_in_the_readers_language(api: Api, zeren: Zeren) -> None:
    begin_new(zeren.database, Noticed.SAID, "", since=1)
    asked: Callable[[str], str] = lambda language: api.client.get(  # noqa: E731
        f"/v1/events?after=2&incarnation={zeren.ledger.identity.lineage.id}",
        headers=api.headers | {"Accept-Language": language},
    ).json()["detail"]
    assert "请从位置 1 之后重新读取" in asked("zh")
    assert "read again after position 1" in asked("en")
