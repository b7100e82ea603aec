"""The log over HTTP, in pages and as a stream."""

import json
import threading
from collections.abc import Iterator
from uuid import UUID

import httpx2
import pytest
import uvicorn

from services.application import Zeren
from services.http.app import create_app
from services.settings import Settings
from tests.http.client import Api
from tests.waiting import PATIENCE


def test_pages_follow_one_another_without_holes(api: Api, zeren: Zeren) -> None:
    for name in ("林晓", "王伟", "周敏"):
        api.person(name)
    seen: list[int] = []
    url = "/v1/events?after=0&limit=2"
    while url:
        page = api.client.get(url, headers=api.headers).json()
        seen += [event["position"] for event in page["events"]]
        url = page["next"]
    assert seen == list(range(1, zeren.ledger.size() + 1))


def test_the_same_pages_come_as_lines_where_they_are_asked_for(api: Api, zeren: Zeren) -> None:
    api.person("林晓")
    pages, lines = list(walked(api, "application/json")), list(walked(api, "application/x-ndjson"))
    assert [event for page in pages for event in page.json()["events"]] == [
        json.loads(line) for page in lines for line in page.text.splitlines()
    ]
    assert len(pages) == len(lines) == zeren.ledger.size() // 2 + 1
    refused = api.client.get("/v1/events", headers=api.headers | {"Accept": "text/csv"})
    assert (refused.status_code, refused.json()["code"]) == (406, "request.not-acceptable")


def walked(api: Api, kind: str) -> Iterator[httpx2.Response]:
    """Every page of the log, by its link."""
    url: str | None = "/v1/events?limit=2"
    while url:
        page = api.client.get(url, headers=api.headers | {"Accept": kind})
        assert page.headers["content-type"] == kind
        yield page
        url = page.links.get("next", {}).get("url")


def test_an_event_carries_its_fact_and_its_why(api: Api) -> None:
    customer = api.customer("华东电力集团")
    api.accepted(
        f"customers/{customer}/assign-tier",
        {"tier": "vip", "since": "2025-01-01T00:00:00+08:00", "reason": "年度评定"},
    )
    event = api.get("events", after=api.position - 1).json()["events"][0]
    assert event["name"] == "customer.tier-assigned"
    assert event["data"] == {"tier": "vip", "since": "2024-12-31T16:00:00Z"}
    assert (event["reason"], event["actor"], event["trust"]) == ("年度评定", "system", "verified")


@pytest.fixture
def address(zeren: Zeren) -> Iterator[str]:
    """The application on a real socket."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(zeren, Settings(dev_auth=True)), port=0, log_level="warning", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def messages(address: str, count: int, **headers: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    asked = {"Authorization": "Dev system", **headers}
    with httpx2.stream("GET", f"{address}/v1/events/stream?after=2", headers=asked, timeout=PATIENCE) as stream:
        assert stream.status_code == 200
        identifier = ""
        for line in stream.iter_lines():
            if line.startswith("id: "):
                identifier = line.removeprefix("id: ")
            if line.startswith("data: "):
                found.append((identifier, json.loads(line.removeprefix("data: "))["name"]))
                if len(found) == count:
                    break
    return found


def test_the_stream_goes_on_with_what_is_recorded_later(address: str, api: Api, zeren: Zeren) -> None:
    later = threading.Timer(0.5, lambda: api.person("林晓"))
    later.start()
    found = messages(address, 3)
    later.join()
    log = zeren.ledger.identity.lineage.id
    assert [identifier for identifier, _ in found] == [f"{position}@{log}/{log}" for position in (3, 4, 5)]
    assert found[-1][1] == "person.registered"


@pytest.mark.parametrize("named", [True, False], ids=["as given", "as earlier releases gave it"])
def test_the_stream_resumes_after_the_last_id_seen(address: str, zeren: Zeren, named: bool) -> None:  # noqa: FBT001
    log = zeren.ledger.identity.lineage.id
    last = f"3@{log}/{log}" if named else "3"
    assert [one.partition("@")[0] for one, _ in messages(address, 1, **{"Last-Event-ID": last})] == ["4"]


@pytest.mark.parametrize(
    "last", ["x", "x@3", "3@4/5", "٣", "-1", "1" * 19, f"3@{UUID(int=1)}", f"3@{UUID(int=1)}/x", "3@"]
)
def test_an_id_that_is_none_of_ours_is_refused(address: str, last: str) -> None:
    refused = httpx2.get(
        f"{address}/v1/events/stream",
        headers={b"Authorization": b"Dev system", b"Last-Event-ID": last.encode()},
        timeout=PATIENCE,
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "query.invalid")
    assert refused.json()["field"] == "Last-Event-ID"
