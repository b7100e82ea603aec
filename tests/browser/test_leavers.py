"""Whoever has left and still holds something is marked on every page, in words and with a sign, by both clocks."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from commands.customer.profile import RegisterCustomer
from commands.facts import CorrectFact
from commands.person.directory import DeactivatePerson, RegisterPerson
from commands.responsibility import EndResponsibility, ProposeHandover
from events.recorded import Context
from events.vocabulary.identifiers import HandoverId, event_id, stream_id
from services.application import Zeren
from services.handling import Request
from services.settings import Settings
from tests.browser.conftest import Reader, served
from tests.browser.story import StandingClock
from tests.domain.people import CHEN, HUADONG, LIN, NAMES, WANG, ZHOU, number, on
from tests.domain.words import assign, assignment

FEBRUARY, MARCH, APRIL, MAY = (f"effective_at=2025-{day}T09:00" for day in ("02-20", "03-10", "04-15", "05-15"))
BEFORE, BETWEEN = "known_at=2025-03-02T09:00", "known_at=2025-03-15T09:00"


@dataclass(frozen=True)
class Site:
    """A site of its own: 林静 left on 1 March, as recorded on the 5th, and put right on 20 April: it was 1 April."""

    address: str

    @property
    def customer(self) -> str:
        """The page of 华东机械."""
        return f"{self.address}/customers/{HUADONG}"

    @property
    def who(self) -> str:
        """The question who was its account manager."""
        return f"{self.address}/who?subject=customer:{HUADONG}&role=account_manager"


@pytest.fixture
def left(database_url: str) -> Iterator[Site]:
    """王磊 gave up in time what he held and left; 陈晨 left before she took over what is offered to her."""
    clock = StandingClock()
    with Zeren(database_url, projecting=False, clock=clock) as zeren:
        customer = stream_id("customer", HUADONG)
        offered = ProposeHandover(
            handover_id=HandoverId(number(601)),
            assignment_id=assignment(2),
            to_person=CHEN,
            effective_at=on("2025-06-01"),
        )
        told = [
            ("2025-01-02", customer, RegisterCustomer(name="华东机械")),
            *(
                ("2025-01-02", stream_id("person", one), RegisterPerson(name=NAMES[one]))
                for one in (LIN, WANG, ZHOU, CHEN)
            ),
            ("2025-01-03", customer, assign(LIN, "2025-01-03")),
            ("2025-01-03", customer, assign(ZHOU, "2025-01-03", no=2, role="after_sales")),
            ("2025-01-03", customer, assign(WANG, "2025-01-03", no=3, role="technical_support")),
            ("2025-02-01", customer, EndResponsibility(assignment_id=assignment(3), until=on("2025-03-01"))),
            ("2025-03-01", stream_id("person", WANG), DeactivatePerson(since=on("2025-03-01"))),
            ("2025-03-01", customer, offered),
            ("2025-03-05", stream_id("person", LIN), DeactivatePerson(since=on("2025-03-01"))),
            ("2025-03-06", stream_id("person", CHEN), DeactivatePerson(since=on("2025-03-06"))),
            (
                "2025-04-20",
                stream_id("person", LIN),
                CorrectFact(
                    event=event_id(stream_id("person", LIN), 2),
                    values={"since": "2025-04-01T00:00:00+08:00"},
                    reason="人事更正",
                ),
            ),
        ]
        for day, stream, command in told:
            clock.now = on(day)
            zeren.handler.execute(Request(stream, command, Context(actor="system", reason=command.reason)))
        clock.now = None
        zeren.runner.catch_up()
        with served(zeren, Settings(dev_auth=True)) as address:
            yield Site(address)


def marked(page: Page, place: str) -> list[str]:
    """The holders in a place of a page that are marked."""
    holding = page.locator(place).filter(has=page.locator(".badge-left")).all()
    return [one.locator("strong").first.inner_text() for one in holding]


def bars(page: Page) -> list[str]:
    """What the marked bars are called."""
    return [str(one.get_attribute("aria-label")) for one in page.locator(".lane .bar-left").all()]


def test_the_page_of_a_customer_marks_who_has_left_and_not_who_gave_it_up_before(reader: Reader, left: Site) -> None:
    page = reader(f"{left.customer}?{APRIL}")
    assert bars(page) == ["林静，自 2025-01-03 起，至今；已离职"]
    expect(page.locator(".bar-left text").first).to_contain_text("⊘ 林静")
    assert marked(page, ".holders dd") == ["林静"]
    assert marked(page, ".interval:not(.interval-handover)") == ["林静"]
    assert marked(page, ".interval-handover") == ["周敏 → 陈晨"]
    expect(page.locator(".badge-left").first).to_have_text("⊘ 已离职")
    expect(page.locator(".legend")).to_contain_text("已离职，无人接任")
    expect(page.locator(".who-is-it .badge-left")).to_have_text("⊘ 已离职")


def test_it_is_said_in_english(reader: Reader, left: Site) -> None:
    page = reader(f"{left.customer}?{APRIL}", locale="en-GB")
    assert bars(page) == ["林静, from 2025-01-03, no end; has left"]
    expect(page.locator(".holders .badge-left")).to_have_text("⊘ has left")
    expect(page.locator(".legend")).to_contain_text("has left, nobody took over")


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        (FEBRUARY, []),
        (APRIL, ["林静"]),
        (f"{MARCH}&{BETWEEN}", ["林静"]),
        (MARCH, []),
        (f"{APRIL}&{BEFORE}", []),
    ],
)
def test_both_clocks_decide_who_is_marked(reader: Reader, left: Site, times: str, shown: list[str]) -> None:
    page = reader(f"{left.customer}?{times}")
    assert marked(page, ".holders dd") == shown
    assert len(bars(page)) == len(shown)
    page = reader(f"{left.who}&{times}")
    assert page.locator(".side").first.locator(".badge-left").count() == len(shown)


def test_the_question_names_the_leaving_as_what_changed_the_answer(reader: Reader, left: Site) -> None:
    page = reader(f"{left.who}&{MAY}&{BEFORE}")
    assert page.locator(".side").first.locator(".badge-left").count() == 0
    expect(page.locator(".side").last.locator(".answer-name")).to_contain_text("⊘ 已离职")
    expect(page.locator(".verdict")).to_have_text("两次均为同一人，仅是否已离职所知不同，原因如下：")
    expect(page.locator(".differences > .events .event-text").first).to_contain_text("离职")


def test_the_first_page_marks_an_account_manager_who_has_left(reader: Reader, left: Site) -> None:
    page = reader(left.address)
    expect(page.locator("table.customers td").nth(1)).to_have_text("林静 ⊘ 已离职")


def test_what_is_printed_says_it_too(reader: Reader, left: Site) -> None:
    page = reader(f"{left.who}&{APRIL}")
    page.emulate_media(media="print")
    expect(page.locator(".answer-name .badge-left")).to_be_visible()
