"""The command side of the HTTP API: one route per command of the catalogue."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, cast
from uuid import UUID, uuid4

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel, Field, ValidationError

from commands.base import Command
from commands.catalogue import CATALOGUE, INTERNAL
from events.vocabulary.identifiers import StreamId, StreamKind
from services.handling import Condition, Outcome, TaskHandler
from services.handling import Request as CommandRequest
from services.http import body, conditions, meaning
from services.http.company import DESCRIPTION, Policy
from services.http.identity import Caller, Identity
from services.http.problems import ProblemError, answers, validation_error
from services.store.writing.saves import Key

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

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="1 to 200 visible ASCII characters; the same key and command get the first answer, however written",
    ),
]
StreamUuid = Annotated[UUID, Path(description="Id of the stream, made by the client; UUID version 7 is recommended")]


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
        ProblemError: 413, it has too many values; 400, it is not readable JSON.
        InvalidError: 422, a field is missing, superfluous or of the wrong shape.
    """
    body.require_few(raw)
    try:
        found = command.model_validate_json(raw, strict=True)
    except ValidationError as error:
        body.parse(raw)
        raise validation_error(error) from error
    if not body.is_surely_sound(raw, len(found.model_fields_set)):
        body.parse(raw)
    return found


def read_key(value: str | None, identity: Identity, stream: str, path: str, command: Command, raw: bytes) -> Key | None:
    """The idempotency key of a request, with the fingerprints of what it stands for and of how that was written.

    Raises:
        ProblemError: 422, the key has other characters or another length.
    """
    if value is None:
        return None
    if not _KEY.fullmatch(value):
        raise ProblemError(422, "idempotency.key-invalid", field="Idempotency-Key")
    return Key(
        identity.actor, value, meaning.fingerprint(stream, path, command), meaning.former_fingerprint(stream, path, raw)
    )


@dataclass(frozen=True, slots=True)
class Target:
    """What a path asks for: a command to a stream that is there or is to be."""

    kind: StreamKind
    command: type[Command]
    path: str
    """The command's path."""

    def read(
        self, raw: bytes, identifier: str | None, caller: Identity, key: str | None, expected: Condition | int | None
    ) -> CommandRequest:
        """The request that a body, a path and some headers make; without an identifier the server makes one.

        Raises:
            ProblemError, InvalidError: as for the readers above.
        """
        stream = StreamId(f"{self.kind}:{identifier or uuid4()}")
        # A server-made id is not part of what a key stands for: the repeated request cannot know it.
        named = stream if identifier else self.kind
        command = read_command(self.command, raw)
        return CommandRequest(
            stream,
            command,
            caller.context(command),
            expected,
            read_key(key, caller, named, self.path, command, raw),
        )


def answer_body(outcome: Outcome) -> bytes:
    """The receipt for an outcome as JSON; ids and names need no escapes."""
    events = ",".join([f'{{"id":"{one.id}","name":"{one.name}","version":{one.version}}}' for one in outcome.events])
    return (
        f'{{"stream":"{outcome.stream}","version":{outcome.version},"position":{outcome.position},"events":[{events}]}}'
    ).encode()


async def _handle(
    request: Request, target: Target, identifier: UUID | None, caller: Identity, key: str | None
) -> Response:
    expected = conditions.condition(*(conditions.joined(request, name) for name in ("if-match", "if-none-match")))
    raw = await body.read(request, body.COMMAND_LIMIT)
    asked = target.read(raw, str(identifier) if identifier else None, caller, key, expected)
    outcome = await cast("TaskHandler", request.app.state.tasks).execute(asked)
    return Response(
        answer_body(outcome),
        status_code=201 if outcome.events else 200,
        headers={"ETag": f'"{outcome.version}"'},
        media_type="application/json",
    )


Endpoint = Callable[..., Awaitable[Response]]


def _on_stream(target: Target) -> Endpoint:
    async def endpoint(
        request: Request,
        caller: Caller,
        id: StreamUuid,  # noqa: A002 - the name of the path parameter
        idempotency_key: IdempotencyKey = None,
        if_match: conditions.IfMatch = None,  # noqa: ARG001 - for the document; it may come in several lines
        if_none_match: conditions.IfNoneMatch = None,  # noqa: ARG001
    ) -> Response:
        return await _handle(request, target, id, caller, idempotency_key)

    if target.kind == "policy":
        endpoint.__annotations__["id"] = Annotated[Policy, Path(description=DESCRIPTION)]
    return endpoint


def _on_collection(target: Target) -> Endpoint:
    async def endpoint(request: Request, caller: Caller, idempotency_key: IdempotencyKey = None) -> Response:
        return await _handle(request, target, None, caller, idempotency_key)

    return endpoint


def _add(path: str, endpoint: Endpoint, target: Target, operation: str) -> None:
    command = target.command
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
        tags=[PLURALS[target.kind]],
        operation_id=operation,
        responses={
            200: {"model": Receipt, "description": "There was nothing to do."},
            **answers(400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 503),
        },
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}},
    )


ON_STREAM: dict[tuple[str, str], Target] = {
    (PLURALS[kind], path): Target(kind, command, path)
    for kind, by_path in CATALOGUE.items()
    for path, command in by_path.items()
    if command not in INTERNAL
}
"""By collection and command path."""

ON_COLLECTION: dict[str, Target] = {PLURALS[kind]: ON_STREAM[PLURALS[kind], path] for kind, path in OPENS.items()}
"""By collection."""

for (plural, path), each in ON_STREAM.items():
    _add(f"/{plural}/{{id}}/{path}", _on_stream(each), each, f"{each.kind}-{path}")
for plural, each in ON_COLLECTION.items():
    _add(f"/{plural}", _on_collection(each), each, f"{each.kind}-new")
