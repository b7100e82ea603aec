"""The customer page: lanes, gaps and acting holders, and what changes when the known time moves."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Reader
from tests.browser.story import CORRECTION_REASON, UNASSIGNED
from tests.domain.people import HUADONG

CUSTOMER = f"/customers/{HUADONG}"
MARCH = f"{CUSTOMER}?effective_at=2025-03-10T09:00"


def lane(page: Page, role: str) -> list[str]:
    """What a lane shows, from left to right: the readable name of each bar and gap."""
    shown = page.get_by_role("group", name=role, exact=True).locator(".bar, .span")
    return [str(one.get_attribute("aria-label")) for one in shown.all()]


def is_below(one: Locator, other: Locator) -> bool:
    below, above = one.first.bounding_box(), other.first.bounding_box()
    assert below
    assert above
    return below["y"] >= above["y"] + above["height"]


def holders(page: Page) -> list[str]:
    return page.locator(".holders dd strong").all_inner_texts()


def test_lanes_show_holders_vacancies_and_those_who_act_apart(reader: Reader) -> None:
    page = reader(CUSTOMER)
    assert page.locator("h3.lane-name").all_inner_texts() == ["团队负责人", "客户经理", "技术支持"]
    assert lane(page, "客户经理") == [
        "林静，自 2025-01-06 起，至 2025-03-03 止",
        "王磊，自 2025-03-05 起，至 2025-06-01 止",
        "周敏，自 2025-06-01 起，至今",
        "陈晨代理，自 2025-02-05 至 2025-02-26",
        "客户经理自 2024-12-16 起至 2025-01-06 空缺",
        "客户经理自 2025-03-03 起至 2025-03-05 空缺",
    ]
    assert is_below(page.locator(".lane .bar-acting"), page.locator(".bar", has_text="林静"))
    assert page.locator(".bar-acting [fill='url(#hatch)']").count() >= 1
    expect(page.locator(".mark-accepted").first).to_have_attribute(
        "aria-label", "交接：王磊 → 周敏，2025-06-01 生效（已接受）"
    )


def test_lanes_speak_english(reader: Reader) -> None:
    page = reader(CUSTOMER, locale="en-GB")
    assert lane(page, "Account manager")[3:5] == [
        "陈晨 acting, from 2025-02-05 until 2025-02-26",
        "Nobody held Account manager from 2024-12-16 until 2025-01-06",
    ]
    expect(page.get_by_text("Times are shown in Asia/Shanghai")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"


def test_two_holders_at_once_stand_in_rows_of_their_own(reader: Reader) -> None:
    page = reader(CUSTOMER)
    chen, zhou = (page.get_by_role("group", name="技术支持").locator(".bar").nth(index) for index in (0, 1))
    assert is_below(zhou, chen)


def test_an_earlier_known_time_shows_who_was_believed_then_and_what_was_learned_since(reader: Reader) -> None:
    page = reader(MARCH)
    assert holders(page) == ["赵建国", "王磊", "陈晨", "周敏"]
    page.get_by_label("知悉时点").fill("2025-03-31T18:00:00")
    expect(page.locator(".state-past")).to_have_text("生效时间：2025-03-10 09:00；知悉时点：2025-03-31 18:00:00")
    assert holders(page) == ["赵建国", "林静", "陈晨", "周敏"]
    assert "known_at=2025-03-31T18%3A00" in page.url, "the address can be shared"
    learned = page.locator(".learned > .events > .event")
    assert learned.count() == 2
    correction = learned.first
    expect(correction).to_contain_text("更正责任分配“林静任客户经理”")
    expect(correction).to_contain_text("2025-04-08 14:30:00 入账")
    expect(correction).to_contain_text("操作人：赵建国")
    expect(correction).to_contain_text(CORRECTION_REASON)
    expect(correction.locator(".lesson")).to_contain_text("客户经理由林静担任 2025-01-06 至 2025-03-03")
    expect(page.locator(".bar-doubted")).to_have_count(2)
    page.go_back()
    expect(page.locator(".holders")).to_contain_text("王磊")


def test_the_slider_steps_through_what_was_learned_by_keyboard(reader: Reader) -> None:
    page = reader(MARCH)
    slider = page.get_by_role("slider", name="逐步回看系统何时知悉")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("2025-04-08 14:30:00 · 更正责任分配"))
    expect(page.locator(".holders")).not_to_contain_text("王磊")
    expect(page.locator(".holders .badge-gap")).to_have_text("无人")
    assert page.get_by_label("知悉时点").input_value() == "2025-04-08T14:30"
    expect(slider).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(".holders")).to_contain_text("王磊")
    assert page.get_by_label("知悉时点").input_value() == ""


def test_before_anything_was_known_the_page_says_so(reader: Reader) -> None:
    page = reader(f"{CUSTOMER}?known_at=2024-06-01T00:00")
    expect(page.get_by_role("heading", name="当时尚无任何记录")).to_be_visible()
    expect(page.locator(".lane")).to_have_count(0)
    page.get_by_role("link", name="前往第一个事件").click()
    expect(page.get_by_text("尚未分配责任人。")).to_be_visible()


@pytest.mark.parametrize("by_keyboard", [False, True])
def test_a_bar_leads_to_the_events_that_prove_it(reader: Reader, *, by_keyboard: bool) -> None:
    page = reader(CUSTOMER)
    bar = page.get_by_role("link", name="林静，自 2025-01-06 起，至 2025-03-03 止")
    if by_keyboard:
        bar.focus()
        page.keyboard.press("Enter")
    else:
        bar.click()
    proof = page.locator(".interval:target .event")
    expect(proof.first).to_be_visible()
    assert [text.split("\n")[0] for text in proof.all_inner_texts()] == [
        "林静自 2025-01-06 起担任客户经理（最终责任）",
        "更正 更正责任分配“林静任客户经理”：实际由林静自 2025-01-06 起担任，至 2025-03-03 00:00 止",
    ]


def test_it_works_without_scripts(reader: Reader) -> None:
    page = reader(CUSTOMER, scripts=False)
    expect(page.get_by_role("slider")).to_have_count(0)
    page.get_by_label("生效时间").fill("2025-03-10T09:00:00")
    page.get_by_label("知悉时点").fill("2025-03-31T18:00:00")
    page.get_by_role("button", name="显示").click()
    assert holders(page) == ["赵建国", "林静", "陈晨", "周敏"]
    expect(page.locator(".learned")).to_contain_text(CORRECTION_REASON)
    page.locator(".interval").nth(1).locator("summary").click()
    expect(page.locator(".interval").nth(1).locator(".event")).to_contain_text("第 21 号")


def test_an_account_that_nobody_ever_managed_is_one_long_vacancy(reader: Reader) -> None:
    page = reader(f"/customers/{UNASSIGNED}")
    expect(page.locator(".facts .badge-gap")).to_have_text("客户经理空缺")
    assert lane(page, "客户经理") == ["客户经理自 2025-01-03 起空缺"]


def test_two_holders_of_a_role_for_one_are_an_overlap(reader: Reader) -> None:
    page = reader(f"/customers/{UNASSIGNED}")
    assert lane(page, "团队负责人") == [
        "赵建国，自 2025-01-03 起，至 2025-06-01 止",
        "林静，自 2025-04-01 起，至今",
        "团队负责人自 2025-04-01 起至 2025-06-01 多人重叠",
    ]
    assert is_below(page.locator(".bar", has_text="林静"), page.locator(".bar", has_text="赵建国"))


def test_the_ledger_lists_what_happened_newest_first(reader: Reader) -> None:
    lines = reader(CUSTOMER, locale="en").locator(".ledger .event-text").all_inner_texts()
    assert lines[0] == "Assignment “Technical support: 陈晨” ends at 2025-09-01 00:00"
    assert lines[-1] == "“华东机械” became a customer on 2024-12-16, industry 装备制造, region 华东"


def test_the_slider_follows_the_field(reader: Reader) -> None:
    page = reader(CUSTOMER)
    slider = page.get_by_role("slider")
    last = slider.input_value()
    page.get_by_label("知悉时点").fill("2025-04-08T14:32:00")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("14:32:00 · 王磊自 2025-03-05 起担任客户经理"))
    expect(page.locator(".state-past")).to_have_text("生效时间：现在；知悉时点：2025-04-08 14:32:00")
    page.get_by_role("link", name="回到现在").click()
    assert slider.input_value() == last


def test_a_part_of_the_time_is_shown_alone(reader: Reader) -> None:
    page = reader(f"{CUSTOMER}?from=2025-04-01T00:00&to=2025-05-01T00:00")
    assert lane(page, "客户经理") == ["王磊，自 2025-03-05 起，至 2025-06-01 止"]
    page.get_by_role("link", name="全部时间").click()
    expect(page.get_by_role("group", name="客户经理", exact=True).locator(".bar")).to_have_count(4)
