"""The first page: customers, search, questions to begin with, languages, and names that try to be code."""

from playwright.sync_api import expect

from tests.browser.conftest import QUESTION, Reader
from tests.browser.story import HOSTILE_NAME
from tests.domain.people import BINHAI


def test_customers_with_tier_manager_and_vacancy(reader: Reader) -> None:
    page = reader("/")
    rows = [row.all_inner_texts() for row in (one.locator("th, td") for one in page.locator("tbody tr").all())]
    assert rows == [
        ["华东机械", "VIP", "周敏", "装备制造", "华东"],
        [HOSTILE_NAME, "–", '"><img src=x onerror=alert(1)>', "–", "–"],
        ["新港物流", "–", "客户经理空缺", "–", "–"],
    ]


def test_search(reader: Reader) -> None:
    page = reader("/")
    page.get_by_role("searchbox").fill("新港")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="新港物流").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新港物流")
    expect(reader("/?q=%25").get_by_text("没有名称包含该文字的客户。")).to_be_visible()


def test_a_question_to_begin_with(reader: Reader) -> None:
    page = reader("/", locale="en")
    page.get_by_role("link", name=QUESTION.en).click()
    expect(page.locator(".answer-name")).to_have_count(2)


def test_the_chosen_language_is_remembered_and_keeps_the_question(reader: Reader) -> None:
    page = reader(QUESTION.url, locale="fr-FR")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who was responsible?")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("当时谁负责？")
    expect(page.locator(".answer-name")).to_have_count(2)
    page.goto("/")
    expect(page.get_by_role("heading", name="客户列表")).to_be_visible()


def test_names_are_text_whatever_they_say(reader: Reader) -> None:
    page = reader(f"/customers/{BINHAI}")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE_NAME)
    expect(page.locator(".bar text").first).to_have_text('"><img src=x onerror=alert(1)>')
    assert page.locator("main img, main b, main script").count() == 0
    assert HOSTILE_NAME in page.title()


def test_everything_is_reached_by_keyboard(reader: Reader) -> None:
    page = reader("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
