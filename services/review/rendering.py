"""Turns what a page says into HTML, and HTML into an answer with safe headers."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.language import LANGUAGES, SHANGHAI, Language, label
from services.review import assets, instants
from services.review.apart import Apart
from services.review.security import PRIVATE, SAFE
from services.review.visitor import COOKIE, Visitor

_TAGS = {"en": "en", "zh": "zh-CN"}
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Page:
    """A template, what it shows, and the HTTP status."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    asks_ledger: bool = True
    """Whether it may read the ledger at all; the page that says that the ledger is away does not."""


@cache
def templates() -> Environment:
    """Our templates; every value is escaped, and a value that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = assets.address
    return environment


def render(visitor: Visitor, page: Page, footing: str) -> HTMLResponse:
    """The answer; `footing` is the key of the line that says how the reader was let in."""
    zone = visitor.zone if page.asks_ledger else SHANGHAI
    html = (
        templates()
        .get_template(page.template)
        .render(
            page.values,
            t=partial(_said, visitor.language),
            apart=partial(_said_apart, visitor.language),
            names=visitor.names if page.asks_ledger else None,
            visitor=visitor,
            language=visitor.language,
            tag=_TAGS[visitor.language],
            languages=[(one, _TAGS[one], label(f"language.{one}", one)) for one in LANGUAGES],
            zone=zone.key if page.asks_ledger else "",
            shown=partial(_in_zone, instants.shown, zone),
            shown_exactly=partial(_in_zone, instants.shown_exactly, zone),
            input_value=partial(_in_zone, instants.input_value, zone),
            footing=footing,
        )
    )
    response = HTMLResponse(html, page.status, {**SAFE, **PRIVATE, "Content-Language": _TAGS[visitor.language]})
    if visitor.request.query_params.get("lang") == visitor.language:
        response.set_cookie(COOKIE, visitor.language, max_age=_YEAR, httponly=True, samesite="lax")
    return response


def _said(language: Language, key: str, **slots: str) -> str:
    return label(key, language, **slots)


def _said_apart(language: Language, key: str, **slots: str) -> Markup:
    """A text with what fills it set apart, as HTML: for sentences that name somebody."""
    apart = Apart()
    return apart.shown(label(key, language, **{name: apart.mark(value) for name, value in slots.items()}))


def _in_zone(show: Any, zone: Any, instant: datetime) -> str:
    return str(show(instant, zone))
