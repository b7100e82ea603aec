"""The files that pages load: read once, addressed by their content, kept by browsers for a year."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import Request, Response

from services.review.security import SAFE

_FILES: Mapping[str, tuple[str, str]] = {
    "zeren.css": ("zeren.css", "text/css; charset=utf-8"),
    "zeren.js": ("zeren.js", "text/javascript; charset=utf-8"),
    "seal.svg": ("seal.svg", "image/svg+xml"),
    "htmx.js": ("vendor/htmx-2.0.11.min.js", "text/javascript; charset=utf-8"),
}
"""Name in addresses → file, media type."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    content: bytes
    media_type: str
    digest: str
    """What its content is known by, in addresses and as its ETag."""


@cache
def assets() -> Mapping[str, Asset]:
    """Every file by its name in addresses."""
    folder = files("services.review").joinpath("static")
    found = {}
    for name, (path, media_type) in _FILES.items():
        content = folder.joinpath(path).read_bytes()
        found[name] = Asset(content, media_type, hashlib.sha256(content).hexdigest()[:16])
    return found


def address(name: str) -> str:
    """Where a page finds a file; it changes with the content."""
    return f"/static/{name}?v={assets()[name].digest}"


def answer(name: str, request: Request) -> Response:
    """The file, to be kept for ever where its own address was asked for."""
    asset = assets().get(name)
    if asset is None:
        return Response(status_code=404, headers=SAFE)
    exact = request.query_params.get("v") == asset.digest
    headers = {
        **SAFE,
        "ETag": f'"{asset.digest}"',
        "Cache-Control": "public, max-age=31536000, immutable" if exact else "no-cache",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)
