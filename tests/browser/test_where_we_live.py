"""Where the family lives is taken from the browser, for urgent help needs the country; what a person chose stays."""

from __future__ import annotations

from playwright.sync_api import expect
from tests.browser.conftest import Open

from attunement_web.accounts.actions import person_of_household


def test_the_browser_says_where_we_live_and_a_choice_stays(opened: Open) -> None:
    page = opened(person_of_household(), timezone_id="Europe/Madrid")
    page.goto("/start/")
    field = page.get_by_label("Where you live")
    expect(field).to_have_value("Europe/Madrid")
    field.select_option("Africa/Nairobi")
    page.get_by_role("button", name="Begin").tap()
    expect(page.get_by_role("alert")).to_be_visible()  # the name is missing
    expect(field).to_have_value("Africa/Nairobi")
