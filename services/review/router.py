"""The addresses of the review pages."""

import logging
from collections.abc import Callable, Sequence

import psycopg
from fastapi import APIRouter, Request, Response
from psycopg_pool import PoolClosed, PoolTimeout

from services.application import Zeren
from services.questions.views import PositionUnknownError, ViewBehindError
from services.review import assets
from services.review.customer import customer_page
from services.review.home import Question, home_page
from services.review.rendering import Page, render
from services.review.visitor import PageError, Visitor, language_of
from services.review.who import who_page
from services.settings import Settings

logger = logging.getLogger(__name__)

_ASIDE = {401: {"WWW-Authenticate": "Dev"}, 503: {"Retry-After": "1"}}
"""What some statuses have to say in their headers."""
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, PoolClosed)


def review_router(zeren: Zeren, settings: Settings, questions: Sequence[Question] = ()) -> APIRouter:
    """The pages over an open ledger; `questions` are offered on the first one."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, build: Callable[[Visitor], Page]) -> Response:
        visitor = Visitor(zeren, request, language_of(request))
        shown = _build(visitor, build, admitted=settings.dev_auth)
        response = render(visitor, shown, "ui.footer.development" if settings.dev_auth else "ui.footer.closed")
        response.headers.update(_ASIDE.get(shown.status, {}))
        return response

    @router.get("/")
    def home(request: Request) -> Response:
        return page(request, lambda visitor: home_page(visitor, questions))

    @router.get("/customers/{identifier}")
    def customer(request: Request, identifier: str) -> Response:
        return page(request, lambda visitor: customer_page(visitor, identifier))

    @router.get("/who")
    def who(request: Request) -> Response:
        return page(request, who_page)

    @router.get("/static/{name}")
    def static(request: Request, name: str) -> Response:
        return assets.answer(name, request)

    return router


def _build(visitor: Visitor, build: Callable[[Visitor], Page], *, admitted: bool) -> Page:
    if not admitted:
        return _error(visitor, 401, "access")
    try:
        return build(visitor)
    except PageError as error:
        return _error(visitor, error.status, error.key)
    except PositionUnknownError:
        return _error(visitor, 404, "position")
    except ViewBehindError:
        return _error(visitor, 503, "behind")
    except _AWAY:
        logger.exception("the ledger is away")
        return _error(visitor, 503, "away")


def _error(visitor: Visitor, status: int, key: str) -> Page:
    template = "_error.html" if visitor.wants_part else "error.html"
    return Page(template, {"status": status, "key": key}, status, asks_ledger=False)
