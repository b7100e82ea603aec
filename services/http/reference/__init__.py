"""The reference page of the API: Swagger UI 5.35.0, served from files of our own so that it works offline."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, Response

from services.http.problems import ProblemError

router = APIRouter(include_in_schema=False)

_FILES = {"swagger-ui-bundle.js": "text/javascript; charset=utf-8", "swagger-ui.css": "text/css; charset=utf-8"}


@router.get("/docs")
def page() -> HTMLResponse:
    """The page, which reads `/openapi.json`."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Zeren 责任 API",
        swagger_js_url="/docs/swagger-ui-bundle.js",
        swagger_css_url="/docs/swagger-ui.css",
        swagger_favicon_url="data:,",
    )


@router.get("/docs/{name}")
def file(name: str) -> Response:
    """A file of the page.

    Raises:
        ProblemError: 404, the page has no such file.
    """
    if name not in _FILES:
        raise ProblemError(404, "not-found")
    return Response(_content(name), media_type=_FILES[name], headers={"Cache-Control": "public, max-age=86400"})


@cache
def _content(name: str) -> bytes:
    return files("services.http.reference").joinpath("vendor", name).read_bytes()
