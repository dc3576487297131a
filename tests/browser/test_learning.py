"""An idea and its source, the texts to learn from, and urgent help: near, and there without a network."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.conftest import Open, Watch
from tests.browser.places import places

from attunement_web.accounts.models import User
from attunement_web.families.models import Child

Family = dict[str, Child]


def test_an_idea_says_why_and_where_it_comes_from(opened: Open, mama: User, demo: Family) -> None:
    page = opened(mama)
    page.goto(reverse("today:today", args=[demo["Lina"].pk]))
    idea = page.get_by_role("region", name="One thing to try")
    source = idea.locator("details p").last
    expect(source).to_be_hidden()
    idea.get_by_text("Why it may help").tap()
    expect(source).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Ideas").tap()
    page.get_by_role("link", name="Crying and comfort", exact=True).tap()
    expect(page.get_by_role("heading", level=2)).to_have_count(1)


def test_a_text_to_learn_from_has_a_source_under_each_part(opened: Open, mama: User, demo: Family) -> None:
    page = opened(mama)
    page.goto(reverse("today:today", args=[demo["Lina"].pk]))
    page.get_by_role("contentinfo").get_by_role("link", name="Learn").tap()
    page.get_by_role("link", name="Missed, then mended").tap()
    expect(page.get_by_role("heading", name="Missed, then mended", level=1)).to_be_visible()
    first = page.get_by_role("main").locator("details").first
    first.locator("summary").tap()
    expect(first.locator("p").last).to_be_visible()


def test_urgent_help_is_one_tap_from_every_page(opened: Open, mama: User, demo: Family, watch: Watch) -> None:
    watch.allows += ("status of 404",)
    page = opened(mama, java_script_enabled=False)
    for name, address in places(demo["Lina"]).items():
        page.goto(address)
        if name != "learning:urgent":
            link = page.get_by_role("banner").get_by_role("link", name="Urgent help")
            expect(link, name).to_be_in_viewport()
            assert link.get_attribute("href") == reverse("learning:urgent"), name
    page.get_by_role("banner").get_by_role("link", name="Urgent help").tap()
    expect(page.get_by_role("heading", name="Urgent help")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Call 112 now")).to_be_in_viewport()
