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
from services.http.examples.document import show

_REFERENCE = "#/components/schemas/{model}"
_SHORT, _LONG = 2**31 - 1, 2**63 - 1


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
                        separate_input_output_schemas=True,
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
    """The document with the schemas of all commands, and an example for every body, answer and required parameter."""
    commands = {command for by_path in CATALOGUE.values() for command in by_path.values() if command not in INTERNAL}
    models: list[type[BaseModel]] = [*sorted(commands, key=lambda command: command.__name__), BulkCommand]
    _, definitions = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    schemas = document["components"]["schemas"]
    for name, definition in definitions["$defs"].items():
        # Two shapes of one name would be told as one.
        if schemas.setdefault(name, definition) != definition:
            raise ValueError(name)
    show(document)
    _widen(document)
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


def _widen(part: Any) -> None:
    """Say of whole numbers without a low limit that they may be long: a log has more positions than 32 bits count."""
    if isinstance(part, dict):
        if part.get("type") == "integer" and part.get("maximum", _LONG) > _SHORT:
            part.setdefault("format", "int64")
        for one in part.values():
            _widen(one)
    elif isinstance(part, list):
        for one in part:
            _widen(one)
