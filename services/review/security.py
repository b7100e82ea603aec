"""The headers that keep a page to itself: nothing foreign, nothing inline, nothing kept."""

from collections.abc import Mapping

SAFE: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PRIVATE: Mapping[str, str] = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie, HX-Request"}
