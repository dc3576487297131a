"""Where somebody is signed in, ending it from afar, how long it lasts, and proving again before what matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.backends.db import SessionStore as OldStore
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests.strong import code_of, strong_browser
from tests.universe import PASSWORD, Cast

from attunement_web.accounts import access, bridge
from attunement_web.accounts.actions import (
    TooManyTries,
    Try,
    add_app,
    machine_of,
    make_practitioner,
    make_sign_in_link,
)
from attunement_web.accounts.actions.devices import browser_of
from attunement_web.accounts.models import Device, User, WrongTry
from attunement_web.ledger.models import Entry

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
LAPTOP = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"


def come_in(cast: Cast, agent: str) -> Client:
    browser = Client(headers={"User-Agent": agent})
    assert (
        browser.post(reverse("accounts:enter", args=[make_sign_in_link(person=cast.alice, by=None)])).status_code == 302
    )
    return browser


def signed_out(browser: Client) -> bool:
    return browser.get(reverse("accounts:me")).status_code == 302


def test_she_sees_her_own_devices_in_plain_words_and_which_is_this_one(cast: Cast) -> None:
    phone, laptop = come_in(cast, PHONE), come_in(cast, LAPTOP)
    Client().force_login(cast.charlie)
    page = phone.get(reverse("accounts:devices"))
    assert "Firefox on Android" in page.text
    assert "Safari on Mac" in page.text
    assert len(page.context["devices"]) == 2
    assert page.context["this"] != laptop.get(reverse("accounts:devices")).context["this"]
    assert not [one for one in page.context["devices"] if one.session_key in page.text]


def test_an_ended_device_is_out_at_its_next_request_and_in_the_api_too(cast: Cast) -> None:
    phone, laptop = come_in(cast, PHONE), come_in(cast, LAPTOP)
    assert phone.get("/api/v1/me").status_code == 200
    lost = phone.get(reverse("accounts:devices")).context["this"]
    assert laptop.post(reverse("accounts:device_end", args=[lost])).status_code == 302
    assert signed_out(phone)
    assert phone.get("/api/v1/me").status_code == 401
    assert not signed_out(laptop)
    assert Entry.objects.get(event="device.ended").facts == {"device": str(lost)}


def test_all_others_are_ended_and_this_one_stays(cast: Cast) -> None:
    here, *others = (come_in(cast, PHONE) for _ in range(3))
    assert here.post(reverse("accounts:devices_end")).status_code == 302
    assert [signed_out(one) for one in others] == [True, True]
    assert not signed_out(here)


def test_nobody_ends_the_device_of_another(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    phone = come_in(cast, PHONE)
    hers = phone.get(reverse("accounts:devices")).context["this"]
    assert signed_in(cast.charlie).post(reverse("accounts:device_end", args=[hers])).status_code == 404
    assert not signed_out(phone)


def test_a_device_stays_one_line_when_its_key_changes(cast: Cast) -> None:
    phone = come_in(cast, PHONE)
    device = Device.objects.get(person=cast.alice)
    answers = {"name": "Alice", "email": "alice@example.org", "password": "two socks and a spoon"}
    assert phone.post(reverse("accounts:me"), answers).status_code == 302
    after = Device.objects.get(person=cast.alice)
    assert (after.pk, after.session_key != device.session_key) == (device.pk, True)


def test_the_last_day_is_kept_once_a_day_and_other_pages_ask_nothing_more(cast: Cast) -> None:
    phone, page = come_in(cast, PHONE), reverse("families:child", args=[cast.mia.pk])
    phone.get(page)  # which child was seen last is kept

    def of_devices() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert phone.get(page).status_code == 200
        return [query["sql"].split()[0] for query in asked if "accounts_device" in query["sql"]]

    assert of_devices() == ["SELECT"]
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    with time_machine.travel(tomorrow):
        assert of_devices() == ["SELECT", "UPDATE"]
        assert of_devices() == ["SELECT"]
    assert abs(Device.objects.get(person=cast.alice).seen_at - tomorrow) < timedelta(minutes=1)


@pytest.mark.parametrize(("idle", "out"), [(timedelta(minutes=29), False), (timedelta(minutes=31), True)])
def test_a_practitioner_who_does_nothing_for_half_an_hour_is_signed_out(cast: Cast, idle: timedelta, out: bool) -> None:
    make_practitioner(person=cast.alice, by=None)
    browser, now = strong_browser(cast.alice), timezone.now()
    with time_machine.travel(now + timedelta(minutes=20)):
        assert not signed_out(browser)  # each page begins the half hour anew
    with time_machine.travel(now + timedelta(minutes=20) + idle):
        assert signed_out(browser) is out
        assert (browser.get("/api/v1/me").status_code == 401) is out


def test_a_practitioners_day_ends_after_twelve_hours_however_busy(cast: Cast) -> None:
    make_practitioner(person=cast.alice, by=None)
    browser, now = strong_browser(cast.alice), timezone.now()
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert not signed_out(browser)
    with time_machine.travel(now + timedelta(hours=12, seconds=1)):
        assert signed_out(browser)


def test_who_becomes_a_practitioner_is_so_on_every_device_at_once(cast: Cast) -> None:
    phone = come_in(cast, PHONE)
    make_practitioner(person=cast.alice, by=None)
    assert Device.objects.get(person=cast.alice).expire_date <= timezone.now() + timedelta(minutes=30)
    assert phone.get(reverse("families:home")).headers["Location"] == reverse("accounts:surer")


def test_a_phone_by_the_crib_stays_signed_in_for_ninety_days_after_its_last(cast: Cast) -> None:
    phone, now = come_in(cast, PHONE), timezone.now()
    for days, out in ((80, False), (160, False), (251, True)):
        with time_machine.travel(now + timedelta(days=days)):
            assert signed_out(phone) is out, days


def test_what_matters_asks_again_after_ten_minutes_and_leads_back(cast: Cast) -> None:
    phone, later = come_in(cast, PHONE), timezone.now() + timedelta(minutes=11)
    page = reverse("accounts:ways")
    assert phone.get(page).status_code == 200
    with time_machine.travel(later):
        asked = phone.get(page).headers["Location"]
        assert asked.startswith(reverse("accounts:again"))
        assert phone.get(asked).status_code == 200
        assert phone.post(asked, {"password": "wrong"}).status_code == 422
        assert phone.post(asked, {"password": PASSWORD}).headers["Location"] == page
        assert phone.get(page).status_code == 200


def test_at_home_the_link_made_again_is_proof_enough_and_leads_back(cast: Cast) -> None:
    phone, page = come_in(cast, PHONE), reverse("accounts:ways")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        phone.get(phone.get(page).headers["Location"])
        link = make_sign_in_link(person=cast.alice, by=None)
        assert phone.post(reverse("accounts:enter", args=[link])).headers["Location"] == page
        assert phone.get(page).status_code == 200


def test_a_new_address_asks_again_and_a_new_name_does_not(cast: Cast) -> None:
    phone = come_in(cast, PHONE)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        named = phone.post(reverse("accounts:me"), {"name": "Mama", "email": "alice@example.org"})
        assert named.headers["Location"] == reverse("accounts:me")
        asked = phone.post(reverse("accounts:me"), {"email": "other@example.org"}).headers["Location"]
        assert asked.startswith(reverse("accounts:again"))
    cast.alice.refresh_from_db()
    assert (cast.alice.name, cast.alice.email) == ("Mama", "alice@example.org")


@pytest.mark.parametrize(
    ("referer", "back"), [("http://testserver/child/1/sharing/", "/child/1/sharing/"), ("https://evil.example/x", "")]
)
def test_a_form_that_asks_again_leads_back_to_its_own_page(referer: str, back: str) -> None:
    request = SimpleNamespace(
        method="POST", headers={"Referer": referer}, session={}, get_host=lambda: "testserver",
        get_full_path=lambda: "/child/1/sharing/end/",
    )  # fmt: skip
    guarded = access.fresh_sign_in_required(lambda request: HttpResponse("done"))
    assert guarded(request).headers["Location"].endswith(f"next={back.replace('/', '%2F')}")


def test_links_that_open_nothing_are_counted_and_a_good_one_waits_unspent(cast: Cast) -> None:
    token = make_sign_in_link(person=cast.alice, by=None)
    for _ in range(WrongTry.MOST):
        assert Client().post(reverse("accounts:enter", args=["x" * 43])).status_code == 410
    good = reverse("accounts:enter", args=[token])
    assert Client().post(good).status_code == 429
    with time_machine.travel(timezone.now() + WrongTry.COUNTS_FOR + timedelta(seconds=1)):
        assert Client().post(good).status_code == 302


def test_proving_again_is_counted_too(cast: Cast) -> None:
    phone = come_in(cast, PHONE)
    for _ in range(WrongTry.MOST):
        phone.post(reverse("accounts:again"), {"password": "wrong"})
    assert phone.post(reverse("accounts:again"), {"password": PASSWORD}).status_code == 422


def test_tries_at_the_same_time_count_before_they_are_known_to_be_wrong(db: None) -> None:
    under_way = [Try(person="one").__enter__() for _ in range(WrongTry.MOST)]
    with pytest.raises(TooManyTries):
        Try(person="one").__enter__()
    under_way[0].fitted()
    Try(person="one").__enter__()


def test_an_unknown_address_takes_as_much_work_as_a_known_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    hasher, work = type(get_hasher()), []
    for name in ("encode",):
        monkeypatch.setattr(hasher, name, _counted(getattr(hasher, name), work))
    found = []
    for email in ("alice@example.org", "nobody@example.org", "bob@example.org"):
        work.clear()
        Client().post(reverse("accounts:sign_in"), {"email": email, "password": "wrong"})
        found.append(len(work))
    assert found[0] == found[1] == found[2] > 0


def _counted(encode: Callable[..., str], work: list[int]) -> Callable[..., str]:
    def counted(*args: object, **kwargs: object) -> str:
        work.append(1)
        return encode(*args, **kwargs)

    return counted


def test_behind_what_speaks_https_the_address_it_saw_counts_not_what_the_browser_claims(settings: Settings) -> None:
    request = SimpleNamespace(headers={"X-Forwarded-For": "10.9.9.9, 192.0.2.7"}, META={"REMOTE_ADDR": "127.0.0.1"})
    assert machine_of(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert machine_of(request) == "192.0.2.7"


@pytest.mark.parametrize(
    ("agent", "code"),
    [(PHONE, "firefox android"), (LAPTOP, "safari mac"), ("", ""), ("curl/8", ""), ("Linux", "other linux")],
)
def test_a_browser_is_two_words_and_nothing_finer(agent: str, code: str) -> None:
    assert browser_of(agent) == code


def test_whoever_was_signed_in_before_the_change_stays_so(cast: Cast) -> None:
    from importlib import import_module

    from django.apps import apps

    session = OldStore()
    session.update({"_auth_user_id": str(cast.alice.pk), "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
                    "_auth_user_hash": cast.alice.get_session_auth_hash()})  # fmt: skip
    session.create()
    import_module("attunement_web.accounts.migrations.0002_devices").keep_signed_in(apps, None)
    phone = Client()
    phone.cookies["sessionid"] = session.session_key
    assert not signed_out(phone)
    assert phone.get(reverse("accounts:ways")).status_code == 302  # but nothing was proved just now


@pytest.mark.parametrize("how", ["password", "code"])
def test_proving_again_makes_a_new_key_and_the_old_one_opens_nothing(cast: Cast, how: str) -> None:
    phone = Client()
    phone.force_login(cast.alice)
    secret = bridge.new_secret()
    with time_machine.travel(timezone.now() - timedelta(minutes=2), tick=False):
        assert add_app(person=cast.alice, secret=secret, code=code_of(secret), by=cast.alice)
    before, device = phone.cookies["sessionid"].value, Device.objects.get(person=cast.alice).pk
    typed = {"password": PASSWORD} if how == "password" else {"code": code_of(secret)}
    assert phone.post(reverse("accounts:again"), typed).status_code == 302
    stolen = Client()
    stolen.cookies["sessionid"] = before
    assert signed_out(stolen)
    assert not signed_out(phone)
    assert Device.objects.get(person=cast.alice).pk == device
