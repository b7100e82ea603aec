"""Puts an example beside every body, answer and required parameter of the OpenAPI document."""

import json
from collections.abc import Iterator
from typing import Any

from commands.catalogue import CATALOGUE
from services.http.commands import ON_COLLECTION, PLURALS
from services.http.examples import ids, story
from services.http.examples.making import example
from services.http.examples.steps import Step
from services.http.exports import CSV, JSON, NDJSON

_SUBJECT = f"customer:{ids.CUSTOMER}"
_PARAMETERS: dict[str, str] = {
    "subject": _SUBJECT,
    "person": ids.PERSON,
    "item": f"commitment:{ids.COMMITMENT}",
    "rule": "at_due",
    "code": "commitment_fulfilment",
    "clause": "4.2",
    "period": "2025Q2",
}
_ONE: dict[str, str] = {
    "customers": ids.CUSTOMER,
    "projects": ids.PROJECT,
    "people": ids.PERSON,
    "policies": "company",
    "commitments": ids.COMMITMENT,
    "complaints": ids.COMPLAINT,
    "contracts": ids.CONTRACT,
    "obligations": ids.OBLIGATION,
}
_FILLER = "Successful Response"
"""What the framework says where nobody said anything."""
_METRICS = "# TYPE zeren_log_position gauge\nzeren_log_position 42.0\n"


def bulk() -> list[dict[str, Any]]:
    """Commands that are given at once."""
    stream = f"customer:{ids.OTHER_CUSTOMER}"
    return [
        {"stream": stream, "command": "register-customer", "body": {"name": "华东水务"}, "idempotency_key": "water-1"},
        {"stream": stream, "command": "assign-tier", "body": {"tier": "second", "since": "2025-03-01T09:00:00+08:00"}},
    ]


def show(document: dict[str, Any]) -> None:
    """Add the examples to a document that has all its schemas."""
    schemas = document["components"]["schemas"]
    _commands(document["paths"], schemas)
    schemas["BulkCommand"]["examples"] = bulk()
    content = document["paths"]["/v1/commands"]["post"]["requestBody"]["content"]
    content[JSON]["example"] = bulk()
    content[NDJSON]["example"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in bulk())
    for path, operation in _operations(document["paths"]):
        for parameter in operation.get("parameters", ()):
            if parameter.get("required") and not {"example", "examples"} & parameter.keys():
                parameter["example"] = _parameter(path, parameter, schemas)
        for answer in operation["responses"].values():
            if answer["description"] == _FILLER:
                answer["description"] = "The answer."
            for kind, content in answer.get("content", {}).items():
                if "example" not in content:
                    content["example"] = _answer(kind, content.get("schema", {}), schemas)


def _operations(paths: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in paths.items():
        for operation in methods.values():
            yield path, operation


def _commands(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    usual = {one.__name__: _usual(one.__name__, schemas) for one in map(_command, story())}
    seen: set[str] = set()
    for number, step in enumerate(story(), 1):
        name = _command(step).__name__
        said = {**usual[name], **step.said}
        if name not in seen:
            seen.add(name)
            schemas[name]["examples"] = [said]
        operation = paths[f"/v1/{PLURALS[step.kind]}/{{id}}/{step.path}"]["post"]
        shown = operation["requestBody"]["content"][JSON].setdefault("examples", {})
        shown[f"step-{number}"] = {"summary": f"Step {number} of the story, to {step.stream}", "value": said}
        for parameter in operation["parameters"]:
            if parameter["name"] == "id":
                parameter.setdefault("example", step.stream)
    for plural, target in ON_COLLECTION.items():
        content = paths[f"/v1/{plural}"]["post"]["requestBody"]["content"][JSON]
        content["example"] = usual[target.command.__name__]


def _usual(name: str, schemas: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = example(schemas[name], schemas)
    return {field: ids.ITEMS.get(field, value) for field, value in made.items()}


def _command(step: Step) -> type:
    return CATALOGUE[step.kind][step.path]


def _parameter(path: str, parameter: dict[str, Any], schemas: dict[str, Any]) -> Any:
    name, schema = parameter["name"], parameter["schema"]
    if "examples" in schema:
        return schema["examples"][0]
    if name == "id":
        return _ONE.get(path.split("/")[2], ids.ITEM)
    return _PARAMETERS[name] if name in _PARAMETERS else example(schema, schemas, name)


def _answer(kind: str, schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    lines_of = schema.get("x-lines-of")
    if lines_of is None:
        return example(schema, schemas) if kind in {JSON, "application/problem+json"} else _METRICS
    line = example(lines_of, schemas)
    if kind == NDJSON:
        return json.dumps(line, ensure_ascii=False) + "\n"
    if kind == CSV:
        return ",".join(line) + "\r\n"
    return f"id: 1@{ids.ITEM}/{ids.ITEM}\nevent: {line['name']}\ndata: {json.dumps(line, ensure_ascii=False)}\n\n"
