"""The OpenAPI document: complete, and the same from everybody."""

import asyncio
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from commands.catalogue import CATALOGUE, INTERNAL
from projections.kpis.definitions import CODES
from services.http import openapi, problems
from services.http.commands import PLURALS

LISTED = re.compile(r"`[a-z_]+`(, `[a-z_]+`)* or `[a-z_]+`( |;|,|$)")
"""How a description lists all that a field may hold."""
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


def test_operations_have_names_that_can_be_read_and_are_alone(document: dict[str, Any]) -> None:
    names = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []


def test_the_document_is_the_same_from_every_process() -> None:
    making = (
        "import json\nfrom fastapi import FastAPI\nfrom services.http.app import create_app\n"
        "from services.settings import Settings\nprint(json.dumps(create_app(None, Settings(dev_auth=True)).openapi()))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", making], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert len(told.pop()) > 100_000


def test_what_is_one_of_few_is_told_as_such(document: dict[str, Any]) -> None:
    schemas, paths = document["components"]["schemas"], document["paths"]
    by_name = {one["name"]: one["schema"] for one in paths["/v1/kpis/{code}"]["get"]["parameters"]}
    assert by_name["code"]["enum"] == list(CODES)
    for model, field in (
        ("BulkCommand", "command"),
        ("EvidenceEvent", "outcome"),
        ("FieldProblem", "code"),
        ("Holder", "involvement"),
        ("Life", "kind"),
        ("LoggedEvent", "trust"),
        ("AuditEntry", "trust"),
        ("MonthlyDuty", "status"),
        ("MovedFigure", "kpi"),
        ("Obligation", "by"),
    ):
        assert schemas[model]["properties"][field].get("enum"), (model, field)
    listed = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, part in schema.get("properties", {}).items()
        if LISTED.match(part.get("description", "")) and "enum" not in str(part) and "const" not in str(part)
    ]
    assert listed == []


def test_a_code_that_a_library_makes_up_is_told_as_one_of_ours(document: dict[str, Any]) -> None:
    documented = document["components"]["schemas"]["FieldProblem"]["properties"]["code"]["enum"]
    found, _ = problems.describe(problems.InvalidError([{"type": "of_tomorrow", "loc": ("name",)}]), "en")
    assert found.errors is not None
    assert found.errors[0].code in documented
    assert set(documented) >= {"missing", "extra_forbidden", "value_error", "literal_error"}


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
