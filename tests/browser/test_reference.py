"""The reference of the API is drawn under its own policy, which lets nothing inline run."""

from playwright.sync_api import expect

from tests.browser.conftest import Reader


def test_the_reference_is_drawn_and_nothing_is_refused(reader: Reader) -> None:
    page = reader("/docs")
    page.locator("#operations-customers-customer-assign-tier button").first.click()
    expect(page.get_by_role("button", name="Try it out").first).to_be_visible()
