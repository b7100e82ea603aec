"""The command side of the HTTP API: one route per command of the catalogue, and the bulk door."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, cast
from uuid import UUID, uuid4

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from commands.base import Command
from commands.catalogue import CATALOGUE, INTERNAL
from events.vocabulary.identifiers import StreamId, StreamKind, stream_id
from services.handling import CommandHandler, Outcome
from services.handling import Request as CommandRequest
from services.http import body
from services.http.identity import Caller, Identity
from services.http.problems import ProblemError, answers, validation_error
from services.store.recorder import Key

router = APIRouter()

PLURALS: dict[StreamKind, str] = {
    "customer": "customers",
    "project": "projects",
    "person": "people",
    "policy": "policies",
}
OPENS: dict[StreamKind, str] = {
    "customer": "register-customer",
    "project": "propose-project",
    "person": "register-person",
}
"""The command behind `POST /v1/{collection}`, where the server makes the id."""

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_ETAG = re.compile(r'"(\d{1,18})"')

IdempotencyKey = Annotated[
    str | None,
    Header(description="1 to 200 visible ASCII characters; the same key and body get the first answer again"),
]
StreamUuid = Annotated[UUID, Path(description="Id of the stream, made by the client; UUID version 7 is recommended")]
IfMatch = Annotated[str | None, Header(description='Expected stream version in quotes, for example `"17"`')]


class EventReceipt(BaseModel):
    """An event that was recorded."""

    id: UUID = Field(description="The event's id")
    name: str = Field(description="The event's permanent name")
    version: int = Field(description="Its version in the stream, from 1")


class Receipt(BaseModel):
    """What a command came to."""

    stream: str = Field(description="The stream, `customer:ID`")
    version: int = Field(description="The stream's version afterwards")
    position: int = Field(description="The log position; give it as `at_least` to a query to see the outcome there")
    events: list[EventReceipt] = Field(description="What was recorded; empty where there was nothing to do")


def receipt(outcome: Outcome) -> Receipt:
    """The receipt for an outcome."""
    return Receipt(
        stream=outcome.stream,
        version=outcome.version,
        position=outcome.position,
        events=[EventReceipt(id=one.id, name=one.name, version=one.version) for one in outcome.events],
    )


def read_command(command: type[Command], raw: bytes) -> Command:
    """The command in a body.

    Raises:
        ProblemError: 400, the body is not readable JSON.
        InvalidError: 422, a field is missing, superfluous or of the wrong shape.
    """
    body.parse(raw)
    try:
        return command.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise validation_error(error) from error


def read_key(value: str | None, identity: Identity, stream: str, path: str, raw: bytes) -> Key | None:
    """The idempotency key of a request, with the fingerprint of what it stands for.

    Raises:
        ProblemError: 422, the key has other characters or another length.
    """
    if value is None:
        return None
    if not _KEY.fullmatch(value):
        raise ProblemError(422, "idempotency.key-invalid", field="Idempotency-Key")
    fingerprint = hashlib.sha256(b"\n".join((stream.encode(), path.encode(), raw))).digest()
    return Key(identity.actor, value, fingerprint)


def read_version(value: str | None) -> int | None:
    """The expected version in `If-Match`.

    Raises:
        ProblemError: 422, it is not one quoted number.
    """
    if value is None:
        return None
    matched = _ETAG.fullmatch(value.strip())
    if not matched:
        raise ProblemError(422, "if-match.invalid", field="If-Match")
    return int(matched[1])


def _answer(outcome: Outcome, response: Response) -> Receipt:
    response.status_code = 201 if outcome.events else 200
    response.headers["ETag"] = f'"{outcome.version}"'
    return receipt(outcome)


async def _handle(
    request: Request, caller: Identity, stream: StreamId, command: type[Command], key: str | None, match: str | None
) -> Outcome:
    raw = await body.read(request, body.COMMAND_LIMIT)
    # A server-made id is not part of what a key stands for: the repeated request cannot know it.
    named = stream if "id" in request.path_params else stream.partition(":")[0]
    asked = CommandRequest(
        stream=stream,
        command=read_command(command, raw),
        context=caller.context(),
        expected_version=read_version(match),
        key=read_key(key, caller, named, command.path(), raw),
    )
    handler = cast("CommandHandler", request.app.state.zeren.handler)
    return await run_in_threadpool(handler.execute, asked)


Endpoint = Callable[..., Awaitable[Receipt]]


def _on_stream(kind: StreamKind, command: type[Command]) -> Endpoint:
    async def endpoint(
        request: Request,
        response: Response,
        caller: Caller,
        id: StreamUuid,  # noqa: A002 - the name of the path parameter
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Receipt:
        stream = stream_id(kind, id)
        return _answer(await _handle(request, caller, stream, command, idempotency_key, if_match), response)

    return endpoint


def _on_collection(kind: StreamKind, command: type[Command]) -> Endpoint:
    async def endpoint(
        request: Request, response: Response, caller: Caller, idempotency_key: IdempotencyKey = None
    ) -> Receipt:
        stream = stream_id(kind, uuid4())
        return _answer(await _handle(request, caller, stream, command, idempotency_key, None), response)

    return endpoint


def _add(path: str, endpoint: Endpoint, command: type[Command], kind: StreamKind, operation: str) -> None:
    schema = {"$ref": f"#/components/schemas/{command.__name__}"}
    router.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        status_code=201,
        response_model=Receipt,
        response_description="Recorded.",
        summary=command.__name__,
        description=command.__doc__,
        tags=[PLURALS[kind]],
        operation_id=operation,
        responses={
            200: {"model": Receipt, "description": "There was nothing to do."},
            **answers(400, 401, 404, 409, 412, 413, 422, 503),
        },
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}},
    )


def _add_all() -> None:
    for kind, by_path in CATALOGUE.items():
        for path, command in by_path.items():
            if command not in INTERNAL:
                _add(f"/{PLURALS[kind]}/{{id}}/{path}", _on_stream(kind, command), command, kind, f"{kind}-{path}")
        if kind in OPENS:
            command = by_path[OPENS[kind]]
            _add(f"/{PLURALS[kind]}", _on_collection(kind, command), command, kind, f"{kind}-new")


_add_all()
