"""From consent to ledger, with three people: Alice lets Dr. Bloom look, Bob sees that she did, and ends it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import PATIENCE, PHONE, Open, Watch
from tests.browser.test_every_page import AXE, AXE_SCRIPT
from tests.strong import code_of
from tests.universe import PASSWORD, Cast

from attunement_web.diary.actions import keep_moments
from attunement_web.diary.actions.noting import Tap
from attunement_web.diary.models import new_id

WORDS = "She held my finger all the way home."


def test_invited_accepted_confirmed_read_ended_and_refused(
    opened: Open, cast: Cast, live_server: LiveServer, new_context: Callable[..., BrowserContext], watch: Watch
) -> None:
    watch.allows += ("status of 404",)  # refused
    keep_moments(child=cast.mia, taps=[Tap(id=new_id(), signal="coo", words=WORDS)], by=cast.alice)
    alice, bob = opened(cast.alice), opened(cast.bob)
    bloom = stranger(new_context, live_server, watch)

    link = invites(alice, cast)
    accepts(bloom, link)
    expect(bloom.get_by_text("Alice is asked to say yes once more.")).to_be_visible()
    expect(bloom.get_by_text("Mia")).to_have_count(0)

    alice.get_by_role("link", name="To this consent").click()
    expect(alice.get_by_text("The name given here is Ada Bloom.")).to_be_visible()
    alice.get_by_role("button", name="Yes, this is who I meant").click()
    expect(alice.get_by_text("May look now")).to_be_visible()

    bloom.reload()
    bloom.get_by_role("link", name="Mia").click()
    bloom.get_by_role("link", name="Moments", exact=True).click()
    expect(bloom.get_by_role("listitem").filter(has_text="Coos")).to_be_visible()
    expect(bloom.get_by_text(WORDS)).to_have_count(0)  # Alice shared moments, and kept her words

    bob.goto(f"/child/{cast.mia.pk}/about/")
    bob.get_by_role("link", name="Who looked").click()
    expect(bob.get_by_role("listitem").filter(has_text="Dr. Bloom opened Moments")).to_have_count(1)
    bob.goto(f"/child/{cast.mia.pk}/sharing/")
    bob.get_by_role("link", name="Dr. Bloom").click()
    bob.get_by_role("button", name="End it for good").click()
    expect(bob.get_by_text("Ended. From now on nothing can be seen.")).to_be_visible()

    bloom.reload()
    expect(bloom.get_by_role("heading", name="We cannot find this page")).to_be_visible()
    bloom.goto("/caseload/")
    expect(bloom.get_by_text("No family shares a record with you now.")).to_be_visible()


def stranger(new_context: Callable[..., BrowserContext], live_server: LiveServer, watch: Watch) -> Page:
    """A browser in which nobody is signed in."""
    context = new_context(base_url=live_server.url, service_workers="block", **PHONE)
    context.set_default_timeout(PATIENCE)
    watch.over(context)
    return context.new_page()


def invites(alice: Page, cast: Cast) -> str:
    alice.goto(f"/child/{cast.mia.pk}/about/")
    alice.get_by_role("link", name="Who may see").click()
    alice.get_by_role("link", name="Give access").click()
    alice.get_by_label("Who is it?").fill("Dr. Bloom")
    alice.get_by_label("E-mail address").fill("bloom@example.org")
    alice.get_by_label("Moments, and what they add up to").check()
    alice.get_by_label("What for?").fill("Sleep and feeding")
    alice.get_by_role("button", name="Make the invitation").click()
    return alice.get_by_label("The link").input_value()


def accepts(bloom: Page, link: str) -> None:
    """She has no account: a name, a password, a second key; then she waits."""
    bloom.goto(link)
    expect(bloom.get_by_text("Sleep and feeding")).to_be_visible()
    bloom.evaluate(AXE_SCRIPT)
    assert bloom.evaluate(AXE, None) == []
    bloom.get_by_label("Your e-mail address").fill("bloom@example.org")
    bloom.get_by_label("Your name").fill("Ada Bloom")
    bloom.get_by_label("A password").fill(PASSWORD)
    bloom.get_by_role("button", name="Begin, and say yes").click()
    bloom.get_by_role("link", name="Use an app that makes codes").click()
    secret = bloom.locator("code").inner_text()
    bloom.locator("input[name=code]").fill(code_of(secret))
    bloom.get_by_role("button", name="Keep").click()
    expect(bloom.get_by_role("heading", name="Recovery codes")).to_be_visible()
    bloom.goto("/caseload/")
