"""Conditional requests: read, then write only if nothing changed; read again only if something did."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from events.vocabulary.identifiers import COMPANY_POLICY
from services.application import Zeren
from tests.http.client import Api
from tests.http.test_contracts import duty, signed

SINCE = "2025-01-01T00:00:00+08:00"
VIP, FIRST = {"tier": "vip", "since": SINCE}, {"tier": "first", "since": "2025-02-01T00:00:00+08:00"}


class Ledger:
    """One thing of every kind, with a command that changes its stream."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.customer = api.customer("华东电力集团")
        self.person = api.person("林晓")
        self.project, self.promise, self.complaint = uuid4(), uuid4(), uuid4()
        self.give(f"projects/{self.project}/propose-project", customer=self.customer, name="配电改造")
        promise = {"commitment_id": self.promise, "text": "交付", "due_at": "2199-01-01T00:00:00+08:00", "by": "us"}
        self.give(f"customers/{self.customer}/make-commitment", **promise)
        self.give(
            f"customers/{self.customer}/receive-complaint",
            complaint_id=self.complaint,
            received_at="2025-03-03T09:00:00+08:00",
            channel="phone",
            severity="low",
            content="控制柜频繁报警",
        )
        owed = duty("2199-01-01T00:00:00+08:00")
        self.obligation, self.contract = owed["obligation_id"], signed(api, self.customer, owed)
        self.changes = 0

    def give(self, path: str, **body: Any) -> None:
        self.api.accepted(path, json.loads(json.dumps(body, default=str)))

    def change(self, path: str, **headers: str) -> int:
        """Change the stream behind an address, each time to something new."""
        self.changes += 1
        match path.partition("/")[0]:
            case "people":
                where, body = (
                    f"people/{self.person}/move-department",
                    {"department": f"d{self.changes}", "since": SINCE},
                )
            case "projects":
                where = f"projects/{self.project}/assign-responsibility"
                body = {**self._assignment(), "role": "project_manager"}
            case "policies":
                where, body = "policies/company/publish-cadence", cadence(self.changes)
            case _:
                where, body = f"customers/{self.customer}/assign-responsibility", self._assignment()
        return self.api.command(where, body, **headers).status_code

    def _assignment(self) -> dict[str, Any]:
        return {
            "assignment_id": str(uuid4()),
            "role": "account_manager",
            "person": str(self.person),
            "involvement": "consulted",
            "since": SINCE,
        }

    def paths(self) -> dict[str, str]:
        """The address of everything that can be asked for alone, by kind."""
        return {
            "customer": f"customers/{self.customer}",
            "person": f"people/{self.person}",
            "project": f"projects/{self.project}",
            "commitment": f"commitments/{self.promise}",
            "complaint": f"complaints/{self.complaint}",
            "contract": f"contracts/{self.contract}",
            "obligation": f"obligations/{self.obligation}",
            "policy": "policies/company",
        }


def cadence(calls: int) -> dict[str, Any]:
    """A command that publishes how often customers are called."""
    rule = {"tier": None, "calls_per_week": calls, "visits_per_month": 1}
    return {"since": f"2030-01-{calls:02d}T00:00:00+08:00", "rules": [rule]}


@pytest.fixture
def ledger(api: Api) -> Ledger:
    return Ledger(api)


def read(api: Api, path: str, **headers: str) -> Response:
    """Ask for one thing, seeing at least what was done before."""
    return api.client.get(f"/v1/{path}", params={"at_least": api.position}, headers=api.headers | headers)


KINDS = ("customer", "person", "project", "commitment", "complaint", "contract", "obligation", "policy")


def test_nothing_that_can_be_asked_for_alone_is_left_out(client: TestClient, ledger: Ledger) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    alone = {path.split("/")[2] for path, methods in paths.items() if path.endswith("/{id}") and "get" in methods}
    assert alone == {path.partition("/")[0] for path in ledger.paths().values()}
    assert tuple(ledger.paths()) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_read_can_be_changed_if_nobody_changed_it_meanwhile(ledger: Ledger, kind: str) -> None:
    api, path = ledger.api, ledger.paths()[kind]
    found = read(api, path)
    tag = found.headers["etag"]
    assert tag.startswith(f'"{found.json()["version"]}.')
    assert ledger.change(path, **{"If-Match": tag}) == 201
    assert ledger.change(path, **{"If-Match": tag}) == 412
    again = read(api, path)
    assert (again.json()["version"], again.json()["stream"]) == (found.json()["version"] + 1, found.json()["stream"])


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_still_right_is_not_sent_again(ledger: Ledger, kind: str) -> None:
    api, path = ledger.api, ledger.paths()[kind]
    tag = read(api, path).headers["etag"]
    api.person("王伟")
    same = read(api, path, **{"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert ledger.change(path) == 201
    other = read(api, path, **{"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag


def test_what_time_or_another_stream_changed_is_sent_again(ledger: Ledger) -> None:
    api, customer = ledger.api, ledger.paths()["customer"]
    before = read(api, customer)
    ledger.give(f"projects/{uuid4()}/propose-project", customer=ledger.customer, name="二期")
    after = read(api, customer, **{"If-None-Match": before.headers["etag"]})
    assert after.json()["overview"]["running_projects"] == before.json()["overview"]["running_projects"] + 1
    assert after.json()["version"] == before.json()["version"]
    promise = ledger.paths()["commitment"]
    early, late = (
        api.client.get(f"/v1/{promise}", params={"effective_at": at, "at_least": api.position}, headers=api.headers)
        for at in ("2198-12-31T00:00:00Z", "2199-01-02T00:00:00Z")
    )
    assert (early.json()["commitment"]["overdue"], late.json()["commitment"]["overdue"]) == (False, True)
    assert early.headers["etag"] != late.headers["etag"]


def test_an_answer_as_known_before_has_the_version_of_then(ledger: Ledger) -> None:
    api, path = ledger.api, ledger.paths()["customer"]
    known = read(api, path).json()
    assert ledger.change(path) == 201
    then = api.client.get(f"/v1/{path}", params={"known_position": known["position"]}, headers=api.headers)
    assert then.json()["version"] == known["version"]
    assert ledger.change(path, **{"If-Match": then.headers["etag"]}) == 412


@pytest.mark.parametrize(
    ("match", "status"),
    [
        ('"{now}"', 200),
        ('"7000", "{now}"', 200),
        (', "{now}",, "7000" ,', 200),
        ("*", 200),
        (" * ", 200),
        ('W/"{now}"', 412),
        ('"7000"', 412),
        ('"abc", "x,y"', 412),
        ('""', 412),
        ("{now}", 422),
        ('"{now}', 422),
        ('"{now}" "{now}"', 422),
        ('*, "{now}"', 422),
        ("", 422),
        ('w/"{now}"', 422),
    ],
)
def test_if_match_compares_strongly_at_both_doors(ledger: Ledger, zeren: Zeren, match: str, status: int) -> None:
    api, path = ledger.api, ledger.paths()["customer"]
    found = read(api, path)
    for now in (str(found.json()["version"]), found.headers["etag"].strip('"')):
        header = {"If-Match": match.format(now=now)}
        assert read(api, path, **header).status_code == status
        size = zeren.ledger.size()
        nothing = api.command(f"{path}/register-customer", {"name": "华东电力集团"}, **header)
        assert nothing.status_code == status
        refused = api.command(f"{path}/assign-tier", VIP, **header) if status != 200 else nothing
        assert (refused.status_code, zeren.ledger.size()) == (status, size)
        if status == 412:
            assert (refused.json()["code"], refused.json()["version"]) == ("version.mismatch", found.json()["version"])


@pytest.mark.parametrize(
    ("none_match", "question", "command"),
    [
        ('"{now}"', 304, 412),
        ('W/"{now}"', 304, 412),
        ('"7000", W/"{now}"', 304, 412),
        ("*", 304, 412),
        ('"7000"', 200, 201),
        ('"abc"', 200, 201),
        ("{now}", 422, 422),
    ],
)
def test_if_none_match_compares_weakly_at_both_doors(
    ledger: Ledger, none_match: str, question: int, command: int
) -> None:
    api, path = ledger.api, ledger.paths()["customer"]
    header = {"If-None-Match": none_match.format(now=read(api, path).json()["version"])}
    assert read(api, path, **header).status_code == question
    assert api.command(f"{path}/assign-tier", VIP, **header).status_code == command


def test_only_the_first_may_begin_what_nobody_has_begun(api: Api, zeren: Zeren) -> None:
    customer, only_new = uuid4(), {"If-None-Match": "*"}
    path, name = f"customers/{customer}/register-customer", {"name": "华东电力集团"}
    assert api.command(path, name, **{"If-Match": "*"}).status_code == 412
    assert api.command("customers", name, **{"If-Match": "*"}).status_code == 412
    assert api.command(path, name, **only_new, **{"Idempotency-Key": "k"}).status_code == 201
    size = zeren.ledger.size()
    assert api.command(path, name, **only_new).status_code == 412
    assert api.command(path, name, **only_new, **{"Idempotency-Key": "k"}).status_code == 201
    assert zeren.ledger.size() == size


def test_a_condition_may_come_in_several_lines(api: Api, client: TestClient) -> None:
    customer = api.customer("华东电力集团")
    lines = [*api.headers.items(), ("If-Match", '"7000"'), ("If-Match", '"1"')]
    sent = client.post(f"/v1/customers/{customer}/assign-tier", content=json.dumps(VIP), headers=lines)
    assert sent.status_code == 201
    assert (
        client.post(f"/v1/customers/{customer}/assign-tier", content=json.dumps(FIRST), headers=lines).status_code
        == 412
    )


def test_the_items_of_a_list_say_what_a_command_may_ask_for(ledger: Ledger) -> None:
    api = ledger.api
    ledger.give(
        f"customers/{ledger.customer}/record-survey-answer",
        survey_id=uuid4(),
        answer_id=uuid4(),
        answered_at=SINCE,
        scores={"attitude": 5},
        scale={"min": 1, "max": 5},
    )
    call = {"interaction_id": uuid4(), "at": SINCE, "channel": "call", "direction": "outbound"}
    ledger.give(f"customers/{ledger.customer}/log-interaction", **call, our_attendees=[], content="电话", result="好")
    visit = {"visit_id": uuid4(), "visited_at": SINCE, "channel": "face_to_face", "content": "回访"}
    ledger.give(
        f"customers/{ledger.customer}/record-visit", **visit, our_attendees=[], customer_attendees=[], commitments=[]
    )
    version = api.ask(f"customers/{ledger.customer}")["version"]
    lists = ("customers", "visits", "interactions", "surveys", "commitments", "complaints", "contracts", "obligations")
    for name in lists:
        assert [item["version"] for item in api.ask(name)["items"]] == [version], name
    by_stream = {item["stream"]: item["version"] for item in api.ask("lives", limit=1000)["items"]}
    assert by_stream[f"customer:{ledger.customer}"] == version
    assert {item["version"] for item in api.ask("policies")["items"]} == {api.ask("policies/company")["version"]}
    people = {item["person_id"]: item["version"] for item in api.ask("people")["items"]}
    assert people[str(ledger.person)] == 1


def test_the_companys_rules_have_a_name(api: Api, client: TestClient, zeren: Zeren) -> None:
    found, same = api.ask("policies/company"), api.ask(f"policies/{COMPANY_POLICY}")
    assert (found["stream"], found["version"]) == (f"policy:{COMPANY_POLICY}", zeren.ledger.size())
    assert same["editions"] == found["editions"]
    assert {edition["policy"] for edition in found["editions"]} >= {"role-catalogue", "service-levels"}
    assert api.get(f"policies/{uuid4()}").status_code == 404
    assert api.get("policies/house").status_code == 422
    first = api.accepted("policies/company/publish-cadence", cadence(1), **{"Idempotency-Key": "k"})
    again = api.accepted(f"policies/{COMPANY_POLICY}/publish-cadence", cadence(1), **{"Idempotency-Key": "k"})
    assert again == first
    lines = [
        {"stream": stream, "command": "publish-cadence", "body": body}
        for stream, body in (
            ("policy:company", cadence(2)),
            (f"policy:{COMPANY_POLICY}", cadence(3)),
            ("policy:company", {}),
        )
    ]
    refused = client.post("/v1/commands", content=json.dumps(lines), headers=api.headers)
    statuses = [one["status"] for one in refused.json()]
    assert statuses == [424, 424, 422]


def test_many_who_read_the_same_version_change_it_once(ledger: Ledger) -> None:
    path = ledger.paths()["customer"]
    tag = read(ledger.api, path).headers["etag"]
    with ThreadPoolExecutor(12) as callers:
        statuses = sorted(callers.map(lambda _: ledger.change(path, **{"If-Match": tag}), range(12)))
    assert statuses == [201] + [412] * 11
