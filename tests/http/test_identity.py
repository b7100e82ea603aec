"""There is one gate: every route and both short ways ask the same function who is asking."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http import identity
from services.http.app import create_app
from services.http.problems import ProblemError
from services.settings import Settings

PERSON = "0197b0f2-7c1a-7000-8000-00000000000a"


class Gate:
    """Lets nobody in, and counts who asked."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def __call__(self, _settings: Settings, authorization: str | None, _on_behalf_of: UUID | None) -> Any:
        self.asked.append(authorization)
        raise ProblemError(401, "auth.required")


@pytest.fixture
def closed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> tuple[TestClient, Gate]:
    gate = Gate()
    monkeypatch.setattr(identity, "admit", gate)
    client.headers["Authorization"] = f"Dev {PERSON}"
    return client, gate


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"/v1/people/{PERSON}/deactivate-person"),
        ("POST", f"/v1/people/{PERSON.upper()}/deactivate-person"),
        ("POST", "/v1/people"),
        ("POST", "/v1/commands"),
        ("GET", f"/v1/responsibility?subject=customer:{PERSON}"),
        ("GET", f"/v1/responsibility?subject=customer:{PERSON}&x=1"),
    ],
    ids=["command, short", "command, route", "new stream, short", "bulk", "question, short", "question, route"],
)
def test_every_way_in_passes_the_gate(closed: tuple[TestClient, Gate], method: str, path: str) -> None:
    client, gate = closed
    assert client.request(method, path).status_code == 401
    assert gate.asked == [f"Dev {PERSON}"]


def test_no_route_of_the_api_is_without_the_gate(closed: tuple[TestClient, Gate], zeren: Zeren) -> None:
    client, gate = closed
    paths = create_app(zeren, Settings()).openapi()["paths"]
    ways = [(method, path) for path, methods in paths.items() if path.startswith("/v1/") for method in methods]
    assert ways
    for number, (method, path) in enumerate(ways, 1):
        # What comes with the request is wrong in every other way, too: who asks is settled before.
        answer = client.request(method, path.replace("{id}", str(uuid4())))
        assert (answer.status_code, len(gate.asked)) == (401, number), (method, path)
