"""The reference page of the API: Swagger UI 5.35.0, served from files of our own so that it works offline."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from services.http.problems import ProblemError
from services.http.safety import STRICT

router = APIRouter(include_in_schema=False)

_SCRIPT = "text/javascript; charset=utf-8"
_FILES = {
    "swagger-ui-bundle.js": ("vendor/swagger-ui-bundle.js", _SCRIPT),
    "swagger-ui.css": ("vendor/swagger-ui.css", "text/css; charset=utf-8"),
    "start.js": ("start.js", _SCRIPT),
}
"""Name in addresses → file, media type."""
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Zeren 责任 API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
"""The framework's own has its script inline, which a strict policy forbids."""


@router.get("/docs")
def page() -> HTMLResponse:
    """The page, which reads `/openapi.json`."""
    return HTMLResponse(_PAGE, headers=STRICT)


@router.get("/docs/{name}")
def file(name: str) -> Response:
    """A file of the page.

    Raises:
        ProblemError: 404, the page has no such file.
    """
    if name not in _FILES:
        raise ProblemError(404, "not-found")
    path, media_type = _FILES[name]
    return Response(_content(path), media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})


@cache
def _content(path: str) -> bytes:
    return files("services.http.reference").joinpath(path).read_bytes()
