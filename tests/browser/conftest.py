"""A server with the story in it, and a real Chromium to read its pages with."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from psycopg.conninfo import make_conninfo

from services.application import Zeren
from services.http.app import create_app
from services.review.home import Question
from services.review.router import review_router
from services.settings import Settings
from tests.browser.story import StandingClock, tell
from tests.domain.people import HUADONG
from tests.waiting import PATIENCE

_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=1000 * PATIENCE)
QUESTION = Question(
    en="Who was account manager on 10 March 2025?",
    zh="2025-03-10 谁是客户经理？",
    url=f"/who?subject=customer:{HUADONG}&role=account_manager&effective_at=2025-03-10T09:00&known_at=2025-03-31T18:00",
)


@contextmanager
def served(zeren: Zeren, settings: Settings) -> Iterator[str]:
    """A real server on loopback in a thread; its address."""
    app = create_app(zeren, settings, pages=[review_router(zeren, settings, [QUESTION])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="package")
def story(postgres: str) -> Iterator[Zeren]:
    """A ledger in which the story has happened."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE zeren_story")
    clock = StandingClock()
    with Zeren(make_conninfo(postgres, dbname="zeren_story"), projecting=False, clock=clock) as zeren:
        tell(zeren, clock)
        yield zeren


@pytest.fixture(scope="package")
def site(story: Zeren) -> Iterator[str]:
    """The address of the pages, with development access."""
    with served(story, Settings(dev_auth=True)) as address:
        yield address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    executable = shutil.which("chromium")
    assert executable, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
        yield browser
        browser.close()


class Reader(Protocol):
    """Opens a page of the site as some reader would."""

    def __call__(
        self, path: str, *, locale: str = "zh-CN", width: int = 1280, dark: bool = False, scripts: bool = True
    ) -> Page:
        """The page at `path`, in a browser with cookies of its own."""
        ...


@pytest.fixture
def reader(chromium: Browser, site: str) -> Iterator[Reader]:
    """Opens pages; at the end nothing may have gone wrong in any of them."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def read(path: str, *, locale: str = "zh-CN", width: int = 1280, dark: bool = False, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site,
            locale=locale,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("requestfailed", lambda request: wrong.append(f"{request.url} failed"))
        page.goto(path)
        return page

    yield read
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="package")
def axe() -> str:
    """The source of axe-core, which looks for what shuts people out."""
    return (Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js").read_text(encoding="utf-8")
