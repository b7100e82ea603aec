"""Lists as files: CSV for spreadsheets, NDJSON for programs, written as they are read."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from services.formulas import guarded
from services.http.problems import ProblemError

JSON, CSV, NDJSON = "application/json", "text/csv", "application/x-ndjson"
_BOM = "\ufeff"
_RANGE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+", re.ASCII)
_QUALITY = re.compile(r"q=([01](?:\.\d{0,3})?)", re.ASCII)


def wanted_type(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that an `Accept` header likes best, the first one where it likes several equally.

    None where it wants none of them.
    """
    if not accept:
        return offered[0]
    liked: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (text.strip() for text in part.split(";"))
        if _RANGE.fullmatch(name):
            qualities = (found[1] for found in map(_QUALITY.fullmatch, parameters) if found)
            liked[name] = float(next(qualities, 1))
    ranked = {one: liked.get(one, liked.get(f"{one.partition('/')[0]}/*", liked.get("*/*", 0.0))) for one in offered}
    best = max(offered, key=lambda one: ranked[one])
    return best if ranked[best] > 0 else None


def wanted_of(request: Request, *offered: str) -> str:
    """The offered media type that a request likes best.

    Raises:
        ProblemError: 406, it wants none of them.
    """
    kind = wanted_type(request.headers.get("accept"), offered)
    if kind is None:
        raise ProblemError(406, "request.not-acceptable")
    return kind


def lines_of(model: type[BaseModel], told: str = "One JSON object on a line") -> dict[str, Any]:
    """How the OpenAPI document tells of NDJSON and its like: text, made of objects of that schema."""
    return {
        "schema": {
            "type": "string",
            "description": f"{told}, each as in the schema `{model.__name__}`.",
            "x-lines-of": {"$ref": f"#/components/schemas/{model.__name__}"},
        }
    }


def ndjson(items: Iterable[BaseModel]) -> Iterator[str]:
    """One JSON object on a line for each item."""
    for item in items:
        yield item.model_dump_json() + "\n"


def as_csv(items: Iterable[BaseModel], columns: Sequence[str]) -> Iterator[str]:
    """CSV with a header line, for spreadsheets: UTF-8 with BOM, parts as JSON, and no text that acts as a formula."""
    yield _BOM + _line(columns)
    for item in items:
        values: Mapping[str, Any] = item.model_dump(mode="json")
        yield _line([_cell(values[column]) for column in columns])


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
