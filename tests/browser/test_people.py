"""A grandmother comes in: Alice invites her, she says yes, Alice says yes once more, she notes, and her part ends."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import Open, Watch
from tests.browser.test_consent import stranger
from tests.browser.test_every_page import AXE, AXE_SCRIPT
from tests.universe import PASSWORD, Cast

from attunement_web.diary.models import Moment


def test_a_grandmother_is_invited_confirmed_notes_and_her_part_ends(
    opened: Open, cast: Cast, live_server: LiveServer, new_context: Callable[..., BrowserContext], watch: Watch
) -> None:
    watch.allows += ("status of 404",)  # refused, at the end
    alice, rose = opened(cast.alice), stranger(new_context, live_server, watch)

    says_yes(rose, invites(alice, cast))
    expect(rose.get_by_text("Alice is asked whether it is really you.")).to_be_visible()
    expect(rose.get_by_text("Mia")).to_have_count(0)
    rose.get_by_role("link", name="Look again").click()
    expect(rose.get_by_role("heading", name="Almost there")).to_be_visible()

    confirms(alice)
    rose.get_by_role("link", name="Look again").click()
    expect(rose.get_by_role("heading", name="What did Mia do?")).to_be_visible()
    for words in ("Coos or gurgles", "Smiled back", "Delighted"):
        rose.get_by_role("main").get_by_role("button", name=words, exact=True).click()
    expect(rose.get_by_role("heading", name="Kept for Mia")).to_be_visible()
    assert Moment.objects.get(child=cast.mia).noted_by.name == "Rose"

    alice.get_by_role("link", name="Rose").click()
    alice.get_by_role("button", name="End it now").click()
    expect(alice.get_by_text("Ended. From now on nothing opens there.")).to_be_visible()
    rose.goto(f"/child/{cast.mia.pk}/note/")
    expect(rose.get_by_role("heading", name="We cannot find this page")).to_be_visible()
    assert Moment.objects.filter(child=cast.mia).count() == 1, "what she noted stays"


def invites(alice: Page, cast: Cast) -> str:
    alice.goto(f"/child/{cast.mia.pk}/about/")
    alice.get_by_role("link", name="The people around Mia").click()
    alice.get_by_role("link", name="Invite somebody").click()
    alice.get_by_label("Relative").check()
    alice.get_by_label("Who is it?").fill("Nana Rose")
    alice.get_by_label("E-mail address").fill("rose@example.org")
    alice.get_by_role("button", name="Make the invitation").click()
    return alice.get_by_label("The link").input_value()


def says_yes(rose: Page, link: str) -> None:
    rose.goto(link)
    expect(rose.get_by_text("Notes moments, and sees only their own notes.")).to_be_visible()
    rose.evaluate(AXE_SCRIPT)
    assert rose.evaluate(AXE, None) == []
    rose.get_by_label("Your e-mail address").fill("rose@example.org")
    rose.get_by_label("Your name").fill("Rose")
    rose.get_by_label("A password").fill(PASSWORD)
    rose.get_by_role("button", name="Begin, and say yes").click()


def confirms(alice: Page) -> None:
    alice.get_by_role("link", name="To this invitation").click()
    expect(alice.get_by_text("The name given here is Rose.")).to_be_visible()
    alice.get_by_role("button", name="Yes, this is who I meant").click()
    expect(alice.get_by_text("It is settled, from now on.")).to_be_visible()
    expect(alice.get_by_role("listitem").filter(has_text="Rose")).to_contain_text("relative")
