"""There is one gate: every route and both short ways ask the same function who is asking."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from fastapi.datastructures import State
from fastapi.testclient import TestClient
from httpx2 import Response

from commands.person.directory import RegisterPerson
from events.recorded import Context
from events.vocabulary.identifiers import PersonId, StreamId, stream_id
from services.application import Zeren
from services.handling import Request
from services.http import identity
from services.http.app import create_app
from services.http.problems import ProblemError
from services.http.registered import Registered
from services.settings import Settings
from services.store.ledger import Ledger
from tests.http.client import Api

PERSON = "0197b0f2-7c1a-7000-8000-00000000000a"


class Gate:
    """Lets nobody in, and counts who asked."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def __call__(self, _state: State, authorization: str | None, _on_behalf_of: UUID | None) -> Any:
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


def status(answer: Response) -> tuple[int, str | None]:
    """Status of an answer, and the code of its problem."""
    return answer.status_code, None if answer.is_success else answer.json()["code"]


WAYS = {
    "command, short": ("POST", "/v1/customers/{id}/register-customer"),
    "command, route": ("POST", "/v1/customers/{ID}/register-customer"),
    "new stream": ("POST", "/v1/customers"),
    "bulk": ("POST", "/v1/commands"),
    "question, short": ("GET", "/v1/responsibility?subject=customer:{id}"),
    "question, route": ("GET", "/v1/customers"),
}


@pytest.fixture(params=WAYS)
def ask(request: pytest.FixtureRequest, client: TestClient) -> Callable[..., Response]:
    """Gives a command or asks a question, in one of the ways there are."""
    method, path = WAYS[request.param]

    def ask(**headers: str) -> Response:
        address = path.format(id=(made := str(uuid4())), ID=made.upper())
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.request(method, address, content=b'{"name": "x"}', headers=sent)

    return ask


def test_whoever_was_never_registered_may_not_act(ask: Callable[..., Response], api: Api, zeren: Zeren) -> None:
    size = zeren.ledger.size()
    unknown = ask(Authorization=f"Dev {uuid4()}")
    assert status(unknown) == (401, "auth.person-unknown")
    assert unknown.headers["www-authenticate"] == "Dev"
    assert zeren.ledger.size() == size
    assert ask(Authorization=f"Dev {api.person('林静')}").is_success


def test_nobody_acts_for_somebody_who_was_never_registered(ask: Callable[..., Response], api: Api) -> None:
    lin = api.person("林静")
    for actor in ("system", str(lin)):
        unknown = ask(Authorization=f"Dev {actor}", X_On_Behalf_Of=str(uuid4()))
        assert status(unknown) == (422, "auth.principal-unknown")
        assert unknown.json()["field"] == "X-On-Behalf-Of"
        assert ask(Authorization=f"Dev {actor}", X_On_Behalf_Of=str(lin)).is_success


def test_a_customer_is_no_person(ask: Callable[..., Response], api: Api) -> None:
    customer = api.customer("华东电力集团")
    assert status(ask(Authorization=f"Dev {customer}")) == (401, "auth.person-unknown")


def test_the_administrator_acts_where_nobody_is_registered_yet(ask: Callable[..., Response]) -> None:
    assert ask(Authorization="Dev system").is_success


def test_whoever_is_registered_may_act_at_once_and_after_leaving(client: TestClient, api: Api) -> None:
    lin = uuid4()
    herself = Api(client, str(lin))
    assert herself.get("customers").status_code == 401
    api.accepted(f"people/{lin}/register-person", {"name": "林静"})
    assert herself.get("customers").status_code == 200
    api.accepted(f"people/{lin}/deactivate-person", {"since": "2025-01-01T00:00:00+08:00"})
    assert herself.get("customers").status_code == 200, "access that ends with the leaving comes with roles"


def test_whom_another_process_registered_is_found_and_asked_for_once(
    client: TestClient, zeren: Zeren, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = PersonId(uuid4())
    with Zeren(database_url, projecting=False) as other:
        other.handler.execute(Request(stream_id("person", lin), RegisterPerson(name="林静"), Context(actor="system")))
    read: list[object] = []
    database, rows = zeren.ledger.database, zeren.ledger.database.rows

    def noting(*asked: Any, **more: Any) -> Any:
        read.append(asked)
        return rows(*asked, **more)

    monkeypatch.setattr(database, "rows", noting)
    people = Registered(zeren.ledger)
    assert asyncio.run(people.has(lin))
    assert read
    read.clear()
    assert asyncio.run(people.has(lin))
    assert read == []


def test_many_who_come_at_once_are_looked_up_together(zeren: Zeren) -> None:
    read: list[int] = []
    states = zeren.ledger.states

    class Counting:
        remembered = staticmethod(zeren.ledger.remembered)

        @staticmethod
        def states(streams: Iterable[StreamId]) -> dict[StreamId, Any]:
            found = states(streams)
            read.append(len(found))
            return found

    people = Registered(cast("Ledger", Counting()))

    async def come() -> list[bool]:
        return await asyncio.gather(*(people.has(PersonId(uuid4())) for _ in range(200)))

    assert asyncio.run(come()) == [False] * 200
    assert (sum(read), len(read) <= 2) == (200, True)
