"""Who reads a page: in which language, by which clocks, and with which names for things."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import cast, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request

from aggregates.policy.state import Policy
from events.vocabulary.identifiers import COMPANY_POLICY, stream_id
from events.vocabulary.policies import Role
from services.application import Zeren
from services.language import SHANGHAI, Language, negotiate
from services.questions.views import Moment
from services.review.instants import UnreadableInstantError, read_instant
from services.review.names import Names
from services.review.proof import Proof

COOKIE = "zeren-language"
VIEWS = (
    "responsibility",
    "customers",
    "people",
    "projects",
    "commitments",
    "complaints",
    "handovers",
    "lives",
    "audit",
)
"""The views that a page reads."""


class PageError(Exception):
    """A page cannot be shown: the HTTP status, and the key below `ui.error` that says why."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


def language_of(request: Request) -> Language:
    """The language just chosen, the one chosen before, or the one that the browser prefers."""
    for choice in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if choice in get_args(Language):
            return cast("Language", choice)
    return negotiate(request.headers.get("accept-language"))


@dataclass(frozen=True)
class Visitor:
    """One reader of one page."""

    zeren: Zeren
    request: Request
    language: Language

    @cached_property
    def policy(self) -> Policy:
        """The company's rules."""
        return cast("Policy", self.zeren.ledger.state(stream_id("policy", COMPANY_POLICY)))

    @property
    def roles(self) -> Mapping[str, Role]:
        """The newest role catalogue."""
        return self.policy.editions.roles

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the working calendar."""
        calendar = self.policy.calendar()
        return ZoneInfo(calendar.time_zone) if calendar else SHANGHAI

    @cached_property
    def names(self) -> Names:
        """What things are called."""
        return Names(self.zeren.views, self.language, self.roles)

    @cached_property
    def proof(self) -> Proof:
        """The events behind answers."""
        return Proof(self.zeren.views, self.names, self.language, self.zone)

    def asked(self, name: str) -> str:
        """A parameter of the address, without what no database can hold; empty where it is absent."""
        return self.request.query_params.get(name, "").replace("\0", "").strip()[:200]

    def instant(self, name: str) -> datetime | None:
        """An instant of the address; none where it is absent.

        Raises:
            PageError: 422, the text is no instant.
        """
        text = self.asked(name)
        try:
            return read_instant(text, self.zone) if text else None
        except UnreadableInstantError as unreadable:
            raise PageError(422, "instant") from unreadable

    def number(self, name: str, default: int) -> int:
        """A whole number of the address, 1 to a billion.

        Raises:
            PageError: 422, the text is no such number.
        """
        text = self.asked(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 10**9:
            raise PageError(422, "number")
        return int(text)

    def moment(self, effective_at: datetime | None, known_at: datetime | None) -> Moment:
        """The moment to ask the views at; a known time that is still to come is shown as known now."""
        known = known_at if known_at and known_at <= datetime.now(UTC) else None
        return self.zeren.views.moment(*VIEWS, effective_at=effective_at, known_at=known)

    @property
    def wants_part(self) -> bool:
        """Whether a page that is already there asks for what changed in it."""
        headers = self.request.headers
        return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"

    def address(self, **changes: str | None) -> str:
        """The query of this page with some parameters changed; `None` takes one out."""
        kept = {name: value for name, value in self.request.query_params.items() if name != "lang" and value}
        given = {name: value for name, value in {**kept, **changes}.items() if value is not None}
        return f"?{urlencode(given)}"
