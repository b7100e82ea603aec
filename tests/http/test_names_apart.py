"""A name that is written from right to left turns nothing around it on a page."""

from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http.app import create_app
from services.language import SHANGHAI
from services.review.apart import Apart
from services.review.router import review_router
from services.settings import Settings
from tests.http.client import Api

NOUR, DANA = "شركة النور 12", "דנה <b>לוי</b>"
SINCE = "2025-03-01T09:00:00+08:00"
PLAIN = {"title", "option", "text"}
"""Elements that hold nothing but text; each stands alone."""
EMPTY = {"meta", "link", "input", "img", "br"}


class _Page(HTMLParser):
    """The elements around each text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.around: list[str] = []
        self.texts: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag not in EMPTY:
            self.around.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.around and self.around.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.append((data, tuple(self.around)))


@pytest.fixture
def api(zeren: Zeren) -> Iterator[Api]:
    settings = Settings(dev_auth=True)
    with TestClient(create_app(zeren, settings, pages=[review_router(zeren, settings, [])])) as client:
        yield Api(client)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_name_on_a_page_stands_apart(api: Api, zeren: Zeren, language: str) -> None:
    customer, dana = api.customer(NOUR, industry=NOUR, region=NOUR), api.person(DANA)
    api.assigned(customer, "account_manager", dana, SINCE)
    body = {
        "visit_id": str(dana),
        "visited_at": SINCE,
        "channel": "video",
        "our_attendees": [str(dana)],
        "content": "x",
    }
    api.accepted(f"customers/{customer}/record-visit", body)
    zeren.runner.catch_up()
    question = f"/who?subject=customer:{customer}&role=account_manager&effective_at=2025-03-10T09:00"
    seen = datetime.now(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")
    told = 0
    for path in ("/", f"/customers/{customer}", f"/customers/{customer}?known_at={seen}", question):
        answer = api.client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200
        for text, around in _Page(answer.text).texts:
            if NOUR in text or DANA in text:
                told += "bdi" in around
                assert "bdi" in around or PLAIN & {*around}, (text, around)
    assert told > 10


def test_what_is_set_apart_is_no_markup_and_keeps_its_place() -> None:
    apart = Apart()
    said = f"由{apart.mark('A&<b>')}，{apart.mark('x')}任；由{apart.mark('A&<b>')}{apart.mark('')}<i>"
    assert apart.shown(said) == "由<bdi>A&amp;&lt;b&gt;</bdi>，<bdi>x</bdi>任；由<bdi>A&amp;&lt;b&gt;</bdi>&lt;i&gt;"
    assert (
        apart.shown(" ".join(f"{apart.mark(' y ')} 1 {apart.mark(' z')}".split())) == "<bdi> y </bdi> 1 <bdi> z</bdi>"
    )
