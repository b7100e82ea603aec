"""Cursor pagination: a cursor holds both times of the first page, so later writes do not move the next ones."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from projections.pages import Listing
from services.http.asking import Given, Opened, Times, arrived, given
from services.http.log_state import Seen, require_there
from services.http.problems import ProblemError
from services.questions.pages import Found, Wanted, page
from services.questions.views import Moment, Views

_FIXED = ("effective_at", "known_at", "known_position")
"""What a cursor holds already."""
_LONGEST = 4000


class Cursor(BaseModel):
    """Where a list goes on: both times, which list it is, the order, and the sort values of the last row seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    known: int = Field(ge=0, le=2**62)
    at: AwareDatetime
    of: str
    order: str
    after: tuple[str, ...]
    incarnation: UUID | None = None
    """The incarnation of the log that the first page was read in; none in cursors of an earlier release."""

    def token(self) -> str:
        """The cursor as text for a URL."""
        return base64.urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")


def named(path: str, filters: Mapping[str, Any]) -> str:
    """A short name for a list with these filters: on another one, a cursor would leave out what nobody meant to."""
    given = sorted((name, _told(value)) for name, value in filters.items() if value is not None)
    return blake2b(repr((path, given)).encode(), digest_size=9).hexdigest()


def _told(value: Any) -> str:
    return str(value.astimezone(UTC) if isinstance(value, datetime) else value)


def read_cursor(token: str) -> Cursor:
    """The cursor behind its text.

    Raises:
        ProblemError: 422, it is none of ours.
    """
    try:
        written = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return Cursor.model_validate_json(written)
    except (binascii.Error, ValueError) as unreadable:
        raise ProblemError(422, "cursor.invalid", field="cursor") from unreadable


@dataclass(frozen=True, slots=True)
class Paging:
    """The page that a request asks for."""

    request: Request
    times: Times
    cursor: Cursor | None
    limit: int

    @property
    def views(self) -> Views:
        """Where to ask."""
        return self.times.views

    def moment(self) -> Moment:
        """The moment to ask the views at: that of the first page where this is a later one."""
        return self.times.moment()

    def wanted(self, listing: Listing, order: str, filters: dict[str, Any]) -> Wanted:
        """The page as a question.

        Raises:
            ProblemError: 422, the cursor belongs to another list or order.
        """
        after = self.after(order, filters, len(listing.orders[order].columns)) or ()
        return Wanted(filters, order, self.limit, after)

    def after(self, order: str, filters: Mapping[str, Any], values: int) -> tuple[str, ...] | None:
        """The so many sort values of the last row of the page before; none on the first page.

        Raises:
            ProblemError: 422, the cursor belongs to another list or order.
        """
        if self.cursor is None:
            return None
        if (self.cursor.of, self.cursor.order) != (named(self.request.url.path, filters), order):
            raise ProblemError(422, "cursor.elsewhere", field="cursor")
        if len(self.cursor.after) != values:
            raise ProblemError(422, "cursor.invalid", field="cursor")
        return self.cursor.after

    def found(self, listing: Listing, order: str, filters: dict[str, Any], moment: Moment) -> tuple[Found, str | None]:
        """The rows of the page, and the link to the next one."""
        found = page(self.views, listing, self.wanted(listing, order, filters), moment)
        return found, None if found.last is None else self.link(moment, order, filters, found.last)

    def link(self, moment: Moment, order: str, filters: Mapping[str, Any], last: tuple[str, ...]) -> str:
        """The address of the page after a row, with the same filters."""
        cursor = Cursor(
            known=moment.known_position,
            at=moment.effective_at,
            of=named(self.request.url.path, filters),
            order=order,
            after=last,
            incarnation=self.views.ledger.identity.lineage.present.id,
        )
        dropped = {*_FIXED, "at_least", "cursor"}
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name not in dropped]
        return f"{self.request.url.path}?{urlencode([*kept, ('cursor', cursor.token())])}"


def _page_of(usual: int) -> Any:
    async def page(
        request: Request,
        cursor: Annotated[
            str | None,
            Query(
                description="From the `next` link of the page before; it holds both times of the first page, so "
                "neither `effective_at` nor `known_at` nor `known_position` may be given with it",
                max_length=_LONGEST,
            ),
        ] = None,
        limit: Annotated[int, Query(ge=1, le=1000, description="How many at most on a page")] = usual,
    ) -> tuple[Cursor | None, int]:
        if cursor is not None and any(name in request.query_params for name in _FIXED):
            raise ProblemError(422, "cursor.invalid", field="cursor")
        return None if cursor is None else read_cursor(cursor), limit

    return Depends(page)


def page_of(*names: str, usual: int = 100) -> Any:
    """A dependency: the `Paging` of a list that is made of the named views, with the usual length of a page."""

    async def paging(
        request: Request,
        zeren: Opened,
        asked: Annotated[Given, Depends(given)],
        wanted: Annotated[tuple[Cursor | None, int], _page_of(usual)],
    ) -> Paging:
        cursor, limit = wanted
        if cursor is not None:
            if cursor.incarnation is not None:
                seen = Seen(cursor.known, cursor.incarnation, field="cursor")
                await run_in_threadpool(require_there, zeren, seen)
            asked = Given(effective_at=cursor.at, known_position=cursor.known, at_least=asked.at_least)
        return Paging(request, await arrived(zeren.views, names, asked), cursor, limit)

    return Depends(paging)
