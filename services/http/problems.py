"""Every error as an RFC 9457 problem, in the reader's language, without the input that caused it."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

import psycopg
import psycopg_pool
from eventsourcing.persistence import PersistenceError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from aggregates.refusal import Refused
from services.handling import BusyError, KeyReusedError, NotAnsweredError, VersionMismatchError
from services.http.methods import allowed
from services.http.safety import KEPT_TO_ITSELF
from services.language import (
    Language,
    field_code,
    field_codes,
    field_message,
    negotiate,
    problem,
    problem_codes,
    shown,
)
from services.questions.views import KnownInFutureError, PositionUnknownError, ViewBehindError
from services.store.reading.gap_check import HoleInLogError
from services.store.writing.group_commit import ClosedError

logger = logging.getLogger(__name__)

_KEPT = {name.decode(): value.decode() for name, value in KEPT_TO_ITSELF}
MEDIA_TYPE = "application/problem+json"
TYPE = "https://zeren.example/problems/"
NAMED = 20
"""How many errors a problem names; whoever is wrong a thousand times needs no thousand lines to find out."""
_INVALID = ("interval.", "fact.value-invalid")
"""What the codes begin with of refusals of what nobody can mean."""
_NOT_THEIRS = frozenset({"role.not-in-force"})
_NOT_THERE = frozenset({"customer.not-registered", "project.not-proposed", "person.not-registered", "policy.unknown"})


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Path of the field, for example `commitments.0.due_at`")
    code: str = Field(
        description="Stable code of the rule that the field breaks",
        json_schema_extra=lambda schema: schema.update(enum=[*field_codes()]),
    )
    message: str = Field(description="What is wrong, in the reader's language")


class LogState(BaseModel):
    """Which log this is."""

    id: UUID = Field(description="The log's id; restores do not change it")
    incarnation: UUID = Field(description="The id of its present incarnation: another one after every restore or copy")
    number: int = Field(description="Which incarnation that is, from 1")
    since: int = Field(description="The last position that it shares with the incarnation before; 0 in the first one")


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="Stable URI of the kind of problem")
    title: str = Field(description="The kind of problem, in the reader's language")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="What is wrong here, in the reader's language; never the input")
    code: str = Field(
        description="Stable code, for example `responsibility.role-unknown`; later releases may know further ones",
        # No `enum`: clients that know no others would fail where they have to tell somebody what is wrong.
        json_schema_extra=lambda schema: schema.update({"x-extensible-enum": [*problem_codes()]}),
    )
    field: str | None = Field(default=None, description="The field at fault")
    errors: list[FieldProblem] | None = Field(
        default=None, description="The fields at fault, the first of them where there are many", max_length=NAMED
    )
    more_errors: int | None = Field(default=None, description="How many errors there are besides")
    version: int | None = Field(default=None, description="The stream's present version, where another was expected")
    log: LogState | None = Field(default=None, description="Which log this is, where a position in another was given")
    read_again_after: int | None = Field(
        default=None, description="The last position that both logs share: whoever read further reads again behind it"
    )


class ProblemError(Exception):
    """A problem found by the HTTP layer itself."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        field: str | None = None,
        details: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        log: LogState | None = None,
        read_again_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.field = field
        self.details = details or {}
        self.headers = dict(headers or {})
        self.log = log
        self.read_again_after = read_again_after


class InvalidError(Exception):
    """Input of the wrong shape: the first of pydantic's errors, under a path, and how many more there are."""

    def __init__(self, errors: Sequence[Mapping[str, Any]], prefix: tuple[str, ...] = (), named: int = NAMED) -> None:
        super().__init__("request.invalid")
        self.errors = errors[:named]
        self.prefix = prefix
        self.more = len(errors) - len(self.errors)

    def shortened(self, named: int) -> "InvalidError":
        """The same with fewer errors named."""
        short = InvalidError(self.errors, self.prefix, named)
        short.more += self.more
        return short


OURS = (
    Refused,
    ProblemError,
    VersionMismatchError,
    KeyReusedError,
    BusyError,
    NotAnsweredError,
    ViewBehindError,
    PositionUnknownError,
    KnownInFutureError,
    HoleInLogError,
    InvalidError,
    ClosedError,
    PersistenceError,
    psycopg.DataError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg_pool.PoolTimeout,
)
"""The errors that are answered as problems of their own."""

RETRY = {"Retry-After": "1"}


def language_of(request: Request) -> Language:
    """The language that the reader asks for."""
    return negotiate(request.headers.get("accept-language"))


def describe(error: Exception, language: Language) -> tuple[Problem, dict[str, str]]:
    """The problem that an error of ours is, with the headers it calls for.

    Raises:
        TypeError: the error is none of ours.
    """
    match error:
        case Refused():
            return _problem(_of_refusal(error.code), error.code, language, error.details, error.field), {}
        case ProblemError():
            found = _problem(error.status, error.code, language, error.details, error.field)
            about = {"log": error.log, "read_again_after": error.read_again_after}
            return found.model_copy(update=about), error.headers
        case VersionMismatchError():
            found = _problem(412, "version.mismatch", language, {"version": str(error.version)})
            return found.model_copy(update={"version": error.version}), {"ETag": f'"{error.version}"'}
        case KeyReusedError():
            return _problem(422, "idempotency.reused", language), {}
        case BusyError():
            return _problem(503, "conflict.busy", language), RETRY
        case ViewBehindError() | NotAnsweredError():
            return _problem(503, "view.behind", language), RETRY
        case PositionUnknownError():
            return _problem(422, "position.unknown", language, {"position": str(error.newest)}), {}
        case KnownInFutureError():
            return _problem(422, "known.future", language), {}
        case HoleInLogError():
            return _problem(503, "log.hole", language), RETRY
        case InvalidError():
            return _invalid(error, language), {}
        case psycopg.DataError():
            return _problem(422, "query.invalid", language), {}
        case (
            ClosedError()
            | PersistenceError()
            | psycopg.OperationalError()
            | psycopg.InterfaceError()
            | psycopg_pool.PoolTimeout()
        ):
            return _problem(503, "store.away", language), RETRY
        case _:
            raise TypeError(type(error).__name__)


def _of_refusal(code: str) -> int:
    """The status of a refusal."""
    if code.startswith(_INVALID):
        return 422
    return 403 if code in _NOT_THEIRS else 404 if code in _NOT_THERE else 409


def _problem(
    status: int, code: str, language: Language, details: Mapping[str, str] | None = None, field: str | None = None
) -> Problem:
    message = problem(code, language, details or {})
    return Problem(
        type=TYPE + code,
        title=message.title,
        status=status,
        detail=message.detail,
        code=code,
        field=None if field is None else shown(field),
    )


def _invalid(error: InvalidError, language: Language) -> Problem:
    fields = [
        FieldProblem(
            field=shown(".".join((*error.prefix, *(str(part) for part in one["loc"])))),
            code=field_code(str(one["type"])),
            message=field_message(str(one["type"]), language, one.get("ctx") or {}),
        )
        for one in error.errors
    ]
    return _problem(422, "request.invalid", language).model_copy(
        update={
            "errors": fields,
            "field": fields[0].field if fields else None,
            "more_errors": error.more or None,
        }
    )


def response(found: Problem, headers: Mapping[str, str]) -> JSONResponse:
    """The HTTP response for a problem."""
    return JSONResponse(
        found.model_dump(mode="json", exclude_none=True),
        status_code=found.status,
        media_type=MEDIA_TYPE,
        headers={**_KEPT, **headers},
    )


CLIENT_GONE = 499
"""The status, as of nginx, of a request whose client left before it had said everything."""
_HTTP_CODES = {404: "not-found", 405: "method.not-allowed", 406: "request.not-acceptable"}


def install(app: FastAPI) -> None:
    """Let the application answer every error as a problem."""

    async def ours(request: Request, error: Exception) -> JSONResponse:
        if isinstance(error, HoleInLogError):
            logger.critical("the log has a hole", exc_info=error)
        return response(*describe(error, language_of(request)))

    async def of_framework(request: Request, error: Exception) -> JSONResponse:
        language = language_of(request)
        if isinstance(error, RequestValidationError):
            fields = [{**one, "loc": one["loc"][1:]} for one in error.errors()]
            return response(_invalid(InvalidError(fields), language), {})
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        details = {}
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            # The framework names what the first of several routes answers.
            details["allowed"] = headers["Allow"] = ", ".join(allowed(request.scope))
        return response(_problem(status, _HTTP_CODES.get(status, "request.unreadable"), language, details), headers)

    async def gone(_request: Request, _error: Exception) -> Response:
        # Nobody reads it; the figures count what came of the request.
        return Response(status_code=CLIENT_GONE)

    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        logger.error("unexpected error", exc_info=error)
        return response(_problem(500, "internal", language_of(request)), {})

    for kind in OURS:
        app.add_exception_handler(kind, ours)
    app.add_exception_handler(RequestValidationError, of_framework)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(HTTPException, of_framework)
    app.add_exception_handler(Exception, unexpected)


def validation_error(error: ValidationError, prefix: tuple[str, ...] = ()) -> InvalidError:
    """Pydantic's error as ours, without the input."""
    return InvalidError([dict(one) for one in error.errors(include_input=False, include_url=False)], prefix)


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem responses of a route, for its OpenAPI entry."""
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {MEDIA_TYPE: {"schema": _SCHEMA, "example": _example(status)}},
        }
        for status in statuses
    }


def _example(status: int) -> dict[str, Any]:
    code = _EXAMPLES.get(status, "internal")
    found = _problem(status, code, details={"version": "17"}, language="en")
    if status == VERSION:
        found = found.model_copy(update={"version": 17})
    if code == "request.invalid":
        found = _invalid(InvalidError([{"type": "missing", "loc": ("name",)}]), language="en")
    return found.model_dump(exclude_none=True)


VERSION = 412
_EXAMPLES = {
    400: "request.unreadable",
    401: "auth.required",
    403: "role.not-in-force",
    404: "not-found",
    406: "request.not-acceptable",
    409: "reason.required",
    VERSION: "version.mismatch",
    413: "request.too-large",
    422: "request.invalid",
    503: "store.away",
}
_SCHEMA = {"$ref": "#/components/schemas/Problem"}
_DESCRIPTIONS = {
    400: "The body is not readable JSON.",
    401: "Who is asking is not known.",
    403: "Whoever asks does not hold the role that this takes, and acts for nobody who does.",
    404: "There is no such thing.",
    406: "None of the asked media types can be given.",
    409: "A rule refuses the command.",
    412: "The stream is not at the expected version.",
    413: "The body is too large: more bytes, values or commands than are taken.",
    415: "The body is of another media type, or packed in another way, than can be read.",
    422: "A field is missing, superfluous or of the wrong shape.",
    503: "The store is away or a view is behind; try again after `Retry-After` seconds.",
}
