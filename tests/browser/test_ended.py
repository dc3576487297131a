"""A phone whose sign-in was ended from afar: at its next contact the diary goes, and what waits stays."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from soak.phone.browser import until
from tests.browser.conftest import Open, Watch
from tests.browser.test_offline import LEFT, NO_NETWORK, note, open_today, ready, sign_in, wait_for_server
from tests.universe import Cast

from attunement_web.accounts.models import Device, User
from attunement_web.diary.models import Moment

# Who was with the child, and the names of the family, as the first kit has them.
TOLD = """person => new Promise(resolve => {
  indexedDB.open(`attunement-${person}`).onsuccess = ({ target: { result: db } }) => {
    db.transaction("kits").objectStore("kits").getAll().onsuccess = ({ target: { result: [kit] } }) => {
      db.close();
      resolve([kit.people, kit.members]);
    };
  };
})"""


@pytest.fixture
def phone(opened: Open, cast: Cast, watch: Watch) -> Page:
    watch.allows += NO_NETWORK
    return ready(opened(cast.alice, service_workers="allow"), cast.alice, cast.mia)


def test_a_phone_that_was_ended_from_afar_lets_the_diary_go_and_keeps_what_waits(
    phone: Page, cast: Cast, watch: Watch
) -> None:
    watch.allows += ("status of 401",)
    note(phone, "Just a good moment")
    wait_for_server(phone)
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    note(phone, "Cries", "Hugged", "Settled with me")
    cookies = phone.context.cookies()
    end_from_afar(cast.alice)
    phone.context.set_offline(False)
    open_today(phone, cast.mia)  # leads to the page for signing in
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    until(phone, f"person => ({LEFT})(person).then(left => left.rows === 0)", str(cast.alice.pk))
    assert phone.evaluate(LEFT, str(cast.alice.pk))["outbox"] == 3
    assert phone.evaluate(TOLD, str(cast.alice.pk)) == [[], {}]
    phone.goto(reverse("offline:shell") + "#moments")
    expect(phone.get_by_text("You are signed out.")).to_be_visible()
    expect(phone.get_by_role("main").get_by_role("listitem")).to_have_count(1)  # what waits

    phone.context.add_cookies(cookies)
    sign_in(phone.context, cast.alice)
    open_today(phone, cast.mia)
    until(phone, f"person => ({LEFT})(person).then(left => left.rows === 2 && !left.outbox)", str(cast.alice.pk))
    assert Moment.objects.count() == 2
    until(
        phone,
        f"person => ({TOLD})(person).then(([people, members]) => Object.keys(members).length)",
        str(cast.alice.pk),
    )


def test_a_list_on_the_screen_goes_when_its_phone_was_ended_from_afar(phone: Page, cast: Cast, watch: Watch) -> None:
    watch.allows += ("status of 401",)
    note(phone, "Just a good moment")
    wait_for_server(phone)
    phone.goto(reverse("offline:shell") + "#moments")
    expect(phone.get_by_role("listitem").filter(has_text="noted by Alice")).to_be_visible()
    end_from_afar(cast.alice)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_text("You are signed out.")).to_be_visible()
    expect(phone.get_by_role("listitem").filter(has_text="A good moment")).to_have_count(0)


def end_from_afar(person: User) -> None:
    """As the list of devices does, on another of hers."""
    Device.objects.filter(person=person).delete()
