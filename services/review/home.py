"""The first page: what this is, the customers, and questions to begin with."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.language import Language
from services.review.customers import customers
from services.review.rendering import Page
from services.review.visitor import VIEWS, Visitor

_PAGE = 30


@dataclass(frozen=True, slots=True)
class Question:
    """A question worth asking of the ledger that is loaded, and the page that answers it."""

    en: str
    zh: str
    url: str

    def text(self, language: Language) -> str:
        """The question in the reader's language."""
        return self.zh if language == "zh" else self.en


def home_page(visitor: Visitor, questions: Sequence[Question]) -> Page:
    """The customers whose name has the searched text in it, VIP first."""
    text, number = visitor.asked("q"), visitor.number("page", 1)
    rows = customers(visitor, text=text, limit=_PAGE + 1, offset=(number - 1) * _PAGE)
    return Page(
        "home.html",
        {
            "customers": rows[:_PAGE],
            "more": len(rows) > _PAGE,
            "number": number,
            "text": text,
            "questions": questions,
            "position": visitor.zeren.views.position(*VIEWS),
        },
    )
