"""The question page: who was responsible, as known then and as known now, and why the answers differ."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader
from tests.browser.story import CORRECTION_REASON
from tests.domain.people import HUADONG, LINE_SEVEN

ASKED = f"/who?subject=customer:{HUADONG}&role=account_manager"
GOLDEN = f"{ASKED}&effective_at=2025-03-10T09:00&known_at=2025-03-31T18:00"


def answers(page: Page) -> list[str]:
    return [text.split(" ")[0] for text in page.locator(".answer-name, .nobody").all_inner_texts()]


def verdict(page: Page) -> str:
    return page.locator(".verdict").inner_text()


def causes(page: Page) -> list[str]:
    return page.locator(".differences > .events .event-text").all_inner_texts()


def test_the_form_asks_and_the_answer_names_the_correction(reader: Reader) -> None:
    page = reader("/who")
    page.get_by_label("责任对象").select_option("华东机械")
    page.get_by_label("角色").select_option("客户经理")
    page.get_by_label("生效时间").fill("2025-03-10T09:00:00")
    page.get_by_label("知悉时点", exact=True).fill("2025-03-31T18:00:00")
    page.get_by_role("button", name="查询").click()
    assert answers(page) == ["林静", "王磊"]
    assert verdict(page) == "两个答案不同，原因如下："
    assert causes(page) == [
        "更正 更正责任分配“林静任客户经理”：实际由林静自 2025-01-06 起担任，至 2025-03-03 00:00 止",
        "王磊自 2025-03-05 起担任客户经理（最终责任）",
    ]
    first = page.locator(".differences .event").first
    expect(first).to_contain_text(CORRECTION_REASON)
    expect(first).to_contain_text("2025-04-08 14:30:00 入账")
    expect(page.locator(".side").first).to_contain_text("2025-01-06 起至今")
    expect(page.locator(".side").last).to_contain_text("2025-03-05 至 2025-06-01")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_address_is_the_question(reader: Reader, *, scripts: bool) -> None:
    page = reader(GOLDEN, locale="en-US", scripts=scripts)
    assert answers(page) == ["林静", "王磊"]
    assert verdict(page) == "The answers differ because of this:"
    expect(page.locator(".sentence").first).to_have_text(
        "As known at 2025-03-31 18:00:00, the Account manager of 华东机械 at 2025-03-10 09:00 was"
    )
    page.get_by_role("link", name="See the whole timeline").click()
    expect(page.locator(".state-past")).to_have_text("Effective 2025-03-10 09:00, as known 2025-03-31 18:00:00")


def test_an_offset_in_the_address_counts_even_where_its_plus_was_lost(reader: Reader) -> None:
    page = reader(f"{ASKED}&effective_at=2025-03-10T01:00:00Z&known_at=2025-03-31T18:00:00+08:00")
    assert page.get_by_label("生效时间").input_value() == "2025-03-10T09:00"
    assert answers(page) == ["林静", "王磊"]


def test_who_acts_is_answered_beside_who_stays_accountable(reader: Reader) -> None:
    page = reader(f"{ASKED}&effective_at=2025-02-10T09:00")
    assert answers(page) == ["林静", "陈晨"]
    expect(page.locator(".answer-acting")).to_contain_text("代理期间，原责任人仍负最终责任。")
    expect(page.locator(".answer-acting .event").first).to_contain_text("林静出差")
    expect(page.locator(".verdict")).to_have_count(0)


def test_nobody_is_an_answer(reader: Reader) -> None:
    assert answers(reader(f"{ASKED}&effective_at=2025-03-04T09:00")) == ["当时无人担任该角色。"]


def test_only_the_interval_was_recorded_otherwise(reader: Reader) -> None:
    page = reader(f"{ASKED}&effective_at=2025-01-20T09:00&known_at=2025-03-31T18:00")
    assert answers(page) == ["林静", "林静"]
    assert verdict(page) == "两次均为同一人，仅区间记录不同，原因如下："
    assert len(causes(page)) == 1


def test_two_known_times_may_agree(reader: Reader) -> None:
    page = reader(f"{GOLDEN}&compare_known_at=2025-03-20T18:00")
    assert answers(page) == ["林静", "林静"]
    assert verdict(page) == "两个答案一致：其间知悉的内容没有改变答案。"


def test_before_anything_was_known(reader: Reader) -> None:
    page = reader(f"{ASKED}&effective_at=2025-03-10T09:00&known_at=2024-12-01T09:00")
    assert answers(page) == ["当时尚无任何记录", "王磊"]
    expect(page.locator(".side").first).to_contain_text("2025-01-02 09:00:00 入账")


def test_a_project_is_a_subject_too(reader: Reader) -> None:
    page = reader("/who")
    page.get_by_label("责任对象").select_option(f"project:{LINE_SEVEN}")
    page.get_by_label("角色").select_option("项目经理")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="查询").press("Enter")
    assert answers(page) == ["王磊"]
