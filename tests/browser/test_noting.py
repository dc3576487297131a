"""Noting by touch: three taps, a miss that was mended, changing, taking away and bringing back."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.browser.conftest import Open
from tests.universe import Cast

from attunement_web.diary.models import Moment
from attunement_web.families.models import Child

WITHOUT_SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def note(page: Page, child: Child, *taps: str) -> None:
    """From Today: open the note, then tap one tile a step."""
    page.goto(reverse("today:today", args=[child.pk]))
    page.get_by_role("link", name="Note a moment").tap()
    for words in taps:
        page.get_by_role("main").get_by_role("button", name=words, exact=True).tap()
    expect(page.get_by_role("heading", name=f"Kept for {child.name}")).to_be_visible()


def to_main_place(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).tap()


@WITHOUT_SCRIPTS
def test_three_moments_in_three_taps_each_add_up(opened: Open, cast: Cast, scripts: bool) -> None:
    page = opened(cast.alice, java_script_enabled=scripts)
    note(page, cast.mia, "Coos or gurgles", "Talked back in a warm, sing-song voice", "Delighted")
    note(page, cast.mia, "Fusses or whines", "Gentle touch or pat", "Settled with me")
    note(page, cast.mia, "Cries", "I couldn’t just then", "Still upset", "Yes")

    page.get_by_role("button", name="Enough for now").tap()
    expect(page.get_by_text("You missed each other once, and found each other again.")).to_be_visible()
    to_main_place(page, "Moments")
    expect(page.get_by_role("listitem").filter(has_text="noted by Alice")).to_have_count(3)
    missed = page.get_by_role("listitem").filter(has_text="noted by Alice").filter(has_text="Cries")
    expect(missed).to_contain_text("Found each other again")
    expect(missed).to_contain_text("missed, then mended")  # what its dot says
    page.get_by_role("link", name="What it adds up to").tap()
    upset = page.get_by_role("article", name="Upset and comfort")
    expect(upset).to_contain_text("Once you missed each other, and found each other again.")
    expect(upset).to_contain_text("You noted 2 moments. Thank you. Too few to sum up.")


@WITHOUT_SCRIPTS
def test_a_slip_keeps_the_words_and_a_change_is_kept(opened: Open, cast: Cast, scripts: bool) -> None:
    page = opened(cast.alice, java_script_enabled=scripts)
    note(page, cast.mia, "Coos or gurgles", "Smiled back", "Delighted")
    words = "She told me the whole story of the ceiling lamp."
    page.get_by_text("Add a little more, if you like").tap()
    page.get_by_label("In your own words").fill(words)
    page.get_by_text("Another day", exact=True).tap()
    page.get_by_role("button", name="Enough for now").tap()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("In your own words")).to_have_value(words)
    assert Moment.objects.get().words == ""
    page.get_by_text("Earlier today", exact=True).tap()
    page.get_by_role("button", name="Enough for now").tap()
    expect(page.get_by_role("link", name="Note a moment")).to_be_visible()
    to_main_place(page, "Moments")
    expect(page.get_by_text(words)).to_be_visible()
    page.get_by_role("link", name="Coos or gurgles").tap()
    page.get_by_label("In your own words").fill("The lamp again.")
    page.get_by_role("button", name="Keep", exact=True).tap()
    expect(page.get_by_text("The lamp again.")).to_be_visible()
    expect(page.get_by_text(words)).to_have_count(0)


@WITHOUT_SCRIPTS
def test_taken_away_and_brought_back(opened: Open, cast: Cast, scripts: bool) -> None:
    page = opened(cast.alice, java_script_enabled=scripts)
    note(page, cast.mia, "Coos or gurgles", "Smiled back", "Delighted")
    to_main_place(page, "Moments")
    line = page.get_by_role("main").get_by_role("link", name="Coos or gurgles")
    line.tap()
    page.get_by_role("button", name="Take this moment away").tap()
    expect(page.get_by_text("Taken away.")).to_be_visible()
    expect(line).to_have_count(0)
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_text("It is back.")).to_be_visible()
    expect(line).to_be_visible()


def test_undo_right_after_the_note(opened: Open, cast: Cast) -> None:
    page = opened(cast.alice)
    note(page, cast.mia, "Just a good moment")
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_text("Taken away.")).to_be_visible()
    assert not Moment.objects.live().exists()


def test_going_back_and_tapping_again_corrects_and_makes_no_second(opened: Open, cast: Cast) -> None:
    page = opened(cast.alice)
    page.goto(reverse("diary:note", args=[cast.mia.pk]))
    page.get_by_role("button", name="Coos or gurgles").tap()
    page.wait_for_url("**/answer/")
    page.go_back()
    page.get_by_role("button", name="Cries", exact=True).tap()
    page.wait_for_url("**/answer/")
    assert [moment.signal for moment in Moment.objects.all()] == ["cry"]


def test_two_children_are_never_mixed_up(opened: Open, cast: Cast) -> None:
    page = opened(cast.alice)
    page.goto(reverse("diary:note", args=[cast.mia.pk]))
    expect(page.get_by_role("heading", name="What did Mia do?")).to_be_visible()
    expect(page.locator("h1 .shape--moon")).to_be_visible()
    page.get_by_role("list", name="Which child?").get_by_role("link", name="Noah").tap()
    expect(page.get_by_role("heading", name="What did Noah do?")).to_be_visible()
    expect(page.locator("h1 .shape--leaf")).to_be_visible()
    expect(page.locator(".picker summary")).to_contain_text("Noah")
    page.get_by_role("button", name="Cries", exact=True).tap()
    page.wait_for_url("**/answer/")
    assert Moment.objects.get().child == cast.noah

    page.get_by_role("list", name="Which child?").get_by_role("button", name="Mia").tap()  # it was the sister after all
    expect(page.locator("h1 .shape--moon")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Rocked or swayed").tap()
    page.get_by_role("button", name="Settled with me").tap()
    expect(page.get_by_role("heading", name="Kept for Mia")).to_be_visible()
    moment = Moment.objects.get()
    assert (moment.child, moment.acts) == (cast.mia, ["rock"])
    page.locator(".picker summary").tap()
    page.get_by_role("banner").get_by_role("link", name="Noah", exact=True).tap()
    expect(page.get_by_role("heading", name="Noah", level=1)).to_be_visible()
    to_main_place(page, "Moments")
    expect(page.get_by_text("Here you will find your moments with Noah")).to_be_visible()
