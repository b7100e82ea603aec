"""Every page for every reader: no barrier that axe finds, nothing cut off on a phone."""

import pytest

from tests.browser.conftest import QUESTION, Reader
from tests.browser.story import UNASSIGNED
from tests.domain.people import BINHAI, HUADONG

PAGES = {
    "first": "/",
    "customer": f"/customers/{HUADONG}",
    "customer then": f"/customers/{HUADONG}?effective_at=2025-03-10T09:00&known_at=2025-03-31T18:00",
    "customer before": f"/customers/{HUADONG}?known_at=2024-01-01T00:00",
    "customer vacant": f"/customers/{UNASSIGNED}",
    "customer hostile": f"/customers/{BINHAI}",
    "form": "/who",
    "question": QUESTION.url,
}
_RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`);
}"""


@pytest.mark.parametrize(("locale", "dark"), [("zh-CN", False), ("en-US", True)])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_nothing_shuts_people_out(reader: Reader, axe: str, path: str, locale: str, *, dark: bool) -> None:
    page = reader(path, locale=locale, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate(axe)
    assert page.evaluate(_RUN) == []


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_nothing_is_wider_than_a_phone(reader: Reader, path: str, locale: str) -> None:
    page = reader(path, locale=locale, width=390)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
