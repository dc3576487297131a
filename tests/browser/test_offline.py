"""Noting without a network, start to end, and what comes of it when there is one again."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect
from soak.phone.browser import until
from tests.browser.conftest import DESK, Open, Watch
from tests.browser.test_every_page import SMALL_TARGETS
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment
from attunement_web.families.models import Child

NO_NETWORK = ("ERR_INTERNET_DISCONNECTED",)
READY = """async person => {
  await navigator.serviceWorker.ready;
  const names = (await indexedDB.databases()).map(one => one.name);
  if (!names.includes(`attunement-${person}`)) return false;
  return new Promise(resolve => {
    indexedDB.open(`attunement-${person}`).onsuccess = ({ target: { result: db } }) => {
      db.transaction("kits").objectStore("kits").count().onsuccess = ({ target }) => {
        db.close();
        resolve(target.result > 0);
      };
    };
  });
}"""


@pytest.fixture
def phone(opened: Open, cast: Cast, watch: Watch) -> Page:
    """Alice's phone with the app installed: its worker runs, and Mia's kit lies on it."""
    watch.allows += NO_NETWORK
    return ready(opened(cast.alice, service_workers="allow"), cast.alice, cast.mia)


def ready(page: Page, person: User, child: Child) -> Page:
    page.goto(reverse("today:today", args=[child.pk]))
    until(page, READY, str(person.pk))
    return page


def tap(page: Page, *words: str) -> None:
    for each in words:
        page.get_by_role("main").get_by_role("button", name=each, exact=True).tap()


def note(page: Page, *taps: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Note").tap()
    tap(page, *taps)
    expect(page.get_by_text("Saved on this phone", exact=True)).to_be_visible()


def open_today(page: Page, child: Child) -> None:
    page.goto(reverse("today:today", args=[child.pk]))


def wait_for_server(page: Page) -> None:
    expect(page.get_by_text("Saved on your server")).to_be_visible()


def test_in_an_aeroplane_three_taps_are_kept_and_reach_the_server_later(phone: Page, cast: Cast) -> None:
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    expect(phone.get_by_text("No network just now.")).to_be_visible()
    note(phone, "Cries", "I couldn’t just then", "Settled with me", "Yes")
    expect(phone.get_by_text("Not yet on your server", exact=True)).to_be_visible()
    phone.get_by_text("Add a little more, if you like").tap()
    phone.get_by_label("In your own words").fill("In the lift, between two floors.")
    phone.get_by_role("link", name="Enough for now").tap()

    expect(phone.get_by_role("link", name="1 moment waits on this phone, since today.")).to_be_visible()
    expect(phone.get_by_text("In the lift, between two floors.")).to_be_visible()
    assert not Moment.objects.exists()

    phone.context.set_offline(False)
    expect(phone.get_by_text("The network is back.")).to_be_visible()
    moment = Moment.objects.get()
    assert (moment.signal, moment.acts, moment.outcome, moment.mended) == (
        "cry", ["no-response"], "settled-with-you", True,
    )  # fmt: skip
    assert (moment.words, moment.noted_by) == ("In the lift, between two floors.", cast.alice)
    phone.get_by_role("button", name="Load the whole page").tap()
    expect(phone.get_by_text("You missed each other once, and found each other again.")).to_be_visible()


TOLD = """words => new Promise(resolve => {
  const person = document.body.dataset.person;
  indexedDB.open(`attunement-${person}`).onsuccess = ({ target: { result: db } }) => {
    db.transaction("kits").objectStore("kits").getAll().onsuccess = ({ target }) => {
      db.close();
      resolve(target.result.some(kit => kit.milestones.parts.some(part => part.lines.some(line => line.stage === words))));
    };
  };
})"""


def test_what_is_told_of_a_milestone_is_on_the_phone_at_once(phone: Page, cast: Cast) -> None:
    phone.goto(reverse("milestones:one", args=[cast.mia.pk, "coos-and-gurgles-3"]))
    phone.get_by_role("radio", name="Often").tap()
    phone.get_by_role("button", name="Keep", exact=True).tap()
    expect(phone.get_by_text("Kept.")).to_be_visible()
    until(phone, TOLD, "Often")
    phone.context.set_offline(True)
    phone.goto(reverse("milestones:list", args=[cast.mia.pk]))
    expect(phone.get_by_text("No network just now.")).to_be_visible()
    expect(phone.get_by_role("main").get_by_text("Often", exact=True)).to_be_visible()


@pytest.mark.parametrize("away", [True, False], ids=["away", "with a network"])
def test_enough_for_now_leads_a_relative_to_her_moments(opened: Open, cast: Cast, watch: Watch, away: bool) -> None:
    watch.allows += NO_NETWORK
    phone = opened(cast.ruth, service_workers="allow")
    phone.goto(reverse("diary:note", args=[cast.mia.pk]) + "?plain")
    until(phone, READY, str(cast.ruth.pk))
    phone.context.set_offline(away)
    phone.goto(reverse("diary:note", args=[cast.mia.pk]))
    tap(phone, "Cries", "I couldn’t just then", "Settled with me", "Yes")
    phone.get_by_role("link", name="Enough for now").tap()
    expect(phone).to_have_url(re.compile(reverse("diary:moments", args=[cast.mia.pk])))
    expect(phone.get_by_text("Cries").first).to_be_visible()


def test_with_a_network_noting_is_instant_and_both_states_are_shown(phone: Page, cast: Cast) -> None:
    note(phone, "Coos or gurgles", "Smiled back", "Delighted")
    wait_for_server(phone)
    assert Moment.objects.get().acts == ["smile-back"]
    phone.get_by_role("link", name="Enough for now").tap()
    expect(phone.get_by_role("heading", name="Mia", level=1)).to_be_visible()
    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Moments").tap()
    expect(phone.get_by_role("listitem").filter(has_text="noted by Alice")).to_have_count(1)


def test_a_reload_in_the_middle_goes_on_where_it_was(phone: Page, cast: Cast) -> None:
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Note").tap()
    tap(phone, "Fusses or whines")
    expect(phone.get_by_role("heading", name="What did you do?")).to_be_visible()
    phone.reload()
    tap(phone, "Gentle touch or pat")
    expect(phone.get_by_role("heading", name="How did it end?")).to_be_visible()
    phone.reload()
    tap(phone, "Settled with me")
    phone.context.set_offline(False)
    wait_for_server(phone)
    assert list(Moment.objects.values_list("signal", "acts", "outcome")) == [("fuss", ["touch"], "settled-with-you")]


def test_back_returns_to_the_same_moment_and_not_to_a_second_one(phone: Page, cast: Cast) -> None:
    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Note").tap()
    tap(phone, "Fusses or whines")
    expect(phone.get_by_role("heading", name="What did you do?")).to_be_visible()
    phone.go_back()
    tap(phone, "Cries")
    expect(phone.get_by_role("heading", name="Kept for Mia")).to_be_visible()
    wait_for_server(phone)
    assert list(Moment.objects.values_list("signal", flat=True)) == ["cry"]


def test_undo_takes_it_away_and_a_tap_brings_it_back(phone: Page, cast: Cast) -> None:
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    note(phone, "Just a good moment")
    phone.get_by_role("button", name="Undo").tap()
    expect(phone.get_by_text("Here you will find your moments with Mia")).to_be_visible()
    phone.get_by_role("button", name="Undo").tap()
    expect(phone.get_by_role("link", name="A good moment")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("On this phone; not yet on your server")).to_have_count(0)
    assert Moment.objects.get().removed_at is None


def test_the_list_hears_of_every_turn_of_keeping_in_step(phone: Page, cast: Cast) -> None:
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    note(phone, "Just a good moment")
    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Moments").tap()
    waits = phone.get_by_text("On this phone; not yet on your server")
    expect(waits).to_be_visible()
    held: list[Route] = []
    phone.context.route("**/api/v1/push", lambda route: held.append(route))
    with phone.expect_request("**/api/v1/push"):
        phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")  # asks for another turn, which will bring nothing new
    for route in held:
        route.continue_()
    phone.context.unroute("**/api/v1/push")
    expect(waits).to_have_count(0)


def test_a_moment_can_be_another_childs_and_of_another_day(phone: Page, cast: Cast) -> None:
    note(phone, "Just a good moment")
    phone.get_by_text("Add a little more, if you like").tap()
    phone.get_by_text("Another day", exact=True).tap()
    expect(phone.get_by_text("Please pick the day, then keep again.")).to_be_visible()
    phone.get_by_label("Which day?").fill(str(cast.today.replace(year=cast.today.year - 3)))
    phone.get_by_label("About what time?").focus()
    expect(phone.get_by_text("This is before the birthday")).to_be_visible()
    phone.get_by_label("Which day?").fill(str(cast.mia.born))
    phone.get_by_label("About what time?").fill("14:05")
    phone.get_by_label("In your own words").fill("Once upon a time")
    phone.get_by_role("group", name="Which child was it?").get_by_text("Noah").tap()
    expect(phone.get_by_role("heading", name="Kept for Noah")).to_be_visible()
    wait_for_server(phone)
    moment = Moment.objects.get()
    assert (moment.child, moment.local_day, moment.precision) == (cast.noah, cast.mia.born, "clock")
    assert (str(moment.local_time.time()), moment.words) == ("14:05:00", "Once upon a time")


def test_a_moment_of_long_ago_reaches_the_server_though_this_phone_keeps_only_30_days(phone: Page, cast: Cast) -> None:
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    note(phone, "Just a good moment")
    phone.get_by_text("Add a little more, if you like").tap()
    phone.get_by_text("Another day", exact=True).tap()
    phone.get_by_label("Which day?").fill(str(cast.mia.born))
    phone.get_by_label("About what time?").fill("14:05")
    phone.get_by_label("In your own words").fill("Once upon a time")
    phone.context.set_offline(False)
    wait_for_server(phone)
    expect(phone.get_by_text("Saved on this phone")).to_have_count(0)
    assert Moment.objects.get().local_day == cast.mia.born


def test_what_grew_older_than_30_days_leaves_the_phone(phone: Page, cast: Cast) -> None:
    note(phone, "Just a good moment")
    wait_for_server(phone)
    until(phone, f"person => ({LEFT})(person).then(left => left.rows === 1)", str(cast.alice.pk))
    phone.evaluate(GROWN_OLD, [str(cast.alice.pk), str(cast.today - timedelta(days=33))])
    open_today(phone, cast.mia)
    until(phone, f"person => ({LEFT})(person).then(left => left.rows === 0)", str(cast.alice.pk))
    assert Moment.objects.count() == 1


# The phone was away for so long that what it keeps of a day is of long ago.
GROWN_OLD = """([person, day]) => new Promise(resolve => {
  indexedDB.open(`attunement-${person}`).onsuccess = ({ target: { result: db } }) => {
    const tx = db.transaction("rows", "readwrite"), rows = tx.objectStore("rows");
    rows.getAll().onsuccess = ({ target }) => target.result.forEach(row => rows.put({ ...row, local_day: day }));
    tx.oncomplete = () => { db.close(); resolve(); };
  };
})"""


def test_what_helps_is_there_without_a_network(phone: Page, cast: Cast) -> None:
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    for name, shows in (("Milestones", "Feel, show and calm"), ("Ideas", "Crying and comfort")):
        phone.get_by_role("navigation", name="Main").get_by_role("link", name=name).tap()
        expect(phone.get_by_role("heading", name=name, level=1)).to_be_visible()
        expect(phone.get_by_text(shows).first).to_be_visible()
    phone.get_by_role("banner").get_by_role("link", name="Urgent help").tap()
    expect(phone.get_by_role("link", name="Call 112 now")).to_be_in_viewport()
    phone.goto(reverse("learning:ask", args=[cast.mia.pk]))
    expect(phone.get_by_text("These are good reasons to call this week.")).to_be_visible()
    phone.goto(reverse("accounts:me"))
    expect(phone.get_by_role("heading", name="This page needs a network")).to_be_visible()


def test_the_shortcut_on_the_home_screen_notes_for_the_child_seen_last(phone: Page, cast: Cast) -> None:
    phone.context.set_offline(True)
    phone.goto(reverse("offline:shell") + "#note")
    expect(phone.get_by_role("heading", name="What did Mia do?")).to_be_visible()
    phone.get_by_role("button", name="Noah").tap()
    expect(phone.get_by_role("heading", name="What did Noah do?")).to_be_visible()


def test_waiting_moments_go_into_a_file_and_the_file_can_be_handed_in(phone: Page, cast: Cast, tmp_path: Path) -> None:
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    note(phone, "Just a good moment")
    phone.goto(reverse("offline:shell") + "#aside")
    with phone.expect_download() as saving:
        phone.get_by_role("button", name="Save waiting moments to a file").tap()
    path = tmp_path / "waiting.json"
    saving.value.save_as(path)
    assert [one["type"] for one in json.loads(path.read_text())["operations"]] == ["note"]

    phone.evaluate(
        "person => indexedDB.deleteDatabase(`attunement-${person}`)", str(cast.alice.pk)
    )  # the phone is lost
    phone.context.set_offline(False)
    ready(phone, cast.alice, cast.mia)
    phone.goto(reverse("offline:shell") + "#aside")
    for expected in ("not one of ours", "1 entry of this file is on your server."):
        file = path if expected.startswith("1") else Path(__file__)
        phone.get_by_label("A file that was saved here").set_input_files(file)
        drawn_anew(phone, cast.alice)  # what was chosen stays
        phone.get_by_role("button", name="Hand it in").tap()
        expect(phone.get_by_text(expected)).to_be_visible()
    assert Moment.objects.count() == 1


def test_what_was_refused_in_the_week_of_an_erasure_can_be_sent_once_that_was_undone(
    phone: Page, cast: Cast, tmp_path: Path
) -> None:
    from attunement_web.rights.actions import ask_erasure, undo_erasure

    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    note(phone, "Cries", "Hugged", "Settled with me")
    erasure = ask_erasure(child=cast.mia, by=cast.bob)
    assert erasure
    phone.goto(reverse("offline:shell") + "#aside")
    phone.context.set_offline(False)
    again = phone.get_by_role("button", name="Try again")
    expect(again).to_have_count(3)
    assert phone.evaluate(SMALL_TARGETS) == []
    with phone.expect_response("**/api/v1/push"):
        again.first.tap()
    expect(again).to_have_count(3)
    expect(phone.get_by_text("Nothing waits here.")).to_have_count(0)
    with phone.expect_download() as saving:
        phone.get_by_role("button", name="Save waiting moments to a file").tap()
    saving.value.save_as(tmp_path / "waiting.json")

    undo_erasure(erasure=erasure, by=cast.alice)
    again.first.tap()
    expect(phone.get_by_text("Nothing waits here.")).to_be_visible()
    moment = Moment.objects.get()
    assert (moment.signal, moment.acts, moment.outcome) == ("cry", ["hug-child"], "settled-with-you")
    phone.get_by_label("A file that was saved here").set_input_files(tmp_path / "waiting.json")
    phone.get_by_role("button", name="Hand it in").tap()
    expect(phone.get_by_text("3 entries of this file are on your server.")).to_be_visible()
    assert Moment.objects.count() == 1


def test_what_is_read_stays_under_the_thumb_when_something_comes(phone: Page, cast: Cast) -> None:
    phone.set_viewport_size({"width": 390, "height": 300})
    phone.context.set_offline(True)
    phone.goto(reverse("offline:shell") + "#moments")
    expect(phone.get_by_text("Here you will find your moments with Mia")).to_be_visible()
    phone.evaluate("window.scrollTo(0, 120)")
    drawn_anew(phone, cast.alice)
    assert phone.evaluate("window.scrollY") == 120


def drawn_anew(page: Page, person: User) -> None:
    """Another tab tells that something came."""
    page.evaluate("document.querySelector('h1').dataset.was = 'here'")
    page.evaluate("person => new BroadcastChannel(`attunement-${person}`).postMessage('changed')", str(person.pk))
    expect(page.locator("h1:not([data-was])")).to_be_visible()


def test_signing_out_with_moments_waiting_asks_first(phone: Page, cast: Cast, watch: Watch) -> None:
    watch.allows += ("status of 503",)
    broken = "**/api/v1/push"
    phone.context.route(broken, lambda route: route.fulfill(status=503, headers={"Retry-After": "600"}))
    note(phone, "Just a good moment")
    phone.goto(reverse("accounts:me"))
    phone.get_by_role("button", name="Sign out").tap()
    question = phone.get_by_role("dialog", name="Some moments are only on this phone")
    question.get_by_role("button", name="Send them, then sign out").tap()
    expect(question.get_by_text("They could not be sent just now.")).to_be_visible()
    phone.context.unroute(broken)
    question.get_by_role("button", name="Send them, then sign out").tap()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    assert Moment.objects.count() == 1
    assert phone.evaluate("indexedDB.databases().then(found => found.length)") == 0


def test_signed_out_elsewhere_the_phone_keeps_what_waits_and_says_so_kindly(
    phone: Page, cast: Cast, watch: Watch, opened: Open
) -> None:
    watch.allows += ("status of 401",)
    cookies = phone.context.cookies()
    phone.context.clear_cookies()
    phone.goto(reverse("diary:note", args=[cast.mia.pk]))
    tap(phone, "Just a good moment")
    expect(phone.get_by_text("You are signed out. What you note is kept on this phone")).to_be_visible()
    expect(phone.get_by_text("Not yet on your server", exact=True)).to_be_visible()
    phone.context.add_cookies(cookies)
    open_today(phone, cast.mia)
    expect(phone.get_by_text("1 moment is now on your server.")).to_be_visible()


def test_another_person_on_this_phone_sees_nothing_and_sends_nothing_of_the_former(phone: Page, cast: Cast) -> None:
    note(phone, "Just a good moment")
    wait_for_server(phone)
    phone.context.set_offline(True)
    open_today(phone, cast.mia)
    note(phone, "Cries", "Hugged", "Settled with me")
    sign_in(phone.context, cast.charlie)
    phone.context.set_offline(False)
    ready(phone, cast.charlie, cast.strangers_child)
    expect(phone.get_by_text("They belong to the person who used this phone before")).to_be_visible()
    left = phone.evaluate(LEFT, str(cast.alice.pk))
    assert left == {"rows": 0, "kits": 0, "outbox": 3}
    assert Moment.objects.count() == 1
    phone.get_by_role("button", name="Let them go").tap()
    expect(phone.get_by_text("They belong to the person who used")).to_be_hidden()
    gone = "person => indexedDB.databases().then(all => all.every(one => !one.name.includes(person)))"
    until(phone, gone, str(cast.alice.pk))


LEFT = """person => new Promise(resolve => {
  indexedDB.open(`attunement-${person}`).onsuccess = ({ target: { result: db } }) => {
    const found = {}, tx = db.transaction(["rows", "kits", "outbox"]);
    for (const name of tx.objectStoreNames) {
      tx.objectStore(name).count().onsuccess = event => { found[name] = event.target.result; };
    }
    tx.oncomplete = () => { db.close(); resolve(found); };
  };
})"""


def sign_in(context: BrowserContext, person: User) -> None:
    from django.conf import settings as site
    from django.test import Client

    browser, key = Client(), site.SESSION_COOKIE_NAME
    browser.force_login(person)
    [was] = [one for one in context.cookies() if one["name"] == key]
    context.add_cookies([{**was, "value": browser.cookies[key].value}])


def test_a_grandmother_notes_without_a_network_and_meets_only_what_opens_to_her(
    opened: Open, cast: Cast, watch: Watch
) -> None:
    watch.allows += (*NO_NETWORK, "status of 403")
    page = ready(opened(cast.ruth, service_workers="allow", **DESK), cast.ruth, cast.mia)
    page.context.set_offline(True)
    page.goto(reverse("today:today", args=[cast.mia.pk]))
    expect(page.get_by_role("heading", name="What did Mia do?")).to_be_visible()
    places = page.get_by_role("navigation", name="Main")
    for name, is_there in (("Moments", True), ("Ideas", True), ("Today", False), ("Milestones", False)):
        expect(places.get_by_role("link", name=name)).to_be_visible(visible=is_there)
    page.get_by_role("button", name="Just a good moment").click()
    expect(page.get_by_role("heading", name="Kept for Mia")).to_be_visible()
