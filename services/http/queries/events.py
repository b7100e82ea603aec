"""The log over HTTP: in pages, and as a stream that can be resumed from any position."""

import logging
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import anyio
import psycopg
import psycopg_pool
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from events.recorded import Recorded
from events.vocabulary.values import Trust
from services.http.asking import Opened
from services.http.exports import JSON, NDJSON, lines_of, ndjson, wanted_of
from services.http.identity import identify
from services.http.log_state import Seen, event_id, read_event_id, require_there, state
from services.http.problems import LogState, ProblemError, answers, describe, language_of
from services.store.identity.lineage import Lineage
from services.store.reading.gap_check import HoleInLogError

logger = logging.getLogger(__name__)

router = APIRouter(
    prefix="/events", tags=["events"], dependencies=[Depends(identify)], responses=answers(401, 409, 422, 503)
)

_BATCH = 500
_GRACE = 2.0
"""Seconds that a stream has to end when the server does."""
_SHORTEST, _LONGEST = 0.02, 0.5
_QUIET = 5.0
"""Seconds without an event after which a stream sees that the log has not gone back below it."""
_TROUBLE = (HoleInLogError, ProblemError, psycopg.OperationalError, psycopg.InterfaceError, psycopg_pool.PoolTimeout)

After = Annotated[int, Query(ge=0, le=2**62, description="Start after this log position; 0 for the beginning")]
Incarnation = Annotated[
    UUID | None,
    Query(
        description="The incarnation of the log that the position was read in, as its answer said: where the log has "
        "parted from that since, the answer is 409 `log.parted`, with the position to read again behind"
    ),
]


class LoggedEvent(BaseModel):
    """One event of the log."""

    position: int = Field(description="Its place in the log: 1, 2, … without holes")
    incarnation: UUID = Field(description="The incarnation of the log that it was recorded in")
    id: UUID = Field(description="The event's id")
    stream: str = Field(description="The stream, `customer:ID`")
    version: int = Field(description="Its version in the stream, from 1")
    name: str = Field(description="The event's permanent name")
    recorded_at: datetime = Field(description="When the ledger learned it")
    occurred_at: datetime = Field(description="When it happened in the business; the recorded time where nobody said")
    actor: str = Field(description="`person:ID`, `system` or a rule of ours, `system:when-x-then-y@1`")
    on_behalf_of: UUID | None = Field(default=None, description="For whom the actor acted")
    reason: str | None = Field(default=None, description="Why, in the actor's words")
    correlation_id: UUID | None = Field(default=None, description="Shared by all that followed from one request")
    causation_id: UUID | None = Field(default=None, description="The event that led to this one")
    trust: Trust = Field(description="`verified`, `unverified` (imported) or `sample` (made up for a demonstration)")
    data: dict[str, Any] = Field(description="The fact itself; its fields depend on the name")


class EventPage(BaseModel):
    """Events in the order of the log."""

    events: list[LoggedEvent] = Field(description="In order, without holes")
    next: str | None = Field(description="Where to read on; null at the end of the log")
    log: LogState = Field(description="Which log this is; keep `incarnation` with the last position")


def logged(recorded: Recorded, lineage: Lineage) -> LoggedEvent:
    """The public form of a recorded event."""
    why = recorded.context
    return LoggedEvent(
        position=recorded.position,
        incarnation=lineage.of(recorded.position).id,
        id=recorded.id,
        stream=recorded.stream,
        version=recorded.version,
        name=recorded.event.event_name,
        recorded_at=recorded.recorded_at,
        occurred_at=recorded.occurred_at,
        actor=why.actor,
        on_behalf_of=why.on_behalf_of,
        reason=why.reason,
        correlation_id=why.correlation_id,
        causation_id=why.causation_id,
        trust=why.trust,
        data=recorded.event.model_dump(mode="json"),
    )


@router.get(
    "",
    summary="The log",
    operation_id="event-list",
    response_model=EventPage,
    responses={
        200: {
            "description": "A page; with `Accept: application/x-ndjson` its events alone, one on a line, and where to "
            "read on in `Link` only.",
            "content": {NDJSON: lines_of(LoggedEvent)},
            "headers": {
                "Link": {
                    "description": "Where to read on; absent at the end of the log",
                    "schema": {"type": "string"},
                    "example": '</v1/events?after=100&limit=100>; rel="next"',
                }
            },
        },
        **answers(406),
    },
)
def page(
    request: Request,
    zeren: Opened,
    after: After = 0,
    incarnation: Incarnation = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many events at most")] = 100,
) -> Response:
    """Events after a position, in order.

    A position beyond the end is 422 `position.unknown`: whoever has read that far has read a log that was put back.
    """
    kind = wanted_of(request, JSON, NDJSON)
    found, number = zeren.views.reader.read_marked(after, limit)
    if found and incarnation is None:
        lineage = zeren.ledger.identity.at_least(number)
    else:
        lineage = require_there(zeren, Seen(after, incarnation))
    on = {"after": found[-1].position, "incarnation": lineage.present.id, "limit": limit} if found else {}
    told = EventPage(
        events=[logged(recorded, lineage) for recorded in found],
        next=f"/v1/events?{urlencode(on)}" if len(found) == limit else None,
        log=state(lineage),
    )
    written = told.model_dump_json() if kind == JSON else "".join(ndjson(told.events))
    return Response(written, media_type=kind, headers={"Link": f'<{told.next}>; rel="next"'} if told.next else {})


@router.get(
    "/stream",
    summary="The log as server-sent events",
    operation_id="event-stream",
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "One event of the log per message; `id` is its position, the log, and the incarnation "
            "that it was recorded in: `POSITION@LOG/INCARNATION`.",
            "content": {"text/event-stream": lines_of(LoggedEvent, "Server-sent events with `data`")},
        }
    },
)
async def stream(
    request: Request,
    zeren: Opened,
    after: After = 0,
    incarnation: Incarnation = None,
    last_event_id: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            description="The `id` of the last message seen, or its bare position, when a client resumes",
        ),
    ] = None,
) -> EventSourceResponse:
    """Every event after a position, then each new one as it is recorded.

    Where no further event can be read, or the log was put back, the stream ends with a message `problem`, which has
    no `id`: resume later, or as the problem says.
    """
    seen = Seen(after, incarnation)
    if last_event_id is not None:
        seen = read_event_id(last_event_id, zeren.ledger.identity.lineage)
    known = await run_in_threadpool(require_there, zeren, seen)

    ending = anyio.Event()

    async def messages(position: int, known: Lineage) -> AsyncIterator[ServerSentEvent]:
        pause = _SHORTEST
        looked_at = time.monotonic()
        with zeren.changes.listening() as changes:
            while not ending.is_set() and not await request.is_disconnected():
                try:
                    found, number = await run_in_threadpool(zeren.views.reader.read_marked, position, _BATCH)
                    if number > known.present.number or time.monotonic() > looked_at + _QUIET:
                        known = await run_in_threadpool(require_there, zeren, Seen(position, known.present.id))
                        looked_at = time.monotonic()
                except _TROUBLE as error:
                    # The answer has begun: all that is left to say is why it ends here.
                    if not isinstance(error, ProblemError):
                        logger.exception("a stream of events ends after position %d", position)
                    problem, _ = describe(error, language_of(request))
                    yield ServerSentEvent(data=problem.model_dump_json(exclude_none=True), event="problem")
                    return
                for recorded in found:
                    yield ServerSentEvent(
                        data=logged(recorded, known).model_dump_json(),
                        id=event_id(known, recorded.position),
                        event=recorded.event.event_name,
                    )
                    position = recorded.position
                if found:
                    looked_at = time.monotonic()
                pause = _SHORTEST if found or await changes.wait(pause) else min(pause * 2, _LONGEST)

    return EventSourceResponse(
        messages(seen.position, known), ping=15, shutdown_event=ending, shutdown_grace_period=_GRACE
    )
