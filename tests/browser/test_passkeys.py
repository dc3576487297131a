"""Passkeys in a real Chromium with its virtual authenticator: added, shown, asked for again, removed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.conftest import DESK, PHONE, Open, Watch
from tests.browser.test_every_page import AXE, COLOURS, SMALL_TARGETS, TOO_WIDE
from tests.universe import PASSWORD, Cast

from attunement_web.accounts.actions import make_practitioner, make_sign_in_link
from attunement_web.accounts.models import Device

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def phone(opened: Open, cast: Cast, watch: Watch, live_server: LiveServer) -> Page:
    """Alice's phone, with a place for passkeys behind her finger, signed in with her password."""
    origin = live_server.url.replace("127.0.0.1", "localhost")
    page = opened(cast.alice, base_url=origin, reduced_motion="reduce")
    watch.origin = origin
    page.context.clear_cookies()
    page.goto(reverse("accounts:sign_in"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    with_password(page)
    return page


def with_password(page: Page) -> None:
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: urlsplit(address).path != reverse("accounts:sign_in"))


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")  # a page left while it syncs says so in the console


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


def add_passkey(page: Page) -> None:
    go(page, reverse("accounts:ways"))
    page.get_by_label("A name for it").fill("my phone")
    page.get_by_role("button", name="Add a passkey").click()
    heading(page, "Recovery codes")


def sign_out(page: Page) -> None:
    go(page, reverse("accounts:devices"))
    page.locator("li", has_text="this one").get_by_role("button").click()
    heading(page, "Sign in")


def test_a_passkey_is_added_signs_in_on_its_own_and_is_removed(phone: Page) -> None:
    add_passkey(phone)
    expect(phone.get_by_role("listitem").filter(has=phone.locator("code"))).to_have_count(10)
    sign_out(phone)
    phone.get_by_role("button", name="Use a passkey").click()
    arrived(phone)
    go(phone, reverse("accounts:ways"))
    expect(phone.get_by_text("my phone", exact=True)).to_be_visible()
    phone.get_by_role("button", name="Remove my phone").click()
    expect(phone.get_by_text("No passkey yet.")).to_be_visible()
    sign_out(phone)
    phone.get_by_role("button", name="Use a passkey").click()  # the phone still has it; the site knows it no more
    expect(phone.get_by_text("This passkey does not fit here.")).to_be_visible()


def test_after_the_password_the_passkey_is_the_second_step_and_it_proves_again(phone: Page) -> None:
    add_passkey(phone)
    sign_out(phone)
    with_password(phone)
    heading(phone, "One more step")
    looked_at(phone)
    phone.get_by_role("button", name="Use a passkey").click()
    arrived(phone)
    go(phone, f"{reverse('accounts:again')}?next={reverse('accounts:devices')}")
    looked_at(phone)
    phone.get_by_role("button", name="Use a passkey").click()
    heading(phone, "Where you are signed in")


def test_after_a_link_the_passkey_is_the_second_step_too(phone: Page, cast: Cast) -> None:
    add_passkey(phone)
    sign_out(phone)
    go(phone, reverse("accounts:enter", args=[make_sign_in_link(person=cast.alice, by=None)]))
    phone.get_by_role("button", name="Come in").click()
    heading(phone, "One more step")
    expect(phone.get_by_text("Your passkey needs a browser that knows it")).to_have_count(0)
    looked_at(phone)
    phone.get_by_role("button", name="Use a passkey").click()
    arrived(phone)
    go(phone, reverse("accounts:me"))  # she forgot her password, so it is not asked for
    expect(phone.get_by_label("Password as it is now")).to_have_count(0)


def test_a_practitioner_is_led_to_her_passkey_and_then_on(phone: Page, cast: Cast, watch: Watch) -> None:
    watch.allows += ("status of 401",)  # to a page from before she was one
    make_practitioner(person=cast.alice, by=None)
    go(phone, reverse("families:child", args=[cast.mia.pk]))
    heading(phone, "A second key")
    looked_at(phone)
    phone.get_by_role("link", name="Add a passkey").click()
    phone.wait_for_url(f"**{reverse('accounts:ways')}")
    add_passkey(phone)
    looked_at(phone)
    go(phone, reverse("families:child", args=[cast.mia.pk]))
    expect(phone.get_by_role("heading", name="Mia")).to_be_visible()


def test_a_lost_phone_is_signed_out_from_the_other_at_its_next_step(
    phone: Page, opened: Open, cast: Cast, live_server: LiveServer, watch: Watch
) -> None:
    watch.allows += ("status of 401",)
    origin = watch.origin
    other = opened(cast.alice, base_url=origin)
    watch.origin = origin
    other.context.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": origin} for one in other.context.cookies(live_server.url)]
    )
    go(other, reverse("accounts:devices"))
    expect(other.get_by_role("listitem").filter(has_text="Signed in")).to_have_count(3)
    other.get_by_role("button", name="Sign out everywhere else").click()
    expect(other.get_by_text("Signed out on 2 other devices.")).to_be_visible()
    go(phone, reverse("families:child", args=[cast.mia.pk]))
    heading(phone, "Sign in")
    assert Device.objects.filter(person=cast.alice).count() == 1


def test_without_passkeys_the_password_stands_alone(opened: Open, cast: Cast) -> None:
    page = opened(cast.alice, java_script_enabled=False)
    page.context.clear_cookies()
    go(page, reverse("accounts:sign_in"))
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    with_password(page)
    go(page, reverse("accounts:ways"))
    expect(page.get_by_text("Passkeys need a browser that knows them")).to_be_visible()


def arrived(page: Page) -> None:
    page.wait_for_url("**/child/**")
    page.wait_for_load_state("networkidle")


def looked_at(page: Page) -> None:
    """What test_every_page asks of each page that one sign-in opens."""
    page.evaluate(AXE_SCRIPT)
    for size in (DESK["viewport"], PHONE["viewport"]):
        page.set_viewport_size(size)
        for scheme, rules in (("dark", COLOURS), ("light", None)):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(AXE, rules) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(TOO_WIDE) <= 0
