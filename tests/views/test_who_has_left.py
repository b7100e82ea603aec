"""Who holds something, and whether they have left, is kept by two views: an answer is as old as the older one."""

import asyncio
from collections.abc import Iterator

import pytest

from commands.person.directory import DeactivatePerson
from commands.responsibility import CorrectResponsibility
from services.application import Zeren
from services.projector.runner import Runner
from services.questions import views as asking
from services.questions.responsibility import Question, WhoAnswer, ask, ask_soon
from services.questions.views import ViewBehindError
from tests.domain.people import HUADONG, LIN, WANG, on
from tests.domain.words import assign, assignment
from tests.views.recording import Book

APRIL = on("2025-04-15")
ROLES = pytest.mark.parametrize("role", ["account_manager", None])


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    """华东机械 with 林静 as its account manager; no view moves by itself."""
    with Zeren(database_url, projecting=False, notify=False) as zeren:
        book = Book(zeren)
        book.everybody()
        book.customer(HUADONG)
        book.record("customer", HUADONG, assign(LIN))
        zeren.runner.catch_up()
        yield book


def all_but(zeren: Zeren, behind: str) -> None:
    """Take every view to the end of the log but one."""
    runner = Runner(zeren.ledger, [one for one in zeren.projections if one.name != behind])
    runner.catch_up()
    runner.close()


def asked(zeren: Zeren, role: str | None, at_least: int | None = None) -> WhoAnswer:
    """The answer, which is the same for tasks of an event loop."""
    question = Question(f"customer:{HUADONG}", role, APRIL, at_least=at_least)
    found = ask(zeren.views, question)
    assert asyncio.run(ask_soon(zeren.views, question)) == found
    return found


@ROLES
@pytest.mark.parametrize("behind", ["lives", "responsibility"])
def test_an_answer_is_given_as_of_what_both_views_know(book: Book, behind: str, role: str | None) -> None:
    before = book.position
    leaving = book.record("person", LIN, DeactivatePerson(since=on("2025-03-01")))
    book.record("customer", HUADONG, CorrectResponsibility(assignment_id=assignment(1), person=WANG, reason="记错人"))
    all_but(book.zeren, behind)
    found = asked(book.zeren, role)
    assert (found.position, found.known_position) == (before, before)
    assert [(one.person, one.left) for one in found.holders] == [(LIN, False)]
    book.zeren.runner.catch_up()
    question = Question(f"customer:{HUADONG}", role, APRIL, known_position=leaving)
    assert [(one.person, one.left) for one in ask(book.zeren.views, question).holders] == [(LIN, True)]
    assert [(one.person, one.left) for one in asked(book.zeren, role).holders] == [(WANG, False)]


@ROLES
def test_whoever_has_seen_the_leaving_waits_until_it_is_said(
    book: Book, monkeypatch: pytest.MonkeyPatch, role: str | None
) -> None:
    leaving = book.record("person", LIN, DeactivatePerson(since=on("2025-03-01")))
    all_but(book.zeren, "lives")
    monkeypatch.setattr(asking, "PATIENCE", 0.1)
    with pytest.raises(ViewBehindError):
        asked(book.zeren, role, leaving)
    book.zeren.runner.catch_up()
    assert [one.left for one in asked(book.zeren, role, leaving).holders] == [True]
