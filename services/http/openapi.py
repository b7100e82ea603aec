"""Completes the OpenAPI document: command schemas, field descriptions, examples."""

import threading
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from commands.catalogue import CATALOGUE, INTERNAL
from services.http.bulk import BulkCommand
from services.http.problems import Problem

_REFERENCE = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Let the application serve the completed document."""
    making = threading.Lock()
    written: list[bytes] = []

    def openapi() -> dict[str, Any]:
        with making:
            if app.openapi_schema is None:
                app.openapi_schema = complete(
                    get_openapi(
                        title=app.title,
                        version=app.version,
                        summary=app.summary,
                        description=app.description,
                        routes=app.routes,
                        license_info=app.license_info,
                        separate_input_output_schemas=False,
                    )
                )
            return app.openapi_schema

    # To make the document takes more than a second: not in the event loop, and once.
    def document() -> Response:
        if not written:
            written.append(bytes(JSONResponse(openapi()).body))
        return Response(written[0], media_type="application/json")

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_api_route("/openapi.json", document, include_in_schema=False)


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the schemas of all commands, every field described and an example for every command."""
    commands = {command for by_path in CATALOGUE.values() for command in by_path.values() if command not in INTERNAL}
    models: list[type[BaseModel]] = [*sorted(commands, key=lambda command: command.__name__), BulkCommand]
    _, definitions = models_json_schema(
        [*((model, "validation") for model in models), (Problem, "serialization")], ref_template=_REFERENCE
    )
    schemas = document["components"]["schemas"]
    schemas.update(definitions["$defs"])
    for command in commands:
        schema = schemas[command.__name__]
        schema["examples"] = [example(schema, schemas)]
    document["components"]["securitySchemes"] = {
        "dev": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Dev <registered person>` or `Dev system`; only where the server has `ZEREN_AUTH=dev`.",
        }
    }
    document["security"] = [{"dev": []}]
    return document


def example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """An example for a schema: its own, or one made of the examples of what it needs."""
    match schema:
        case {"$ref": reference, **own}:
            return own["examples"][0] if "examples" in own else example(schemas[reference.rpartition("/")[2]], schemas)
        case {"examples": [one, *_]} | {"enum": [one, *_]} | {"const": one}:
            return one
        case {"anyOf": [one, *_]}:
            return example(one, schemas)
        case {"type": "boolean"}:
            return True
        case {"type": "array", "items": one}:
            return [example(one, schemas)]
        case {"type": "object", "properties": fields}:
            return {field: example(fields[field], schemas) for field in schema.get("required", ())}
        case _:
            raise LookupError(f"no example for {schema}")
