#!/usr/bin/env python3
"""Takes the pictures in docs/images from a running demo: `scripts/take_screenshots.py http://127.0.0.1:8000`."""

import re
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "images"
LANGUAGES = {"": "en-US", ".zh-CN": "zh-CN"}
"""What is added to a file's name → the reader's language."""
MONTH = timedelta(days=30)
LARGEST = 300_000
"""Bytes; a README is to open fast."""


def take(browser: Browser, base: str, suffix: str, locale: str) -> None:
    """The demo's first question with its answer, and the first timeline that one of its questions leads to."""
    context = browser.new_context(
        base_url=base, locale=locale, color_scheme="light", viewport={"width": 1180, "height": 1000}
    )
    page = context.new_page()
    page.goto("/")
    page.locator(".questions a[href^='/who']").first.click()
    page.locator(".answers").wait_for()
    for details in page.locator(".answers details").all():
        details.evaluate("one => { one.open = false; }")
    page.screenshot(path=IMAGES / f"question{suffix}.png", full_page=True)
    page.goto("/")
    page.locator(".questions a[href^='/customers']").first.click()
    acting = re.search(r"\d{4}-\d\d-\d\d", page.locator(".interval-acting .interval-span").first.inner_text())
    if acting is None:
        sys.exit("nobody acts on the first timeline that a question leads to")
    page.locator("#effective_at").fill(f"{date.fromisoformat(acting[0]) + MONTH}T10:00:00")
    page.locator(".label-chosen").wait_for()
    page.locator("#effective_at").blur()
    bottom = page.locator(".columns").bounding_box()
    height = bottom["y"] + bottom["height"] + 12 if bottom else 1000
    clip = {"x": 0.0, "y": 0.0, "width": 1180.0, "height": float(round(height))}
    page.screenshot(path=IMAGES / f"timeline{suffix}.png", full_page=True, clip=clip)
    context.close()


def main() -> None:
    """Take every picture, and end with an error where one is too large."""
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless=new", "--no-sandbox", "--disable-gpu"]
        )
        for suffix, locale in LANGUAGES.items():
            take(browser, base, suffix, locale)
        browser.close()
    large = [image.name for image in IMAGES.glob("*.png") if image.stat().st_size > LARGEST]
    if large:
        sys.exit(f"larger than {LARGEST} bytes: {', '.join(large)}")


if __name__ == "__main__":
    main()
