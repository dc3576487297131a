"""The three pictures of the README, from the demo family, when ATTUNEMENT_SCREENSHOTS names a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.conftest import Open

from attunement_web.accounts.models import User
from attunement_web.families.models import Child

MOST_BYTES = 150_000
PICTURES = [
    ("today", "today:today", "light", "Note a moment"),
    ("picture", "diary:picture", "dark", "What it adds up to"),
    ("note", "diary:note", "light", "What did Lina do?"),
]


@pytest.mark.skipif("ATTUNEMENT_SCREENSHOTS" not in os.environ, reason="ATTUNEMENT_SCREENSHOTS names no folder")
@pytest.mark.parametrize(("name", "place", "look", "shows"), PICTURES)
def test_a_picture_of_the_demo_family(
    opened: Open, mama: User, demo: dict[str, Child], name: str, place: str, look: str, shows: str
) -> None:
    page = opened(mama, color_scheme=look, device_scale_factor=1.5, reduced_motion="reduce")
    page.goto(reverse(place, args=[demo["Lina"].pk]))
    expect(page.get_by_text(shows).first).to_be_visible()
    made = Path(os.environ["ATTUNEMENT_SCREENSHOTS"]) / f"{name}.png"
    page.screenshot(path=made)
    assert made.stat().st_size < MOST_BYTES
