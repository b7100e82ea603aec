"""The agenda: what is due, overdue or waits for somebody, and why it is on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from services.language import Language, label
from services.questions.asked import Asked
from services.questions.lives import VIEWS as LIVES
from services.questions.lives import Life

VIEWS = (*LIVES, "people")
Why = Literal["overdue", "due", "waiting"]


class Reason(BaseModel):
    """Why something is on the agenda."""

    code: Why = Field(
        description="`overdue`: its due time lies before `effective_at`; `due`: it falls due before `until`; "
        "`waiting`: somebody is to accept or decline it"
    )
    label: str = Field(description="The same in the reader's language")


class Entry(Life):
    """An open item that somebody has to do something about."""

    due: datetime = Field(description="By when: its due time; of a handover, when it takes effect")
    why: Reason = Field(description="Why it is here")


class AgendaPage(Asked):
    """One page of the agenda."""

    until: datetime = Field(description="Up to when what falls due is listed, excluded")
    items: list[Entry] = Field(description="The earliest first")
    next: str | None = Field(description="Address of the next page; null on the last one")


def entry(row: Mapping[str, Any], language: Language) -> Entry:
    """A row of the list."""
    code = row["why"]
    return Entry.model_validate({**row, "why": {"code": code, "label": label(f"agenda.{code}", language)}})
