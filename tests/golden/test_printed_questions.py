"""The questions that the demo prints can be asked as they are printed, and their pages show the answer."""

import pytest

from services.sample.questions import questions
from tests.golden.asking import Asking
from tests.sample.company import DAY

PATHS = [(question.number, path) for question in questions(DAY) for path in question.api]
PAGES = [(question.number, question.ui) for question in questions(DAY) if question.ui]


@pytest.mark.parametrize(("number", "path"), PATHS)
def test_every_printed_path_answers(ask: Asking, number: int, path: str) -> None:
    assert ask.as_printed(path)


@pytest.mark.parametrize(("number", "path"), PAGES)
def test_every_printed_page_is_there(ask: Asking, number: int, path: str) -> None:
    page = ask.client.get(path)
    assert page.status_code == 200, page.text


def test_the_page_of_the_first_question_names_both_holders_and_the_correction(ask: Asking) -> None:
    (path,) = [path for number, path in PAGES if number == 1]
    page = ask.client.get(path, headers={"Accept-Language": "zh-CN"}).text
    for expected in ("王磊", "林静", "登记时误选王磊"):
        assert expected in page
