"""What may go wrong on a phone: many tabs, two phones, no room, a private window, a dead server; and how it all looks."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Page, Route, expect
from soak.phone.browser import until
from tests.browser.conftest import DESK, PHONE, Open, Watch
from tests.browser.test_every_page import AXE, COLOURS, SMALL_TARGETS, TOO_WIDE
from tests.browser.test_offline import NO_NETWORK, note, open_today, ready, tap, wait_for_server
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment
from attunement_web.families.models import Child

Family = dict[str, Child]
STEPS = ("note", "answer", "ending", "mending", "kept", "moment")
VIEWS = ("today", "moments", "milestones", "ideas", "ask", "urgent", "aside")
# The phone refuses to write; a page that reads on is all that is left.
FULL = """(() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...asked) {
    if (this.name === "outbox" && localStorage.full) throw new DOMException("no room", "QuotaExceededError");
    return put.apply(this, asked);
  };
})()"""
DENIED = """Object.defineProperty(window, "indexedDB", {
  value: { open() { throw new DOMException("denied", "SecurityError"); } }
});"""


@pytest.fixture
def phone(opened: Open, cast: Cast, watch: Watch) -> Page:
    watch.allows += NO_NETWORK
    return ready(opened(cast.alice, service_workers="allow"), cast.alice, cast.mia)


def test_five_tabs_at_once_lose_nothing_and_double_nothing(phone: Page, cast: Cast) -> None:
    tabs = [phone, *(phone.context.new_page() for _ in range(4))]
    phone.context.set_offline(True)
    for tab in tabs:
        tab.goto(reverse("diary:note", args=[cast.mia.pk]))
    for at, tab in enumerate(tabs):
        tap(tab, "Just a good moment")
        expect(tab.get_by_text("Saved on this phone", exact=True)).to_be_visible()
        tabs[at - 1].reload()
    phone.context.set_offline(False)
    for tab in tabs:
        tab.goto(reverse("offline:shell") + "#aside")
        expect(tab.get_by_text("Nothing waits here.")).to_be_visible()
    assert Moment.objects.count() == 5


def test_two_phones_of_one_family_see_each_others_moments(phone: Page, opened: Open, cast: Cast) -> None:
    other = ready(opened(cast.bob, service_workers="allow"), cast.bob, cast.mia)
    note(phone, "Just a good moment")
    wait_for_server(phone)
    other.context.set_offline(True)
    open_today(other, cast.mia)
    note(other, "Cries", "Hugged", "Settled with me")
    other.context.set_offline(False)
    wait_for_server(other)
    other.context.set_offline(True)
    other.goto(reverse("diary:moments", args=[cast.mia.pk]))
    expect(other.get_by_role("listitem").filter(has_text="noted by Alice")).to_be_visible()
    expect(other.get_by_role("listitem").filter(has_text="noted by Bob")).to_be_visible()


def test_a_full_phone_says_so_and_never_that_it_was_saved(opened: Open, cast: Cast, watch: Watch) -> None:
    watch.allows += NO_NETWORK
    page = opened(cast.alice, service_workers="allow")
    page.context.add_init_script(FULL)
    ready(page, cast.alice, cast.mia)
    page.evaluate("localStorage.full = 'yes'")
    page.goto(reverse("diary:note", args=[cast.mia.pk]))
    tap(page, "Just a good moment")
    expect(page.get_by_role("alert").get_by_text("This phone could not keep it. Nothing was saved.")).to_be_visible()
    expect(page.get_by_text("Saved on this phone")).to_have_count(0)
    page.get_by_role("link", name="To the page of your server").tap()
    tap(page, "Just a good moment")
    expect(page.get_by_role("heading", name="Kept for Mia")).to_be_visible()
    assert Moment.objects.count() == 1


def test_a_browser_that_keeps_nothing_gets_the_servers_pages(opened: Open, cast: Cast, watch: Watch) -> None:
    watch.allows += NO_NETWORK
    page = opened(cast.alice, service_workers="allow")
    page.context.add_init_script(DENIED)
    open_today(page, cast.mia)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("link", name="Note a moment").tap()
    expect(page).to_have_url(re.compile(r"\?plain$"))
    tap(page, "Just a good moment")
    expect(page.get_by_role("heading", name="Kept for Mia")).to_be_visible()
    page.context.set_offline(True)
    page.goto(reverse("diary:note", args=[cast.mia.pk]))
    expect(page.get_by_role("heading", name="This browser keeps nothing")).to_be_visible()
    expect(page.get_by_text("Saved on this phone")).to_have_count(0)


def test_a_dead_proxy_and_a_silent_one_get_what_the_phone_keeps(phone: Page, cast: Cast, watch: Watch) -> None:
    watch.allows += ("status of 502",)
    moments = reverse("diary:moments", args=[cast.mia.pk])

    def dead(route: Route) -> None:
        route.fulfill(status=502, body="Bad gateway")

    for answer in (dead, lambda route: None):
        phone.context.route("**/moments/", answer)
        phone.goto(moments)
        expect(phone.get_by_text("The last 30 days, as this phone keeps them.")).to_be_visible()
        phone.context.unroute("**/moments/")


def test_a_new_release_of_the_shell_keeps_what_waits(phone: Page, cast: Cast, watch: Watch) -> None:
    watch.allows += ("ERR_FAILED",)
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    note(phone, "Just a good moment")
    phone.context.set_offline(False)
    phone.context.route("**/api/v1/push", lambda route: route.abort())
    phone.evaluate("""async () => {
      const old = await caches.open("attunement-shell-of-long-ago");
      await old.put("/offline/", new Response("old"));
      const [kept] = (await caches.keys()).filter(name => name.startsWith("attunement-shell") && !name.includes("long-ago"));
      await caches.delete(kept);
      const at = await navigator.serviceWorker.getRegistration();
      await at.unregister();
    }""")
    open_today(phone, cast.mia)
    until(phone, "caches.keys().then(names => names.length === 1 && !names[0].includes('long-ago'))")
    expect(phone.get_by_role("link", name="1 moment waits on this phone")).to_be_visible()


def test_without_scripts_every_page_is_the_servers_own(opened: Open, cast: Cast) -> None:
    page = opened(cast.alice, java_script_enabled=False)
    open_today(page, cast.mia)
    page.get_by_role("link", name="Note a moment").tap()
    tap(page, "Just a good moment")
    expect(page.get_by_role("heading", name="Kept for Mia")).to_be_visible()


def test_axe_finds_nothing_and_a_thumb_meets_every_target_on_any_view(
    opened: Open, mama: User, demo: Family, watch: Watch
) -> None:
    watch.allows += NO_NETWORK
    page, found = ready(opened(mama, service_workers="allow", reduced_motion="reduce"), mama, demo["Lina"]), []
    page.context.set_offline(True)
    page.goto(reverse("diary:note", args=[demo["Lina"].pk]))
    tap(page, "Fusses or whines", "I couldn’t just then", "Settled with me", "Yes")
    expect(page.get_by_text("Saved on this phone", exact=True)).to_be_visible()
    moment = page.url.rsplit("/", 1)[1]
    for view in (*(f"{step}/{moment}" for step in STEPS), *VIEWS):
        page.goto("about:blank")
        page.set_viewport_size(PHONE["viewport"])
        page.emulate_media(color_scheme="light")
        page.goto(f"{reverse('offline:shell')}#{view}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found += [f"{view}: {target}" for target in page.evaluate(SMALL_TARGETS)]
        found += [f"{view}: {page.evaluate(TOO_WIDE)} px too wide"] if page.evaluate(TOO_WIDE) > 0 else []
        page.evaluate(AXE_SCRIPT)
        for size in (PHONE["viewport"], DESK["viewport"]):
            page.set_viewport_size(size)
            for scheme, rules in (("light", None), ("dark", COLOURS)):
                page.emulate_media(color_scheme=scheme)
                found += [f"{view}, {size['width']} px, {scheme}: {broken}" for broken in page.evaluate(AXE, rules)]
    assert not found, "\n".join(found)
