"""What the pages say over HTTP: safe headers, kept files, and a readable page for every bad address."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http.app import create_app
from services.review.router import review_router
from services.settings import Settings
from tests.domain.people import HUADONG, number

CUSTOMER = f"/customers/{HUADONG}"
WHO = f"/who?subject=customer:{HUADONG}&role=account_manager"


def client(story: Zeren, *, admitted: bool) -> TestClient:
    settings = Settings(dev_auth=admitted)
    return TestClient(create_app(story, settings, pages=[review_router(story, settings)]))


@pytest.fixture
def browser(story: Zeren) -> Iterator[TestClient]:
    """Somebody who is let in, and prefers Chinese."""
    with client(story, admitted=True) as opened:
        opened.headers["Accept-Language"] = "zh"
        yield opened


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/customers/nobody", 404, "没有该客户"),
        (f"/customers/{number(999)}", 404, "没有该客户"),
        (f"{CUSTOMER}?effective_at=yesterday", 422, "时间无法识别"),
        (f"{CUSTOMER}?known_at=0001-01-01T00:00", 422, "时间无法识别"),
        (f"{CUSTOMER}?known_at=9999-12-31T23:59:59-23:59", 422, "时间无法识别"),
        (f"{CUSTOMER}?before=-1", 422, "数字无法识别"),
        ("/?page=0", 422, "数字无法识别"),
        ("/?page=²", 422, "数字无法识别"),
        (f"{WHO}&effective_at=2025-13-01T00:00", 422, "时间无法识别"),
        (f"{WHO}x", 422, "未知角色"),
        ("/who?subject=customer:1&role=account_manager", 422, "责任对象无法识别"),
        ("/who?subject=self", 422, "责任对象无法识别"),
        (f"/who?subject=customer:{number(999)}&role=account_manager", 404, "没有该客户或项目"),
        (f"/who?subject=customer:{HUADONG}", 422, "未知角色"),
    ],
)
def test_a_bad_address_gets_a_readable_page(browser: TestClient, path: str, status: int, said: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert said in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/?q=%00",
        "/?q=%F0%9F%98%80%27%22%3B--",
        "/?page=999999999",
        f"{CUSTOMER}?known_at=%00",
        f"{CUSTOMER}?effective_at=2199-01-01T00:00",
        f"{CUSTOMER}?effective_at=1900-01-02T00:00",
        f"{CUSTOMER}?known_at=2199-01-01T00:00",
        f"{CUSTOMER}?before=1",
        f"{CUSTOMER}?lang=xx",
        f"/who?subject=commitment:{number(1)}&role=account_manager&known_at=2025-01-01T00:00",
        "/who?subject=&role=",
    ],
)
def test_odd_addresses_are_answered(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 200


def test_a_part_that_cannot_be_shown_says_so_in_its_place(browser: TestClient) -> None:
    answer = browser.get(f"{CUSTOMER}?known_at=never", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.text.startswith('<section id="moment"')


def test_a_page_asked_for_again_comes_whole(browser: TestClient) -> None:
    headers = {"HX-Request": "true"}
    assert browser.get(CUSTOMER, headers=headers).text.startswith('<div id="moment"')
    restored = browser.get(CUSTOMER, headers={**headers, "HX-History-Restore-Request": "true"})
    assert restored.text.startswith("<!doctype html>")


def test_without_development_access_nothing_is_shown(story: Zeren) -> None:
    with client(story, admitted=False) as stranger:
        for path in ("/", CUSTOMER, WHO):
            answer = stranger.get(path, headers={"Accept-Language": "en"})
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Dev")
            assert "Real authentication comes with a later release" in answer.text
            assert "华东机械" not in answer.text


def test_pages_are_private_and_load_nothing_foreign(browser: TestClient) -> None:
    for path in ("/", CUSTOMER, WHO, "/customers/nobody"):
        headers = browser.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Language"] == "zh-CN"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_files_are_kept_by_their_content(browser: TestClient) -> None:
    page = browser.get("/").text
    addresses = [part.split('"')[0] for part in page.split('="')[1:] if part.startswith("/static/")]
    assert {address.partition("?")[0].rpartition("/")[2] for address in addresses} == {
        "zeren.css",
        "zeren.js",
        "htmx.js",
        "seal.svg",
    }
    for address in addresses:
        answer = browser.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert browser.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert browser.get("/static/zeren.css?v=old").headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/..%2Frouter.py").status_code == 404


def test_the_ledger_being_away_is_said_on_a_page(database_url: str) -> None:
    settings = Settings(dev_auth=True)
    with Zeren(database_url, projecting=False) as closing:
        pages = TestClient(create_app(closing, settings, pages=[review_router(closing, settings)]))
    answer = pages.get("/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "The ledger is away" in answer.text
