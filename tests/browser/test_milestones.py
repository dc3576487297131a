"""Milestones: a suggestion taken up, one told with its day and words, and one that is gone."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import Open

from attunement_web.accounts.models import User
from attunement_web.families.models import Child


def test_a_suggestion_is_added_in_one_tap(opened: Open, mama: User, demo: dict[str, Child]) -> None:
    page = opened(mama)
    page.goto(reverse("milestones:list", args=[demo["Lina"].pk]))
    card = page.get_by_role("region").filter(has=page.get_by_role("button", name="Yes, add it")).first
    shown = card.get_by_role("link").inner_text()
    card.get_by_role("button", name="Yes, add it").tap()
    expect(page.get_by_text("Added, with the day of your moment.")).to_be_visible()
    expect(card.filter(has_text=shown)).to_have_count(0)


def test_one_is_told_with_day_and_words(opened: Open, mama: User, demo: dict[str, Child]) -> None:
    page = opened(mama)
    page.goto(reverse("milestones:list", args=[demo["Lina"].pk]) + "?at=9")
    page.get_by_role("link", name="You say the name and your baby looks at you.").tap()
    expect(page.get_by_text("Usually first seen somewhere from 5 to 10 months.")).to_be_visible()
    page.get_by_role("radio", name="Often").tap()
    page.get_by_label("Since when?").fill(timezone.localdate().isoformat())
    page.get_by_label("In your own words").fill("Even with the radio on.")
    page.get_by_role("button", name="Keep", exact=True).tap()
    expect(page.get_by_text("Kept.")).to_be_visible()
    expect(page.get_by_label("Often")).to_be_checked()
    expect(page.get_by_label("In your own words")).to_have_value("Even with the radio on.")


def test_a_skill_that_is_gone_leads_to_the_doctor_at_once(opened: Open, mama: User, demo: dict[str, Child]) -> None:
    page = opened(mama)
    page.goto(reverse("milestones:one", args=[demo["Lina"].pk, "babble-strings-9"]))
    page.get_by_role("radio", name="It was there, and now it is gone").tap()
    page.get_by_role("button", name="Keep", exact=True).tap()
    said = page.locator(".notice")
    expect(said).to_be_in_viewport()
    expect(said).to_contain_text("doctor")
    expect(said).to_contain_text("Words for the call:")
