"""However much is wrong with a body, little is made of it and little is said: counted while it is read."""

import gzip
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from services.application import Zeren
from services.http import body, bulk_parts
from services.http.bulk_parts import cut
from services.http.problems import NAMED, ProblemError
from tests.http.client import Api

TOO_LARGE = r"request\.too-large"
SYSTEM = {"Authorization": "Dev system"}
VISIT: dict[str, Any] = {
    "visit_id": str(uuid4()),
    "visited_at": "2025-01-01T00:00:00+08:00",
    "channel": "call",
    "content": "例行电话",
}


def unknown(fields: int) -> dict[str, int]:
    """An object with so many fields that nobody knows."""
    return {f"a{number}": 1 for number in range(fields)}


HUGE = {
    "members of a list": ("record-visit", {**VISIT, "our_attendees": [1] * 300_000}),
    "unknown fields": ("assign-tier", unknown(80_000)),
    "names of scores": ("record-survey-answer", {"scores": unknown(80_000)}),
    "values put right": ("correct-fact", {"event": str(uuid4()), "reason": "x", "values": unknown(80_000)}),
    "objects": ("record-visit", {**VISIT, "commitments": [{}] * 300_000}),
}


# The first way is the short one, the second that of the routes.
@pytest.mark.parametrize("write", [str.lower, str.upper], ids=["short", "route"])
@pytest.mark.parametrize("kind", HUGE)
def test_a_command_of_too_many_values_is_refused(client: TestClient, kind: str, write: Any) -> None:
    path, said = HUGE[kind]
    raw = json.dumps(said, separators=(",", ":")).encode()
    assert len(raw) < body.COMMAND_LIMIT
    answer = client.post(f"/v1/customers/{write(str(uuid4()))}/{path}", content=raw, headers=SYSTEM)
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")
    assert str(body.VALUES) in answer.json()["detail"]


def test_a_command_of_long_texts_is_not_one_of_many_values(client: TestClient) -> None:
    said = {**VISIT, "our_attendees": [], "content": '{"a":[1,' * 2_500, "feedback": "\\" * 20_000}
    answer = client.post(f"/v1/customers/{uuid4()}/record-visit", json=said, headers=SYSTEM)
    assert answer.json()["code"] == "customer.not-registered"


def test_a_problem_names_the_first_errors_and_how_many_more_there_are(client: TestClient, api: Api) -> None:
    for path in (f"customers/{uuid4()}/assign-tier", f"customers/{str(uuid4()).upper()}/assign-tier"):
        found = api.command(path, unknown(1_000)).json()
        assert (len(found["errors"]), found["more_errors"]) == (NAMED, 1_000 + 2 - NAMED)
    few = api.command(f"customers/{uuid4()}/assign-tier", unknown(3)).json()
    assert (len(few["errors"]), "more_errors" in few) == (5, False)


def test_a_name_that_only_the_client_knows_is_cut(client: TestClient, api: Api) -> None:
    name = "x" * 100_000
    found = api.command(f"customers/{uuid4()}/assign-tier", {name: 1})
    assert len(found.content) < 2_000
    assert {one["field"] for one in found.json()["errors"]} == {"tier", "since", "x" * 80}


def bulk(client: TestClient, raw: bytes, **headers: str) -> Any:
    """The answer to a bulk request."""
    return client.post("/v1/commands", content=raw, headers=SYSTEM | headers)


@pytest.mark.parametrize(
    "made",
    [
        lambda: b"[" + b"{}," * 10_000_000 + b"{}]",
        lambda: b"[[" + b"{}," * 10_000_000 + b"{}]]",
        lambda: b"\n" * 30_000_000,
        lambda: b"0\n" * 15_000_000,
        lambda: b"\n".join([json.dumps(unknown(2_000)).encode()] * 1_000),
    ],
    ids=["elements", "within an element", "empty lines", "lines", "fields of all lines"],
)
def test_a_bulk_that_is_too_large_is_refused_whole(client: TestClient, zeren: Zeren, made: Callable[[], bytes]) -> None:
    size = zeren.ledger.size()
    answer = bulk(client, made())
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")
    assert zeren.ledger.size() == size


def test_one_line_that_is_too_large_is_refused_by_itself(client: TestClient) -> None:
    def register(name: str) -> bytes:
        said = {"stream": f"customer:{uuid4()}", "command": "register-customer", "body": {"name": name}}
        return json.dumps(said).encode()

    lines = [register("甲"), register("x" * body.COMMAND_LIMIT), json.dumps(unknown(6_000)).encode(), register("乙")]
    found = bulk(client, b"\n".join(lines)).json()
    assert [one["status"] for one in found] == [201, 413, 413, 201]


def test_the_problems_of_a_bulk_name_no_more_errors_than_can_be_read(client: TestClient) -> None:
    line = json.dumps(unknown(80)).encode()
    answer = bulk(client, b"\n".join([line] * 10_000))
    found = [one["problem"] for one in answer.json()]
    assert len(found) == 10_000
    assert {(len(one["errors"]), one["more_errors"]) for one in found} == {(NAMED, 83 - NAMED), (1, 82)}
    assert sum(len(one["errors"]) for one in found) < 12_000
    assert len(answer.content) < 6_000_000


ELEMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('a"\\,[]{}: \n中'),
    lambda within: st.lists(within, max_size=3) | st.dictionaries(st.text('a",]\\', max_size=3), within, max_size=3),
    max_leaves=6,
)


@given(elements=st.lists(ELEMENTS, max_size=5), space=st.sampled_from(["", " ", "\r\n\t"]))
def test_an_array_is_cut_where_its_elements_end(elements: list[Any], space: str) -> None:
    parts = cut(f"{space}[{space}{f'{space},{space}'.join(map(json.dumps, elements))}{space}]{space}".encode())
    assert [json.loads(part) for part in parts] == elements


@given(raw=st.text('[]{},":\\1a \n', max_size=12).map(lambda text: f"[{text}".encode()))
def test_what_is_no_array_is_refused_whole(raw: bytes) -> None:
    try:
        expected = json.loads(raw)
    except ValueError:
        with pytest.raises(ProblemError) as refused:
            cut(raw)
        assert refused.value.status == 400
        return
    try:
        found: Any = [json.loads(part) for part in cut(raw)]
    except ProblemError as error:
        found = error.code
    assert found in (expected, "request.duplicate-key")


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"[" * 100_000, "request.too-deep"), (b"[1,", "request.unreadable"), (b'["' + b"x" * 99, "request.unreadable")],
)
def test_an_array_that_does_not_end_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(ProblemError, match=code):
        cut(raw)


def test_a_text_within_an_element_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "COMMAND_LIMIT", 20)
    with pytest.raises(ProblemError, match=TOO_LARGE):
        cut(b'["' + b"x" * 99)
    assert cut(b'["' + b"x" * 18 + b'", 2]') == [b'"' + b"x" * 18 + b'"', b"2"]


def test_the_values_of_all_commands_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_parts, "VALUES", 10)
    assert len(cut(b'{"a":1}\n' * 10)) == 10
    with pytest.raises(ProblemError, match=TOO_LARGE):
        cut(b'{"a":1}\n' * 11)


REGISTER = json.dumps({"name": "华东电力集团"}).encode()


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", "identity"])
@pytest.mark.parametrize("write", [str.lower, str.upper], ids=["short", "route"])
def test_a_packed_command_is_unpacked(client: TestClient, encoding: str, write: Any) -> None:
    raw = REGISTER if encoding == "identity" else gzip.compress(REGISTER)
    path = f"/v1/customers/{write(str(uuid4()))}/register-customer"
    answer = client.post(path, content=raw, headers=SYSTEM | {"Content-Encoding": encoding})
    assert answer.status_code == 201, answer.text


def test_a_packed_bulk_is_unpacked_whole(client: TestClient) -> None:
    lines = [
        json.dumps({"stream": f"customer:{uuid4()}", "command": "register-customer", "body": {"name": "x" * 150}})
        for _ in range(3_000)
    ]
    answer = bulk(client, gzip.compress("\n".join(lines).encode()), **{"Content-Encoding": "gzip"})
    assert [one["status"] for one in answer.json()] == [201] * 3_000


def test_a_bomb_is_refused_at_the_limit_of_what_it_unpacks_to(client: TestClient) -> None:
    bomb = gzip.compress(b" " * 200_000_000)
    assert len(bomb) < body.COMMAND_LIMIT
    for path in (f"customers/{uuid4()}/register-customer", "commands"):
        answer = client.post(f"/v1/{path}", content=bomb, headers=SYSTEM | {"Content-Encoding": "gzip"})
        assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")


@pytest.mark.parametrize(
    "raw",
    [b"", REGISTER, gzip.compress(REGISTER)[:-3], gzip.compress(REGISTER) + b"x", gzip.compress(REGISTER) * 2],
    ids=["nothing", "unpacked", "cut off", "more after it", "twice"],
)
def test_a_damaged_pack_is_unreadable(client: TestClient, raw: bytes) -> None:
    path = f"/v1/customers/{uuid4()}/register-customer"
    answer = client.post(path, content=raw, headers=SYSTEM | {"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.unreadable")


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
@pytest.mark.parametrize(
    "path", ["/v1/commands", "/v1/customers/0190b2c4-7a10-7cc0-8000-00000000d001/register-customer"]
)
def test_another_packing_is_refused_by_name(client: TestClient, path: str, encoding: str) -> None:
    answer = client.post(path, content=REGISTER, headers=SYSTEM | {"Content-Encoding": encoding})
    assert (answer.status_code, answer.json()["code"]) == (415, "request.encoding-unknown")
    assert answer.headers["accept-encoding"] == "gzip, identity"
