"""The parameters that every who/what-was query takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from services.application import Zeren
from services.http.instants import Instant
from services.http.problems import ProblemError
from services.questions.views import Moment, Views, asked_at

EFFECTIVE = Annotated[
    Instant | None,
    Query(description="The instant in the business that is asked about, RFC 3339 with offset; now by default"),
]
KNOWN = Annotated[
    Instant | None,
    Query(description="Answer from what had been recorded by this instant; now by default"),
]
POSITION = Annotated[
    int | None,
    Query(ge=0, le=2**62, description="Answer from what had been recorded up to this log position"),
]
AT_LEAST = Annotated[
    int | None,
    Query(
        ge=0,
        le=2**62,
        description="Wait, 5 seconds at most, until the view has reached this log position; one that the log does not "
        "have is refused",
    ),
]


async def opened(request: Request) -> Zeren:
    """The ledger that the application serves."""
    zeren: Zeren = request.app.state.zeren
    return zeren


Opened = Annotated[Zeren, Depends(opened)]


@dataclass(frozen=True, slots=True)
class Given:
    """The times of a question, as given."""

    effective_at: datetime | None = None
    known_at: datetime | None = None
    known_position: int | None = None
    at_least: int | None = None


async def given(
    effective_at: EFFECTIVE = None, known_at: KNOWN = None, known_position: POSITION = None, at_least: AT_LEAST = None
) -> Given:
    """The times of a question.

    Raises:
        ProblemError: 422, both `known_at` and `known_position` are given.
    """
    if known_at is not None and known_position is not None:
        raise ProblemError(422, "query.invalid", field="known_at")
    return Given(effective_at, known_at, known_position, at_least)


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a question to some views, which are there already: who waited did so in the event loop."""

    views: Views
    names: tuple[str, ...]
    effective_at: datetime | None
    known_position: int | None
    position: int | None
    """What the views have reached; none where nothing was to be waited for, and nobody has looked yet."""

    def moment(self) -> Moment:
        """The moment to ask the views at."""
        if self.position is None:
            return self.views.moment(*self.names, effective_at=self.effective_at, known_position=self.known_position)
        return asked_at(self.effective_at, self.known_position, self.position)


async def arrived(views: Views, names: tuple[str, ...], asked: Given) -> Times:
    """Wait, without holding a thread, until the named views are where the question needs them.

    Raises:
        ViewBehindError, PositionUnknownError, KnownInFutureError: as `Views.moment`.
    """
    reached = await views.reached(
        *names, known_at=asked.known_at, known_position=asked.known_position, at_least=asked.at_least
    )
    return Times(views, names, asked.effective_at, reached.known_position, reached.position)


def at(*names: str) -> Any:
    """A dependency: the `Times` of a question to the named views."""

    async def times(zeren: Opened, asked: Annotated[Given, Depends(given)]) -> Times:
        return await arrived(zeren.views, names, asked)

    return Depends(times)
