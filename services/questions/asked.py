"""The moment that an answer is true for."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from services.questions.views import Moment


class Asked(BaseModel):
    """The moment that an answer is true for."""

    effective_at: datetime = Field(description="The instant in the business that was asked about")
    known_position: int = Field(description="What had been recorded up to this log position was taken into account")
    position: int = Field(description="The log position that the view had reached")


def asked(moment: Moment) -> dict[str, Any]:
    """The fields of `Asked` for a moment."""
    return {
        "effective_at": moment.effective_at,
        "known_position": moment.known_position,
        "position": moment.position,
    }
