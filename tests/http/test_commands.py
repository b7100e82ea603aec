"""Commands over HTTP: receipts, conditions, repetition, and what is refused."""

import threading
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http.app import create_app
from services.settings import Settings
from tests.http.client import Api


def test_a_receipt_names_what_was_recorded(api: Api) -> None:
    person = uuid4()
    answer = api.command(f"people/{person}/register-person", {"name": "林晓"})
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["stream"] == f"person:{person}"
    assert [event["name"] for event in answer.json()["events"]] == ["person.registered"]
    again = api.command(f"people/{person}/register-person", {"name": "林晓"})
    assert (again.status_code, again.json()["events"]) == (200, [])


def test_the_server_makes_an_id_where_none_is_given(api: Api) -> None:
    key = {"Idempotency-Key": "new-1"}
    first = api.accepted("customers", {"name": "华东电力集团"}, **key)
    again = api.accepted("customers", {"name": "华东电力集团"}, **key)
    assert first == again
    assert UUID(first["stream"].removeprefix("customer:"))


def test_an_expected_version_is_held_against_the_stream(api: Api) -> None:
    customer = api.customer("华东电力集团")
    tier = {"tier": "vip", "since": "2025-01-01T00:00:00+08:00"}
    answer = api.command(f"customers/{customer}/assign-tier", tier, **{"If-Match": '"7"'})
    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (412, 1, '"1"')
    assert api.command(f"customers/{customer}/assign-tier", tier, **{"If-Match": '"1"'}).status_code == 201
    assert api.refused(f"customers/{customer}/assign-tier", tier, **{"If-Match": "1"}) == (422, "if-match.invalid")


def test_a_repeated_key_gets_the_first_answer_and_no_second_event(api: Api, zeren: Zeren) -> None:
    customer = api.customer("华东电力集团")
    tier = {"tier": "vip", "since": "2025-01-01T00:00:00+08:00"}
    key = {"Idempotency-Key": "tier-1"}
    first = api.accepted(f"customers/{customer}/assign-tier", tier, **key)
    api.accepted(f"customers/{customer}/assign-tier", {**tier, "tier": "first"})
    size = zeren.ledger.size()
    assert api.accepted(f"customers/{customer}/assign-tier", tier, **key) == first
    assert zeren.ledger.size() == size
    other = {**tier, "tier": "second"}
    assert api.refused(f"customers/{customer}/assign-tier", other, **key) == (422, "idempotency.reused")
    assert api.refused(f"customers/{customer}/assign-tier", other, **{"Idempotency-Key": "a b"}) == (
        422,
        "idempotency.key-invalid",
    )


def test_a_key_also_stands_for_having_nothing_to_do(api: Api) -> None:
    customer = api.customer("华东电力集团")
    key = {"Idempotency-Key": "again"}
    body = {"name": "华东电力集团"}
    first = api.command(f"customers/{customer}/register-customer", body, **key)
    assert (first.status_code, first.json()["version"]) == (200, 1)
    api.accepted(f"customers/{customer}/assign-tier", {"tier": "vip", "since": "2025-01-01T00:00:00+08:00"})
    assert api.command(f"customers/{customer}/register-customer", body, **key).json() == first.json()


def test_many_at_once_on_one_customer_all_get_in(api: Api) -> None:
    customer = api.customer("华东电力集团")
    statuses: list[int] = []

    def call(day: int) -> None:
        body = {
            "interaction_id": str(uuid4()),
            "at": f"2025-03-{day:02d}T10:00:00+08:00",
            "channel": "call",
            "direction": "outbound",
            "our_attendees": [],
            "content": "例行电话",
            "result": "已确认",
        }
        statuses.append(api.command(f"customers/{customer}/log-interaction", body).status_code)

    threads = [threading.Thread(target=call, args=(day,)) for day in range(1, 17)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 16


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "request.unreadable"),
        (b"{", 400, "request.unreadable"),
        (b"\xff\xfe", 400, "request.unreadable"),
        (b'{"name": "a", "name": "b"}', 400, "request.duplicate-key"),
        (b'{"name": NaN}', 400, "request.unreadable"),
        (b"[" * 100_000, 400, "request.too-deep"),
        (b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "request.too-deep"),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', 413, "request.too-large"),
        (b"[]", 422, "request.invalid"),
        (b"{}", 422, "request.invalid"),
        (b'{"name": 7}', 422, "request.invalid"),
        (b'{"name": "a\\u0000b"}', 422, "request.invalid"),
        (b'{"name": "\\ud800"}', 422, "request.invalid"),
        (b'{"name": "x", "owner": "SECRET"}', 422, "request.invalid"),
    ],
)
def test_bad_bodies_are_refused_without_being_repeated(
    client: TestClient, zeren: Zeren, raw: bytes, status: int, code: str
) -> None:
    size = zeren.ledger.size()
    path = f"/v1/customers/{uuid4()}/register-customer"
    answer = client.post(path, content=raw, headers={"Authorization": "Dev system"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "SECRET" not in answer.text
    assert zeren.ledger.size() == size


@pytest.mark.parametrize("since", ["2025-01-01T00:00:00", "2025-01-01", 1735689600, "9999-01-01T00:00:00Z", "soon"])
def test_an_instant_needs_its_offset(api: Api, since: object) -> None:
    customer = api.customer("华东电力集团")
    answer = api.command(f"customers/{customer}/assign-tier", {"tier": "vip", "since": since})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "since")


def test_unknown_streams_and_commands_are_not_there(api: Api) -> None:
    tier = {"tier": "vip", "since": "2025-01-01T00:00:00+08:00"}
    assert api.refused(f"customers/{uuid4()}/assign-tier", tier) == (404, "customer.not-registered")
    assert api.refused(f"customers/{uuid4()}/fly", {}) == (404, "not-found")
    assert api.refused("customers/nobody/assign-tier", tier) == (422, "request.invalid")
    due = {"commitment_id": str(uuid4()), "due_at": "2025-01-01T00:00:00+08:00"}
    assert api.refused(f"customers/{uuid4()}/record-commitment-fell-due", due) == (404, "not-found")


def test_messages_speak_the_readers_language(api: Api) -> None:
    path = f"customers/{uuid4()}/assign-tier"
    body = {"tier": "vip", "since": "2025-01-01T00:00:00+08:00"}
    chinese = api.command(path, body, **{"Accept-Language": "zh-CN,zh;q=0.9"}).json()["detail"]
    english = api.command(path, body).json()["detail"]
    assert english.isascii()
    assert not chinese.isascii()


def test_without_development_access_everything_is_refused(zeren: Zeren) -> None:
    with TestClient(create_app(zeren, Settings())) as client:
        for headers in ({}, {"Authorization": "Dev system"}, {"Authorization": "Bearer abc"}):
            for answer in (
                client.get("/v1/events", headers=headers),
                client.post("/v1/customers", headers=headers, content=b"{}"),
                client.post("/v1/commands", headers=headers, content=b""),
            ):
                assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("credential", ["Dev", "Dev nobody", "Bearer abc", "Basic YTpi", "Dev 7"])
def test_other_credentials_are_refused(client: TestClient, credential: str) -> None:
    answer = client.get("/v1/events", headers={"Authorization": credential})
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid")


def test_events_name_their_actor_and_whom_he_acts_for(client: TestClient, api: Api) -> None:
    lin, assistant = api.person("林晓"), api.person("助理小周")
    customer = uuid4()
    Api(client, str(assistant)).accepted(
        f"customers/{customer}/register-customer", {"name": "华东电力集团"}, **{"X-On-Behalf-Of": str(lin)}
    )
    event = api.get("events", after=0, limit=1000).json()["events"][-1]
    assert (event["actor"], event["on_behalf_of"]) == (f"person:{assistant}", str(lin))


def test_an_item_id_is_taken_in_the_whole_ledger(api: Api, zeren: Zeren) -> None:
    lin = api.person("林晓")
    a, b = api.customer("华东电力集团"), api.customer("华东水务")
    assignment = api.assigned(a, "account_manager", lin, "2025-01-01T00:00:00+08:00")
    stolen = {
        "assignment_id": str(assignment),
        "role": "account_manager",
        "person": str(lin),
        "involvement": "accountable",
        "since": "2025-02-01T00:00:00+08:00",
    }
    assert api.refused(f"customers/{b}/assign-responsibility", stolen) == (409, "responsibility.id-taken")
    own = api.assigned(b, "account_manager", lin, "2025-01-01T00:00:00+08:00")
    stolen_again = {
        "delegation_id": str(assignment),
        "assignment_id": str(own),
        "to_person": str(api.person("王伟")),
        "since": "2025-02-01T00:00:00+08:00",
        "until": "2025-03-01T00:00:00+08:00",
    }
    assert api.refused(f"customers/{b}/delegate", stolen_again) == (409, "delegation.id-taken")
    promise = {"commitment_id": str(assignment), "text": "交付", "due_at": "2025-03-01T00:00:00+08:00", "by": "us"}
    api.accepted(f"customers/{a}/make-commitment", promise)
    assert api.refused(f"customers/{b}/make-commitment", promise) == (409, "commitment.id-taken")
    found = api.ask("responsibility", subject=f"customer:{a}", role="account_manager")
    assert [holder["person"] for holder in found["holders"]] == [str(lin)]
    assert zeren.ledger.size() == api.position


def test_two_customers_claiming_one_id_at_once_get_one_item(api: Api) -> None:
    customers = [api.customer(name) for name in ("甲", "乙", "丙", "丁")]
    promise = {"commitment_id": str(uuid4()), "text": "交付", "due_at": "2025-03-01T00:00:00+08:00", "by": "us"}
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda one=customer: statuses.append(
                api.command(f"customers/{one}/make-commitment", promise).status_code
            )
        )
        for customer in customers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409, 409, 409]
