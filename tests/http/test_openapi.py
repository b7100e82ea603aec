"""The OpenAPI document: complete, and its examples work."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from commands.catalogue import CATALOGUE, INTERNAL
from services.http import openapi
from services.http.commands import PLURALS

COMMANDS = {command.__name__ for by_path in CATALOGUE.values() for command in by_path.values()}


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    """The document as served."""
    served: dict[str, Any] = client.get("/openapi.json").json()
    return served


def test_every_command_has_its_route(document: dict[str, Any]) -> None:
    for kind, by_path in CATALOGUE.items():
        for path, command in by_path.items():
            route = f"/v1/{PLURALS[kind]}/{{id}}/{path}"
            assert (route in document["paths"]) == (command not in INTERNAL)


def test_every_field_and_parameter_is_described(document: dict[str, Any]) -> None:
    bare = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, part in schema.get("properties", {}).items()
        if not part.get("description") and (name in COMMANDS or "$ref" not in part)
    ]
    bare += [
        f"{path} {parameter['name']}"
        for path, methods in document["paths"].items()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description") and not parameter["schema"].get("description")
    ]
    assert bare == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [one for value in part.values() for one in references(value)]
        return [one for value in part for one in references(value)] if isinstance(part, list) else []

    assert {one.rpartition("/")[2] for one in references(document)} <= schemas.keys()


def test_every_example_has_the_right_shape(document: dict[str, Any], client: TestClient) -> None:
    for kind, by_path in CATALOGUE.items():
        for path, command in by_path.items():
            if command in INTERNAL:
                continue
            example = document["components"]["schemas"][command.__name__]["examples"][0]
            answer = client.post(
                f"/v1/{PLURALS[kind]}/{uuid4()}/{path}", json=example, headers={"Authorization": "Dev system"}
            )
            assert answer.status_code in {201, 404, 409}, (path, answer.text)


def test_the_reference_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    addresses = [one.split('"')[0] for part in ('src="', 'href="') for one in page.split(part)[1:]]
    assert {"/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/docs/start.js"} <= set(addresses)
    for address in addresses:
        if not address.startswith("data:"):
            assert client.get(address).status_code == 200
    assert "https://" not in page
    assert client.get("/docs/passwd").status_code == 404


def test_the_document_is_made_once_and_outside_the_event_loop(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bool] = []
    complete = openapi.complete

    def noted(document: dict[str, Any]) -> dict[str, Any]:
        try:
            made.append(asyncio.get_running_loop().is_running())
        except RuntimeError:
            made.append(False)
        return complete(document)

    monkeypatch.setattr(openapi, "complete", noted)
    with ThreadPoolExecutor(4) as askers:
        served = list(askers.map(lambda _: client.get("/openapi.json"), range(4)))
    assert {one.headers["content-type"] for one in served} == {"application/json"}
    assert len({one.content for one in served}) == 1
    assert made == [False]
