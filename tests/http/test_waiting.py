"""Questions that wait for a position hold no thread, and an event that is missing ends every answer."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from services.application import Zeren
from services.http.app import create_app
from services.settings import Settings
from tests.http.client import Api
from tests.store.people import register
from tests.store.test_readers import dig
from tests.waiting import PATIENCE

SYSTEM = {"Authorization": "Dev system"}
SOMEBODY = "?person=0190b2c4-7a10-7cc0-8000-000000000001"


@pytest.fixture
def quiet(database_url: str) -> Iterator[Zeren]:
    """A ledger whose views move when they are told to."""
    with Zeren(database_url, projecting=False, notify=False) as opened:
        opened.runner.catch_up()
        yield opened


@pytest.mark.parametrize(
    "path", [f"/v1/responsibility/portfolio{SOMEBODY}", "/v1/commitments", "/v1/responsibility/gaps"]
)
def test_waiting_requests_hold_no_thread(quiet: Zeren, path: str) -> None:
    position = register(quiet)

    async def ask_while_others_wait() -> list[tuple[int, int]]:
        app = create_app(quiet, Settings(dev_auth=True))
        asking = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1", headers=SYSTEM)
        async with app.router.lifespan_context(app), asking as client:
            url = httpx2.URL(path).copy_merge_params({"at_least": str(position)})
            waiting = [asyncio.create_task(client.get(url)) for _ in range(60)]
            await asyncio.sleep(0.5)
            # Forty threads answer; were each held by somebody who waits, this would be answered by none so soon.
            other = await asyncio.wait_for(client.get("/v1/people"), PATIENCE / 2)
            assert other.status_code == 200
            assert not any(one.done() for one in waiting)
            await asyncio.to_thread(quiet.runner.catch_up)
            answers = await asyncio.gather(*waiting)
        return [(one.status_code, one.json()["position"]) for one in answers]

    assert set(asyncio.run(ask_while_others_wait())) == {(200, position)}


@pytest.mark.parametrize(
    "path", [f"responsibility/portfolio{SOMEBODY}", "commitments", "kpis/satisfaction?period=2025Q2"]
)
def test_a_known_time_still_to_come_is_refused(api: Api, path: str) -> None:
    def known(ahead: timedelta) -> Response:
        url = httpx2.URL(f"/v1/{path}").copy_merge_params({"known_at": (datetime.now(UTC) + ahead).isoformat()})
        return api.client.get(str(url), headers=api.headers)

    answer = known(timedelta(hours=1))
    assert (answer.status_code, answer.json()["code"]) == (422, "known.future")
    assert known(timedelta(seconds=5)).status_code == 200, "a clock that is a little ahead is forgiven"


def test_events_before_a_hole_are_shown_and_none_after_it(quiet: Zeren) -> None:
    start = quiet.ledger.size()
    for _ in range(3):
        register(quiet)
    dig(quiet, start + 2)
    with TestClient(create_app(quiet, Settings(dev_auth=True)), headers=SYSTEM) as client:
        page = client.get("/v1/events", params={"after": 0, "limit": start + 1}).json()
        assert [one["position"] for one in page["events"]] == list(range(1, start + 2))
        beyond = client.get(page["next"])
        assert (beyond.status_code, beyond.json()["code"]) == (503, "log.hole")
        with client.stream("GET", "/v1/events/stream", params={"after": start + 1}) as stream:
            lines = [line for line in stream.iter_lines() if line]
    assert lines[0] == "event: problem"
    assert '"code":"log.hole"' in lines[1]
    assert not any(line.startswith("id:") for line in lines)
