"""Whether the process lives, whether it is ready, and its figures for Prometheus."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal, Protocol

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from pydantic import BaseModel, Field

from services.application import Zeren
from services.http.log_state import LogNoticed, noticed

router = APIRouter(tags=["health"])

_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
READY_LAG = 1_000
"""Events that a view may be behind in a process that calls itself ready."""


class RelayStatus(Protocol):
    """What is asked of a relay."""

    @property
    def position(self) -> int:
        """The last position it has taken in."""
        ...

    @property
    def failure(self) -> str | None:
        """Why it is failing; none while all is well."""
        ...


class ViewStatus(BaseModel):
    """How far a view or the relay has come."""

    position: int = Field(description="The last log position it has taken in")
    lag: int = Field(description="How many events it is behind")


class Parked(BaseModel):
    """A stream that a view could not take further; `zeren replay-parked` tries again."""

    view: str = Field(description="The view")
    stream: str = Field(description="The stream, `customer:ID`")
    position: int = Field(description="The log position of the event it could not take")


class Readiness(BaseModel):
    """Whether questions are answered from a recent state."""

    ready: bool = Field(description="Whether the store answers and every view is near the end of the log")
    log: LogNoticed = Field(description="Which log this is")
    position: int = Field(description="The last position of the log")
    views: dict[str, ViewStatus] = Field(description="By view")
    relay: ViewStatus | None = Field(description="The relay to Kafka, where it is on")
    replica: ViewStatus | None = Field(
        default=None, description="The replica that questions are answered from, where there is one"
    )
    failures: list[str] = Field(description="Background work that is failing and being tried again")
    parked: list[Parked] = Field(description="Streams that are left out of a view")


def readiness(zeren: Zeren, relay: RelayStatus | None) -> Readiness:
    """The state of every view.

    Raises:
        psycopg.Error, PersistenceError: the store is away.
    """
    size, lineage = zeren.ledger.identity.now()
    rows = zeren.database.rows("SELECT projection, position FROM zeren.checkpoint ORDER BY projection")
    views = {row["projection"]: _status(row["position"], size) for row in rows}
    parked = zeren.database.rows("SELECT projection, stream, position FROM zeren.parked ORDER BY projection, stream")
    failures = [f"{job.name}: {job.failure}" for job in zeren.background if job.failure]
    if zeren.notices and zeren.notices.failure:
        failures.append(f"notices: {zeren.notices.failure}")
    if back := zeren.ledger.identity.went_back():
        failures.append(f"log: {back.reason}; this was noticed while this process ran: start every process again")
    if relay and relay.failure:
        failures.append(f"relay: {relay.failure}")
    return Readiness(
        ready=all(view.lag <= READY_LAG for view in views.values()),
        log=noticed(lineage),
        position=size,
        views=views,
        relay=_status(relay.position, size) if relay else None,
        replica=_status(zeren.views.reader.head()[0], size) if zeren.replica else None,
        failures=failures,
        parked=[Parked(view=row["projection"], stream=row["stream"], position=row["position"]) for row in parked],
    )


def _status(position: int, size: int) -> ViewStatus:
    return ViewStatus(position=position, lag=max(0, size - position))


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = Field(default="ok", description="It answers")


@router.get("/healthz", summary="Liveness", operation_id="healthz")
def healthz() -> Alive:
    """The process answers."""
    return Alive()


@router.get(
    "/readyz",
    summary="Readiness",
    operation_id="readyz",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "The store is away, or a view is too far behind."}},
)
def readyz(request: Request) -> JSONResponse:
    """How far every view and the relay have come."""
    found = readiness(request.app.state.zeren, request.app.state.relay)
    return JSONResponse(found.model_dump(mode="json"), status_code=200 if found.ready else 503)


class Figures:
    """The Prometheus figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "zeren_http_requests", "HTTP requests answered", ["method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "zeren_http_request_seconds", "Seconds until the answer began", ["method"], registry=self.registry
        )
        self.size = Gauge("zeren_log_position", "Last position of the log", registry=self.registry)
        self.incarnation = Gauge("zeren_log_incarnation", "Number of the log's incarnation", registry=self.registry)
        self.view_lag = Gauge("zeren_view_lag_events", "Events a view is behind", ["view"], registry=self.registry)
        self.relay_lag = Gauge("zeren_relay_lag_events", "Events the relay is behind", registry=self.registry)
        self.parked = Gauge("zeren_parked_streams", "Streams left out of a view", registry=self.registry)

    def render(self, found: Readiness) -> bytes:
        """The text that Prometheus scrapes."""
        self.size.set(found.position)
        self.incarnation.set(found.log.number)
        for name, view in found.views.items():
            self.view_lag.labels(name).set(view.lag)
        self.relay_lag.set(found.relay.lag if found.relay else 0)
        self.parked.set(len(found.parked))
        return generate_latest(self.registry)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    operation_id="metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Requests, lags and parked streams in the Prometheus text format."""
    found = readiness(request.app.state.zeren, request.app.state.relay)
    return Response(request.app.state.figures.render(found), media_type=CONTENT_TYPE_LATEST)


Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Measured:
    """Counts and times every request."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], figures: Figures) -> None:
        self.app = app
        self.figures = figures
        self._counted: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        """By method and status: looking a figure up by its labels takes longer than counting."""

    def _count(self, method: str, status: int) -> tuple[Counter, Histogram]:
        found = self.figures.requests.labels(method, str(status)), self.figures.seconds.labels(method)
        self._counted[method, status] = found
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note how it was answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        counted = self._counted
        # Anybody may make up methods, and every one that is kept takes memory for ever.
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                status = message["status"]
                found = counted.get((method, status)) or self._count(method, status)
                found[0].inc()
                found[1].observe(time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, noting)
