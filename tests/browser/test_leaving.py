"""Leaving the page for people who do not feel safe: at once, with a script and without, and "back" does not lead to it."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.conftest import DESK, PHONE, Open

from attunement_web.accounts.models import User
from attunement_web.families.models import Child

Family = dict[str, Child]
SHOTS = os.environ.get("SHOTS")  # a folder, for whoever wants to look


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_one_click_leaves_and_back_does_not_lead_to_it(opened: Open, mama: User, demo: Family, screen: dict) -> None:
    page = opened(mama, **screen)
    page.goto(reverse("accounts:me"))
    page.get_by_role("link", name="If you do not feel safe").click()
    heading = page.get_by_role("heading", name="If you do not feel safe")
    expect(heading).to_be_visible()
    way = page.get_by_role("link", name="Leave now").first
    page.mouse.wheel(0, 2_000)
    expect(way).to_be_in_viewport()
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/unsafe-{screen['viewport']['width']}.png", full_page=True)
    way.click()
    page.wait_for_url("about:blank")
    page.go_back()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    assert reverse("learning:unsafe") not in page.url


def test_without_a_script_it_is_a_link_and_leaves_as_well(opened: Open, mama: User, demo: Family) -> None:
    page = opened(mama, java_script_enabled=False)
    page.goto(reverse("learning:unsafe"))
    page.get_by_role("link", name="Leave now").first.click()
    page.wait_for_url("about:blank")
