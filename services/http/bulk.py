"""The bulk door: many commands in one request, each stream all-or-nothing, one answer per command in order."""

import json
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, JsonValue, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from starlette.concurrency import run_in_threadpool

from commands.catalogue import CATALOGUE, INTERNAL
from events.vocabulary.identifiers import COMPANY_POLICY, StreamId, StreamKind, stream_id
from events.vocabulary.values import say_what_null_means
from services.handling import CommandHandler, Failure
from services.handling import Request as CommandRequest
from services.http import body, bulk_parts
from services.http.commands import ON_STREAM, Receipt, read_command, read_key, receipt
from services.http.company import NAME
from services.http.exports import JSON, NDJSON, lines_of, wanted_of
from services.http.identity import Caller, Identity
from services.http.problems import InvalidError, Problem, ProblemError, answers, describe, language_of, validation_error
from services.language import Language

router = APIRouter(tags=["bulk"])

_NAMED = 2_000
"""How many errors all problems of an answer name together; of those that come later each names its first."""
_PATHS: list[JsonValue] = [*sorted({path for _, path in ON_STREAM})]


class BulkCommand(BaseModel):
    """One command of a bulk request."""

    model_config = ConfigDict(extra="forbid")

    stream: str = Field(
        description=f"`customer:ID`, `project:ID`, `person:ID` or `policy:{NAME}`",
        pattern=rf"^((customer|project|person|policy):[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|policy:{NAME})$",
    )
    command: str = Field(
        description="The command's path, for example `assign-responsibility`", json_schema_extra={"enum": _PATHS}
    )
    body: dict[str, Any] = Field(description="The command's body")
    idempotency_key: str | None = Field(default=None, description="As the header `Idempotency-Key`")
    expected_version: int | None = Field(default=None, ge=0, description="As the header `If-Match`")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What documents say of it."""
        return say_what_null_means(handler.resolve_ref_schema(handler(schema)))


class BulkAnswer(BaseModel):
    """The answer to one command of a bulk request."""

    line: int = Field(description="Which command this answers, from 1")
    status: int = Field(description="The HTTP status the command alone would have got; 424 where another failed it")
    receipt: Receipt | None = Field(default=None, description="What it came to")
    problem: Problem | None = Field(default=None, description="Why it was not recorded")


@router.post(
    "/commands",
    summary="Many commands at once",
    operation_id="bulk",
    response_model=list[BulkAnswer],
    responses={
        200: {
            "description": "One answer per command, in order: a JSON array, or lines with "
            "`Accept: application/x-ndjson`.",
            "content": {NDJSON: lines_of(BulkAnswer)},
        },
        **answers(400, 401, 406, 413, 415, 422, 503),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/BulkCommand"}}},
                NDJSON: lines_of(BulkCommand),
            },
        }
    },
)
async def commands(request: Request, caller: Caller) -> Response:
    """Give commands as one JSON array or as NDJSON lines; all commands for one stream are recorded or none of them."""
    kind = wanted_of(request, JSON, NDJSON)
    raw = await body.read(request, body.BULK_LIMIT)
    language = language_of(request)
    handler = cast("CommandHandler", request.app.state.zeren.handler)
    return Response(await run_in_threadpool(_handled, handler, raw, caller, language, kind), media_type=kind)


def _handled(handler: CommandHandler, raw: bytes, caller: Identity, language: Language, kind: str) -> str:
    found = [one.model_dump_json(exclude_none=True) for one in _handle(handler, bulk_parts.cut(raw), caller, language)]
    return "".join(f"{one}\n" for one in found) if kind == NDJSON else f"[{','.join(found)}]"


def _handle(handler: CommandHandler, lines: list[bytes], caller: Identity, language: Language) -> list[BulkAnswer]:
    found: dict[int, BulkAnswer] = {}
    groups: dict[str, list[tuple[int, CommandRequest]]] = {}
    broken: set[str] = set()
    named = 0
    for number, line in enumerate(lines, 1):
        stream = ""
        try:
            asked = _read(line)
            stream = _stream(asked)
            groups.setdefault(stream, []).append((number, _request(asked, stream, caller)))
        except ProblemError as error:
            broken.add(stream)
            found[number] = _problem(number, error, language)
        except InvalidError as error:
            broken.add(stream)
            found[number] = _problem(number, error if named < _NAMED else error.shortened(1), language)
            named += len(error.errors)
    whole = [group for stream, group in groups.items() if stream not in broken]
    for stream in broken & groups.keys():
        found |= {number: _dragged(number, language) for number, _ in groups[stream]}
    results = handler.execute_groups([[asked for _, asked in group] for group in whole])
    for group, result in zip(whole, results, strict=True):
        for index, (number, _) in enumerate(group):
            if not isinstance(result, Failure):
                outcome = result[index]
                status = 201 if outcome.events else 200
                found[number] = BulkAnswer(line=number, status=status, receipt=receipt(outcome))
            elif index == result.index:
                found[number] = _problem(number, result.error, language)
            else:
                found[number] = _dragged(number, language)
    return [found[number] for number in sorted(found)]


def _read(line: bytes) -> BulkCommand:
    body.require_few(line)
    body.parse(line)
    try:
        return BulkCommand.model_validate_json(line, strict=True)
    except ValidationError as error:
        raise validation_error(error) from error


def _stream(asked: BulkCommand) -> StreamId:
    kind, _, identifier = asked.stream.partition(":")
    return stream_id(cast("StreamKind", kind), COMPANY_POLICY if identifier == NAME else UUID(identifier))


def _request(asked: BulkCommand, stream: StreamId, caller: Identity) -> CommandRequest:
    kind, _, _identifier = stream.partition(":")
    command = CATALOGUE[cast("StreamKind", kind)].get(asked.command)
    if command is None or command in INTERNAL:
        raise ProblemError(422, "command.unknown", field="command")
    raw = json.dumps(asked.body).encode()
    given = read_command(command, raw)
    return CommandRequest(
        stream=stream,
        command=given,
        context=caller.context(given),
        expected_version=asked.expected_version,
        key=read_key(asked.idempotency_key, caller, stream, asked.command, given, raw),
    )


def _problem(number: int, error: Exception, language: Language) -> BulkAnswer:
    found, _ = describe(error, language)
    return BulkAnswer(line=number, status=found.status, problem=found)


def _dragged(number: int, language: Language) -> BulkAnswer:
    return _problem(number, ProblemError(424, "bulk.stream-refused"), language)
