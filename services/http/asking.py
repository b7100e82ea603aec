"""The parameters that every who/what-was query takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime

from services.application import Zeren
from services.http.problems import ProblemError
from services.views import Moment, Views

EFFECTIVE = Annotated[
    AwareDatetime | None,
    Query(description="The instant in the business that is asked about, RFC 3339 with offset; now by default"),
]
KNOWN = Annotated[
    AwareDatetime | None,
    Query(description="Answer from what had been recorded by this instant; now by default"),
]
POSITION = Annotated[
    int | None,
    Query(ge=0, le=2**62, description="Answer from what had been recorded up to this log position"),
]
AT_LEAST = Annotated[
    int | None,
    Query(ge=0, le=2**62, description="Wait, 5 seconds at most, until the view has reached this log position"),
]


def opened(request: Request) -> Zeren:
    """The ledger that the application serves."""
    zeren: Zeren = request.app.state.zeren
    return zeren


Opened = Annotated[Zeren, Depends(opened)]


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a question, as given."""

    views: Views
    effective_at: datetime | None
    known_at: datetime | None
    known_position: int | None
    at_least: int | None

    def moment(self, *views: str) -> Moment:
        """The moment to ask the named views at."""
        return self.views.moment(
            *views,
            effective_at=self.effective_at,
            known_at=self.known_at,
            known_position=self.known_position,
            at_least=self.at_least,
        )


def times(
    zeren: Opened,
    effective_at: EFFECTIVE = None,
    known_at: KNOWN = None,
    known_position: POSITION = None,
    at_least: AT_LEAST = None,
) -> Times:
    """The times of a question.

    Raises:
        ProblemError: 422, both `known_at` and `known_position` are given.
    """
    if known_at is not None and known_position is not None:
        raise ProblemError(422, "query.invalid", field="known_at")
    return Times(zeren.views, effective_at, known_at, known_position, at_least)


Asked = Annotated[Times, Depends(times)]
