"""What is remembered of an event that is only ever compared with the same event again."""

from hashlib import blake2b
from typing import NewType

from events.base import Event

Fingerprint = NewType("Fingerprint", str)
"""32 hexadecimal digits."""


def fingerprint(event: Event) -> Fingerprint:
    """The same for equal events, and for no others; their decimals must be written alike."""
    return Fingerprint(blake2b(event.event_name.encode() + event.written, digest_size=16).hexdigest())
