"""Whatever is sent, the answer is never a server error and nothing half-done is stored."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.catalogue import CATALOGUE, INTERNAL
from services.application import Zeren
from services.http.commands import PLURALS

SYSTEM = {"Authorization": "Dev system"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
ROUTES = [
    (PLURALS[kind], path, command)
    for kind, by_path in CATALOGUE.items()
    for path, command in by_path.items()
    if command not in INTERNAL
]
FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def examples(client: TestClient) -> dict[str, dict[str, Any]]:
    """The example of every command, from the OpenAPI document."""
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    return {command.__name__: schemas[command.__name__]["examples"][0] for _, _, command in ROUTES}


@FUZZ
@given(raw=st.binary(max_size=200), route=st.sampled_from(ROUTES), identifier=st.uuids())
def test_any_bytes(client: TestClient, raw: bytes, route: tuple[str, str, type], identifier: object) -> None:
    answer = client.post(f"/v1/{route[0]}/{identifier}/{route[1]}", content=raw, headers=SYSTEM)
    assert answer.status_code < 500, answer.text


@FUZZ
@given(data=st.data())
def test_examples_with_one_field_spoilt(
    client: TestClient, zeren: Zeren, examples: dict[str, dict[str, Any]], data: st.DataObject
) -> None:
    plural, path, command = data.draw(st.sampled_from(ROUTES))
    body = dict(examples[command.__name__])
    field = data.draw(st.sampled_from(sorted(command.model_fields)))
    body[field] = data.draw(JSON)
    size = zeren.ledger.size()
    raw = json.dumps(body).encode()
    answer = client.post(f"/v1/{plural}/{data.draw(st.uuids())}/{path}", content=raw, headers=SYSTEM)
    assert answer.status_code < 500, answer.text
    assert (zeren.ledger.size() > size) == (answer.status_code == 201)


@FUZZ
@given(data=st.data())
def test_any_question(client: TestClient, data: st.DataObject) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    asked = sorted(path for path, methods in paths.items() if "get" in methods and not path.endswith("/stream"))
    path = data.draw(st.sampled_from(asked))
    names = [one["name"] for one in paths[path]["get"].get("parameters", []) if one["in"] == "query"]
    parameters = {name: data.draw(st.text(max_size=40)) for name in names if data.draw(st.booleans())}
    parameters.pop("at_least", None)  # it would wait
    for name in ("id", "code"):
        path = path.replace(f"{{{name}}}", str(data.draw(st.uuids())))
    answer = client.get(path, params=parameters, headers=SYSTEM)
    assert answer.status_code < 500, (path, parameters, answer.text)


@FUZZ
@given(lines=st.lists(JSON.map(json.dumps) | st.text(max_size=60), max_size=5))
def test_any_bulk(client: TestClient, lines: list[str]) -> None:
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    answer = client.post("/v1/commands", content=raw, headers=SYSTEM)
    assert answer.status_code < 500, answer.text
