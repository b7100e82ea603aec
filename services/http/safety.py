"""The headers that keep an answer to its reader."""

KEPT_TO_ITSELF = (
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept, Accept-Language"),
    (b"x-content-type-options", b"nosniff"),
)
"""What every answer says that says nothing else about it."""
STRICT = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
"""What the reference page says: nothing foreign, nothing inline; its pictures are written in its own style sheet."""
