"""The short way to who was responsible answers as the route does, and leaves what is unusual to it."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from services.http.question_door import plain
from tests.domain.people import LIN, WANG
from tests.http.client import Api

AT = "2025-03-10T09:00:00"


@pytest.fixture
def subject(api: Api) -> str:
    customer = api.customer("华东电力集团")
    for role in ("account_manager", "technical_support"):
        assigned = {"assignment_id": str(uuid4()), "role": role, "involvement": "accountable"}
        person = str(api.person("林静"))
        body = {**assigned, "person": person, "since": "2025-01-01T00:00:00+08:00"}
        api.accepted(f"customers/{customer}/assign-responsibility", body)
    return f"customer:{customer}"


def test_both_ways_give_the_same_answer(api: Api, subject: str) -> None:
    reached = api.ask("responsibility", subject=subject)["position"]
    for asked in (
        {"role": "account_manager"},
        {"role": "nobody_holds_this"},
        {},
        {"known_position": 1},
        {"known_position": reached, "at_least": reached},
        {"known_at": "2025-01-01T00:00:00Z"},
        {"known_at": "2031-01-01T00:00:00Z"},
        {"known_position": 10**9},
    ):
        for at in (f"{AT}+08:00", f"{AT}Z", f"{AT}.25-03:30"):
            question: dict[str, Any] = {"subject": subject, "effective_at": at, **asked}
            assert plain(urlencode(question).encode()) is not None
            unusual = {**question, "effective_at": at.replace("T", " ")}
            assert plain(urlencode(unusual).encode()) is None
            short, route = api.get("responsibility", **question), api.get("responsibility", **unusual)
            assert (short.status_code, short.json()) == (route.status_code, route.json()), (asked, at)
            assert short.headers["content-type"] == route.headers["content-type"]


@pytest.mark.parametrize("credentials", ["", "Dev", "Dev nobody", "Bearer x"])
def test_both_ways_ask_for_credentials(client: TestClient, subject: str, credentials: str) -> None:
    headers = {"Authorization": credentials}
    short, route = [client.get(f"/v1/responsibility?subject={subject}{more}", headers=headers) for more in ("", "&x=1")]
    assert short.status_code == route.status_code == 401
    assert (short.json(), short.headers["www-authenticate"]) == (route.json(), route.headers["www-authenticate"])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "role=account_manager",
        "subject=customer:nobody",
        f"subject=customer:{LIN}&subject=customer:{WANG}",
        f"subject=customer:{LIN}&effective_at=2025-03-10",
        f"subject=customer:{LIN}&effective_at=2025-03-10T09:00:00",
        f"subject=customer:{LIN}&effective_at=2025-02-30T09:00:00Z",
        f"subject=customer:{LIN}&effective_at=2025-03-10T09:00:00+08:00",
        f"subject=customer:{LIN}&known_position=-1",
        f"subject=customer:{LIN}&known_position=%D9%A1",
        f"subject=customer:{LIN}&known_position=1&known_at=2025-03-10T09:00:00Z",
        f"subject=customer:{LIN}%0A",
        f"subject=customer:{LIN}&role=",
        f"subject=customer:{LIN}&",
    ],
)
def test_what_is_unusual_is_left_to_the_route(query: str) -> None:
    assert plain(query.encode()) is None
