"""The documented examples work: sent in their order every command is accepted, and every question has its answer."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from jsonschema import Draft202012Validator, FormatChecker

from tests.http.client import Api

Operation = dict[str, Any]
SYSTEM = {"Authorization": "Dev system"}
_FORMATS = FormatChecker(("uuid", "date"))


@_FORMATS.checks("date-time", ValueError)
def has_offset(text: object) -> bool:
    """Whether a text is an instant with its offset."""
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    """The document as served."""
    served: dict[str, Any] = client.get("/openapi.json").json()
    return served


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def bodies(operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """Media type, name and value of every example of a request's body."""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        if "example" in content:
            yield kind, "", content["example"]
        for name, one in content.get("examples", {}).items():
            yield kind, name, one["value"]


def contents(operation: Operation) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Status, media type and content of every answer."""
    for status, answer in operation["responses"].items():
        for kind, content in answer.get("content", {}).items():
            yield status, kind, content


def faults(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What is not as the schema says; objects may have no field that it does not name."""
    closed = {"components": document["components"], **schema}
    checker = Draft202012Validator(closed, format_checker=_FORMATS)
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)]


def close(part: Any) -> None:
    """Let every object of a document have only the fields that are named."""
    if isinstance(part, dict):
        if "properties" in part and isinstance(part["properties"], dict):
            part.setdefault("additionalProperties", False)
        for one in part.values():
            close(one)
    elif isinstance(part, list):
        for one in part:
            close(one)


def test_every_answer_body_and_required_parameter_has_an_example(document: dict[str, Any]) -> None:
    bare: list[str] = []
    for method, path, operation in operations(document):
        bare += [
            f"{method} {path} {one['name']}"
            for one in operation.get("parameters", [])
            if one.get("required") and "example" not in one
        ]
        bare += [
            f"{method} {path} {status} {kind}" for status, kind, one in contents(operation) if "example" not in one
        ]
        if "requestBody" in operation:
            bare += [
                f"{method} {path} {kind}"
                for kind, one in operation["requestBody"]["content"].items()
                if not {"example", "examples"} & one.keys()
            ]
    assert bare == []


def test_every_answer_tells_its_shape(document: dict[str, Any]) -> None:
    shapeless = [
        f"{method} {path} {status}"
        for method, path, operation in operations(document)
        for status, answer in operation["responses"].items()
        if not answer.get("content") and status != "304"
    ]
    assert shapeless == []


def test_every_example_is_as_its_schema_says(document: dict[str, Any]) -> None:
    close(document["components"]["schemas"])
    wrong: list[str] = []
    for method, path, operation in operations(document):
        found = [
            (f"{status} {kind}", content.get("schema", {}), content["example"])
            for status, kind, content in contents(operation)
        ]
        found += [
            (one["name"], one["schema"], one["example"]) for one in operation.get("parameters", []) if "example" in one
        ]
        found += [
            (name, operation["requestBody"]["content"][kind]["schema"], value)
            for kind, name, value in bodies(operation)
        ]
        wrong += [
            f"{method} {path} {where} {fault}"
            for where, schema, value in found
            for fault in faults(document, schema, value)
        ]
    assert wrong == []


def story(document: dict[str, Any]) -> list[tuple[int, str, Any]]:
    """Number, address and body of every command's examples, in the order that they say."""
    steps = [
        (int(name.removeprefix("step-")), path.replace("{id}", one["summary"].rpartition(" ")[2]), one["value"])
        for method, path, operation in operations(document)
        if method == "post"
        for name, one in operation["requestBody"]["content"]["application/json"].get("examples", {}).items()
    ]
    return sorted(steps, key=lambda step: step[0])


def test_every_example_is_accepted_in_its_order_and_every_question_answered(api: Api, document: dict[str, Any]) -> None:
    told = story(document)
    assert [number for number, _, _ in told] == list(range(1, len(told) + 1))
    for number, path, body in told:
        answer = api.command(path.removeprefix("/v1/"), body)
        assert answer.status_code == 201, (number, path, answer.text)
    for method, path, operation in operations(document):
        for kind, name, value in bodies(operation):
            if method == "post" and not name:
                raw = value if isinstance(value, str) else json.dumps(value)
                sent = api.client.post(path, content=raw, headers=SYSTEM | {"Content-Type": kind})
                assert sent.is_success, (path, sent.text)
                assert not [one for one in sent.json() if path.endswith("/commands") and one["status"] >= 300]
    close(document["components"]["schemas"])
    for method, path, operation in operations(document):
        if method == "get" and not path.endswith("/stream"):
            for kind, content in operation["responses"]["200"]["content"].items():
                answer = asked(api, path, operation, kind)
                assert answer.status_code == 200, (path, answer.text)
                assert answer.headers["content-type"].partition(";")[0] == kind, path
                if kind == "application/json":
                    assert faults(document, content["schema"], answer.json()) == [], path


def asked(api: Api, path: str, operation: Operation, kind: str) -> Response:
    """The answer to a question with the examples of what it requires, seeing all that was told."""
    parameters = operation.get("parameters", [])
    given = {one["name"]: one["example"] for one in parameters if one.get("required")}
    query = {one["name"]: given[one["name"]] for one in parameters if one["in"] == "query" and one.get("required")}
    if any(one["name"] == "at_least" for one in parameters):
        query["at_least"] = api.position
    return api.client.get(path.format(**given), params=query, headers=SYSTEM | {"Accept": kind})
