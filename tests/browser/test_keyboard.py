"""Everything with the keyboard alone: the skip link, a visible focus in reading order, a moment without a mouse."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.browser.conftest import DESK, PHONE, Open
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment
from attunement_web.families.models import Child

FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const covers = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    tag: at.tagName, words: (at.innerText || at.name || "").trim().slice(0, 40),
    ring: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
    seen: covers !== null && (at.contains(covers) || covers.contains(at)),
    place: [...document.querySelectorAll("*")].indexOf(at),
  }
}"""


@pytest.mark.parametrize("size", [PHONE["viewport"], DESK["viewport"]], ids=["phone", "desk"])
def test_focus_is_seen_and_goes_in_reading_order(
    opened: Open, mama: User, demo: dict[str, Child], size: dict[str, int]
) -> None:
    page = opened(mama, **DESK)
    page.set_viewport_size(size)
    for name in ("today:today", "diary:moments", "milestones:list"):
        page.goto(reverse(name, args=[demo["Lina"].pk]))
        stops = _stops(page)
        assert len(stops) > 10
        assert stops[0]["words"] == "Skip to the page"
        assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops)
        assert [stop for stop in stops if not stop["ring"]] == []
        assert [stop for stop in stops if not stop["seen"]] == []


def _stops(page: Page) -> list[dict[str, object]]:
    """Where Tab stops, from the top of the page until it leaves it."""
    stops: list[dict[str, object]] = []
    while len(stops) < 40:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            break
        stops.append(stop)
    return stops


def test_the_skip_link_leads_past_the_frame(opened: Open, cast: Cast) -> None:
    page = opened(cast.alice, **DESK)
    page.goto(reverse("today:today", args=[cast.mia.pk]))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link", name="Note a moment")).to_be_focused()


def test_a_moment_is_noted_without_a_mouse(opened: Open, cast: Cast) -> None:
    page = opened(cast.alice, **DESK)
    page.goto(reverse("diary:note", args=[cast.mia.pk]))
    for words in ("Cries", "Held close, chest to chest, till calm", "Settled with me"):
        _tab_to(page, words)
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="Kept for Mia")).to_be_focused()
    moment = Moment.objects.get()
    assert (moment.signal, moment.acts, moment.outcome) == ("cry", ["hold-chest-to-chest"], "settled-with-you")


def _tab_to(page: Page, words: str) -> None:
    tile = page.get_by_role("main").get_by_role("button", name=words, exact=True)
    expect(tile).to_be_visible()
    for _ in range(25):
        if tile.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach “{words}”")
