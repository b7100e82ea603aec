"""A handover in the past says which figures it moves: through every door, once, and never while a view is behind."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http.app import create_app
from services.questions import views
from services.settings import Settings
from tests.http.client import Api

MARCH, APRIL = "2025-03-10T00:00:00+08:00", "2025-04-20T10:00:00Z"
MOVED = {"kpi": "commitment_fulfilment", "definition_version": 2, "period": "2025-04", "cases": 1}


class Account:
    """A customer of 林静, with a promise that was due in April and is to pass to 王磊 as of March."""

    def __init__(self, api: Api, lin: UUID, wang: UUID) -> None:
        self.api = api
        self.id = api.customer("华东机械")
        self.path = f"customers/{self.id}"
        self.assignment = api.assigned(self.id, "account_manager", lin, "2025-01-01T00:00:00Z")
        self.handover = str(uuid4())
        self.proposal: dict[str, Any] = {
            "handover_id": self.handover,
            "assignment_id": str(self.assignment),
            "to_person": str(wang),
            "effective_at": MARCH,
            "reason": "补录三月的交接",
        }
        self.promise()

    def promise(self) -> None:
        promised = {"commitment_id": str(uuid4()), "text": "样机", "by": "us", "due_at": APRIL}
        self.api.accepted(f"{self.path}/make-commitment", {**promised, "occurred_at": "2025-02-01T00:00:00Z"})

    def listed(self) -> dict[str, Any]:
        """The handover as it is answered."""
        (found,) = self.api.ask("handovers", stream=f"customer:{self.id}")["items"]
        return dict(found)

    def kept(self) -> Any:
        """What the handover moves of promises."""
        moves = self.listed()["moves"]
        return moves and [one for one in moves["figures"] if one["kpi"] == "commitment_fulfilment"]


@pytest.fixture
def account(api: Api) -> Account:
    """The customer."""
    return Account(api, api.person("林静"), api.person("王磊"))


def bulk(api: Api, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    answer = api.client.post("/v1/commands", content=text, headers=api.headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_handover_in_the_past_says_which_figures_it_moves(account: Account) -> None:
    position = account.api.position
    account.api.accepted(f"{account.path}/propose-handover", account.proposal)
    moves = account.listed()["moves"]
    assert moves["position"] >= position
    assert account.kept() == [MOVED]
    account.api.accepted(f"{account.path}/accept-handover", {"handover_id": account.handover})
    assert (account.listed()["moves"], account.listed()["status"]) == (moves, "accepted")


def test_a_handover_to_come_says_nothing(account: Account) -> None:
    account.api.accepted(
        f"{account.path}/propose-handover", {**account.proposal, "effective_at": "2098-01-01T00:00:00Z"}
    )
    assert account.listed()["moves"] is None


def test_nobody_says_what_it_moves_but_the_figures(account: Account) -> None:
    for said in (None, {"position": 1, "figures": []}):
        answer = account.api.command(f"{account.path}/propose-handover", {**account.proposal, "moves": said})
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
        unknown = account.api.command(f"{account.path}/propose-handover", {**account.proposal, "shifts": said})
        wrong, other = answer.json()["errors"][0], unknown.json()["errors"][0]
        assert (wrong["field"], wrong["code"]) == ("moves", "extra_forbidden")
        assert (wrong["code"], wrong["message"]) == (other["code"], other["message"])
    document = account.api.client.get("/openapi.json").json()["components"]["schemas"]
    assert "moves" not in document["ProposeHandover"]["properties"]
    assert "moves" in document["Handover"]["properties"]


def test_what_is_proposed_again_keeps_the_first_answer(account: Account) -> None:
    path = f"{account.path}/propose-handover"
    first = account.api.accepted(path, account.proposal, **{"Idempotency-Key": "once"})
    account.promise()
    assert account.api.accepted(path, account.proposal, **{"Idempotency-Key": "once"}) == first
    assert account.api.accepted(path, account.proposal)["events"] == []
    assert account.kept() == [MOVED]


def test_the_bulk_door_says_it_too_as_known_before_its_own_commands(account: Account) -> None:
    promised = {"commitment_id": str(uuid4()), "text": "备件", "by": "us", "due_at": APRIL, "occurred_at": MARCH}
    stream = f"customer:{account.id}"
    found = bulk(
        account.api,
        {"stream": stream, "command": "make-commitment", "body": promised},
        {"stream": stream, "command": "propose-handover", "body": account.proposal},
    )
    assert [one["status"] for one in found] == [201, 201]
    account.api.position = found[-1]["receipt"]["position"]
    assert account.kept() == [MOVED]
    assert account.listed()["moves"]["position"] < found[0]["receipt"]["position"]


def test_a_handover_of_what_is_assigned_in_the_same_request_says_nothing(account: Account) -> None:
    late = {
        "assignment_id": str(uuid4()),
        "role": "team_lead",
        "involvement": "accountable",
        "since": "2025-01-01T00:00:00Z",
    }
    stream = f"customer:{account.id}"
    found = bulk(
        account.api,
        {
            "stream": stream,
            "command": "assign-responsibility",
            "body": {**late, "person": str(account.api.person("周敏"))},
        },
        {
            "stream": stream,
            "command": "propose-handover",
            "body": {**account.proposal, "assignment_id": late["assignment_id"]},
        },
    )
    assert [one["status"] for one in found] == [201, 201]
    account.api.position = found[-1]["receipt"]["position"]
    assert account.listed()["moves"] is None


def test_what_is_refused_is_refused_as_before(account: Account) -> None:
    path = f"{account.path}/propose-handover"
    without = {name: said for name, said in account.proposal.items() if name != "reason"}
    assert account.api.refused(path, without) == (409, "reason.required")
    assert account.api.refused(path, {**account.proposal, "effective_at": "1950-01-01T00:00:00Z"}) == (
        409,
        "handover.outside-assignment",
    )
    assert account.api.refused(path, {**account.proposal, "assignment_id": str(uuid4())}) == (
        409,
        "responsibility.unknown",
    )


def test_a_project_moves_no_figure(account: Account) -> None:
    project, lin = uuid4(), account.api.person("林静")
    account.api.accepted(f"projects/{project}/propose-project", {"name": "七号线", "customer": str(account.id)})
    held = str(uuid4())
    account.api.accepted(
        f"projects/{project}/assign-responsibility",
        {
            "assignment_id": held,
            "role": "project_manager",
            "person": str(lin),
            "involvement": "accountable",
            "since": "2025-01-01T00:00:00Z",
        },
    )
    account.api.accepted(f"projects/{project}/propose-handover", {**account.proposal, "assignment_id": held})
    (found,) = account.api.ask("handovers", stream=f"project:{project}")["items"]
    assert found["moves"] is None


@pytest.fixture
def unprojected(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Zeren, Api]]:
    """The application while no view goes on by itself."""
    monkeypatch.setattr(views, "PATIENCE", 0.2)
    with (
        Zeren(database_url, projecting=False, notify=False) as zeren,
        TestClient(create_app(zeren, Settings(dev_auth=True))) as client,
    ):
        yield zeren, Api(client)


def test_while_a_view_is_behind_nothing_is_said_and_nothing_recorded(unprojected: tuple[Zeren, Api]) -> None:
    zeren, api = unprojected
    account = Account(api, api.person("林静"), api.person("王磊"))
    path, stream, size = f"{account.path}/propose-handover", f"customer:{account.id}", zeren.ledger.size()
    late = api.command(path, account.proposal, **{"Idempotency-Key": "once"})
    assert (late.status_code, late.json()["code"], late.headers["retry-after"]) == (503, "view.behind", "1")
    contact = {"stream": f"customer:{uuid4()}", "command": "register-customer", "body": {"name": "滨海化工"}}
    promised = {"commitment_id": str(uuid4()), "text": "备件", "by": "us", "due_at": APRIL, "occurred_at": MARCH}
    found = bulk(
        api,
        {"stream": stream, "command": "make-commitment", "body": promised},
        {"stream": stream, "command": "propose-handover", "body": account.proposal},
        contact,
    )
    assert [one["status"] for one in found] == [424, 503, 201]
    assert found[1]["problem"]["code"] == "view.behind"
    assert zeren.ledger.size() == size + 1
    while zeren.runner.advance():
        pass
    outcome = api.accepted(path, account.proposal, **{"Idempotency-Key": "once"})
    assert len(outcome["events"]) == 1
    # The first answer needs no view.
    assert api.accepted(path, account.proposal, **{"Idempotency-Key": "once"}) == outcome
    while zeren.runner.advance():
        pass
    assert account.kept() == [MOVED]
