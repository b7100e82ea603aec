"""How an instant is written in an address: as in commands, never as a mere number."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticKnownError

from events.vocabulary.values import INSTANT_WRITTEN


def _written(value: Any) -> Any:
    if isinstance(value, str) and not INSTANT_WRITTEN.fullmatch(value):
        raise PydanticKnownError("datetime_parsing", {"error": "not written as in RFC 3339"})
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_written)]
"""RFC 3339 with its offset."""
