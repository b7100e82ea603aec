"""The moment that an answer is true for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from services.questions.views import Moment


class Asked(BaseModel):
    """The moment that an answer is true for."""

    effective_at: datetime = Field(description="The instant in the business that was asked about")
    known_position: int = Field(description="What had been recorded up to this log position was taken into account")
    position: int = Field(description="The log position that the view had reached")


MOMENT = frozenset(Asked.model_fields)
"""What an answer says of the moment it was asked at, and not of what was asked about."""


class Versioned(BaseModel):
    """Something that commands to a stream may change."""

    version: int = Field(description="Version of its stream as known; a command may ask by `If-Match` that it stands")


class Single(Asked):
    """One thing that commands to a stream may change."""

    stream: str = Field(description="The stream that commands about it go to, `customer:ID`")
    version: int = Field(description="Version of the stream as known; the `ETag` begins with it, `If-Match` takes it")


def single(stream: str, row: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The fields of `Single` for a row and a moment."""
    return {"stream": stream, "version": row["version"], **asked(moment)}


def asked(moment: Moment) -> dict[str, Any]:
    """The fields of `Asked` for a moment."""
    return {
        "effective_at": moment.effective_at,
        "known_position": moment.known_position,
        "position": moment.position,
    }
