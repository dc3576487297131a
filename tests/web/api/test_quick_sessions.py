"""The short way of a push from our own page: the long way's answers, for whatever a browser may show."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.middleware.csrf import CsrfViewMiddleware
from django.test import Client
from tests.universe import Cast
from tests.web.api.conftest import made
from tests.web.api.test_quick import Answer, Ways, body_of, phone_with
from tests.web.api.test_quick import ways as ways
from tests.web.sync.phone import Phone

from attunement_web.accounts.models import Device, User
from attunement_web.api import access
from attunement_web.api.models import Token
from attunement_web.api.queries import calling
from attunement_web.api.views import ours, quick
from attunement_web.diary.models import Moment

CSRF = "a" * 32
Environ = dict[str, str]


@dataclass
class Browser:
    """Somebody signed in on our own page, as what she sends shows it."""

    ways: Ways
    key: str
    csrf: str = CSRF

    def shows(self, **other: str | None) -> Environ:
        sent = {
            "HTTP_COOKIE": f"{site.SESSION_COOKIE_NAME}={self.key}; {site.CSRF_COOKIE_NAME}={self.csrf}",
            "HTTP_X_CSRFTOKEN": CSRF, "HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin",
            "HTTP_REFERER": "http://testserver/", **other,
        }  # fmt: skip
        return {name: value for name, value in sent.items() if value is not None}

    def ask(self, body: bytes, *, by: str = "short", **other: Any) -> Answer:
        return self.ways.ask("", body, by=by, **self.shows(**other))


@pytest.fixture
def browser(ways: Ways, cast: Cast) -> Browser:
    client = Client()
    client.force_login(cast.alice)
    return Browser(ways, client.cookies[site.SESSION_COOKIE_NAME].value)


@pytest.mark.parametrize("count", [0, 1, 30])
@pytest.mark.parametrize("accepts", ["", "gzip, br"])
def test_both_ways_answer_alike_to_the_last_header(browser: Browser, cast: Cast, count: int, accepts: str) -> None:
    phone = phone_with(cast, count)
    browser.ask(body_of(phone))
    assert Moment.objects.count() == count
    short = browser.ask(body_of(phone), HTTP_ACCEPT_ENCODING=accepts)
    assert browser.ways.went_on == 0
    status, headers, content = browser.ask(body_of(phone), by="long", HTTP_ACCEPT_ENCODING=accepts)
    assert short[0] == status == "200 OK"
    assert short[2] == content
    assert {name for name in headers if headers[name] != short[1][name]} <= {"Content-Length"}  # padded at random
    assert headers.keys() == short[1].keys()


@pytest.mark.parametrize(
    "other",
    [
        {"HTTP_SEC_FETCH_SITE": None},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": None},
        {"HTTP_REFERER": None},
        {"HTTP_COOKIE_MORE": "x"},
    ],
)
def test_what_a_browser_may_leave_out_goes_the_short_way_too(
    browser: Browser, cast: Cast, other: dict[str, Any]
) -> None:
    assert browser.ask(body_of(phone_with(cast, 1)), **other)[0] == "200 OK"
    assert browser.ways.went_on == 0


def cookie(*, key: str = "", csrf: str = CSRF) -> Environ:
    named = {site.SESSION_COOKIE_NAME: key, site.CSRF_COOKIE_NAME: csrf}
    return {"HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in named.items() if value)}


def over(cast: Cast) -> None:
    Device.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))


def ended(cast: Cast) -> None:
    Device.objects.all().delete()


def of_nobody(cast: Cast) -> None:
    Device.objects.update(session_data=Client().session.encode({"half": {}}))


def not_ours(cast: Cast) -> None:
    row = Device.objects.get()
    Device.objects.update(session_data=row.session_data[:-2] + ("aa" if row.session_data[-2:] != "aa" else "bb"))


def new_password(cast: Cast) -> None:
    cast.alice.set_password("a walk in the rain")
    cast.alice.save()


def not_active(cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)


def one_proof(cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(is_practitioner=True)


def link_alone(cast: Cast) -> None:
    site.HTTPS_OWN = True  # the fixture puts it back
    User.objects.filter(pk=cast.alice.pk).update(email=None)


def https_only(cast: Cast) -> None:
    site.SECURE_SSL_REDIRECT, site.SECURE_PROXY_SSL_HEADER = True, None


Change = Callable[[Cast], None]
NO_CHANGE: Change = lambda cast: None  # noqa: E731
SIGNED_OUT: dict[str, Change] = {
    one.__name__: one for one in (over, ended, of_nobody, not_ours, new_password, not_active, one_proof, link_alone)
}
SHOWN: dict[str, dict[str, str | None]] = {
    "no cookie": {"HTTP_COOKIE": None},
    "no session": cookie(),
    "a session nobody has": cookie(key="z" * 32),
    "a session of another shape": cookie(key="z" * 400),
    "no token": {"HTTP_X_CSRFTOKEN": None},
    "another token": {"HTTP_X_CSRFTOKEN": "b" * 32},
    "a token of another shape": {"HTTP_X_CSRFTOKEN": "b"},
    "another site": {"HTTP_SEC_FETCH_SITE": "cross-site"},
    "another name of this site": {"HTTP_SEC_FETCH_SITE": "same-site"},
    "another origin": {"HTTP_ORIGIN": "http://elsewhere.example"},
    "an origin that is hidden": {"HTTP_ORIGIN": "null"},
    "another host": {"HTTP_HOST": "elsewhere.example"},
    "a form": {"CONTENT_TYPE": "application/x-www-form-urlencoded"},
    "plain text": {"CONTENT_TYPE": "text/plain"},
}
TOO_LATE = {"a form", "plain text"}  # the long way takes them; they only go there


@pytest.fixture
def refused(browser: Browser, cast: Cast, settings: Any) -> Callable[..., Answer]:
    """The answer to something that both ways refuse alike, with nothing kept."""
    settings.HTTPS_OWN, settings.SECURE_SSL_REDIRECT = False, False  # put back after the test, whatever it sets

    def ask(change: Change = NO_CHANGE, **shown: str | None) -> Answer:
        change(cast)
        body = body_of(phone_with(cast, 1))
        answer = browser.ask(body, **shown)
        assert browser.ways.went_on == 1
        assert Moment.objects.count() == 0
        assert answer == browser.ask(body, by="long", **shown)
        return answer

    return ask


@pytest.mark.parametrize("how", SIGNED_OUT)
def test_who_is_not_signed_in_any_more_is_nobody(refused: Callable[..., Answer], how: str) -> None:
    assert refused(SIGNED_OUT[how])[0].startswith("401")


@pytest.mark.parametrize("what", SHOWN.keys() - TOO_LATE)
def test_what_does_not_come_from_our_own_page_is_refused(
    refused: Callable[..., Answer], browser: Browser, what: str
) -> None:
    shown = SHOWN[what]
    expected = "401" if "cookie" in what or "session" in what else "400" if "host" in what else "403"
    assert refused(**shown)[0].startswith(expected)


def test_a_form_token_that_is_missing_as_a_cookie_or_has_another_shape_is_refused(
    refused: Callable[..., Answer], browser: Browser
) -> None:
    assert refused(**cookie(key=browser.key, csrf=""))[0].startswith("403")
    browser.ways.went_on = 0
    assert refused(**cookie(key=browser.key, csrf="b"))[0].startswith("403")


def test_over_https_the_page_has_to_be_told(refused: Callable[..., Answer], browser: Browser) -> None:
    secure: Any = {"wsgi.url_scheme": "https", "HTTP_ORIGIN": None}
    assert refused(https_only, **secure, HTTP_REFERER=None)[0].startswith("403")
    browser.ways.went_on = 0
    assert refused(https_only, **secure, HTTP_REFERER="https://elsewhere.example/")[0].startswith("403")


def test_plain_http_is_refused_where_https_is_asked_for(refused: Callable[..., Answer]) -> None:
    assert refused(https_only)[0].startswith("403")


@pytest.mark.parametrize("what", TOO_LATE)
def test_a_body_that_may_hold_a_token_of_its_own_goes_the_long_way(browser: Browser, cast: Cast, what: str) -> None:
    body = body_of(phone_with(cast, 0))
    assert browser.ask(body, **SHOWN[what]) == browser.ask(body, by="long", **SHOWN[what])
    assert browser.ways.went_on == 1


def test_a_key_decides_where_one_is_shown_beside_the_cookie(browser: Browser, cast: Cast) -> None:
    body = body_of(phone_with(cast, 1))
    text = made(cast.bob, cast.mia)
    Token.objects.update(last_used=datetime.now(UTC).date())
    assert browser.ways.ask(text, body, **browser.shows())[0] == "200 OK"
    assert (Moment.objects.get().noted_by, browser.ways.went_on) == (cast.bob, 0)
    assert browser.ways.ask("att_" + "a" * 43, body, **browser.shows())[0].startswith("401")


def test_what_she_may_do_is_asked_with_each_operation(browser: Browser, cast: Cast) -> None:
    phone = Phone(cast.alice, cast.noah)
    cast.alice.memberships.all().delete()
    phone.note(signal="coo")
    short = browser.ask(body_of(phone))
    assert [one["verdict"] for one in json.loads(short[2])["results"]] == ["refused"]
    assert short[2] == browser.ask(body_of(phone), by="long")[2]
    assert (Moment.objects.count(), browser.ways.went_on) == (0, 0)


def test_those_who_come_together_are_each_their_own(ways: Ways, cast: Cast) -> None:
    keys = []
    for person in (cast.alice, cast.bob, cast.alice):
        client = Client()
        client.force_login(person)
        keys.append(client.cookies[site.SESSION_COOKIE_NAME].value)
    assert {key: one.person for key, one in access.callers_of_sessions([*keys, "z" * 32]).items()} == dict(
        zip(keys, (cast.alice, cast.bob, cast.alice), strict=True)
    )


def nothing(*_: Any, **__: Any) -> None:
    return None


# Each check turned off, and what is then let in: so each of the cases above can go red.
FAULTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], Any], Change, dict[str, str | None]]] = {
    "over": (
        lambda patch: patch.setattr(calling, "_SESSIONS", calling._SESSIONS.replace("expire_date >", "expire_date <>")),
        over, {},
    ),
    "password": (lambda patch: patch.setattr(access, "_is_still", lambda *_: True), new_password, {}),
    "active": (
        lambda patch: patch.setattr(calling, "_PEOPLE", calling._PEOPLE.replace(" AND is_active", "")), not_active, {}
    ),
    "two proofs": (lambda patch: patch.setattr(access, "is_sure_enough", lambda *_: True), one_proof, {}),
    "a way in of her own": (lambda patch: patch.setattr(access, "is_sure_enough", lambda *_: True), link_alone, {}),
    "token": (
        lambda patch: patch.setattr(CsrfViewMiddleware, "_check_token", nothing), NO_CHANGE, SHOWN["another token"]
    ),
    "site": (
        lambda patch: patch.setattr(ours, "STARTS", {*ours.STARTS, "cross-site"}), NO_CHANGE, SHOWN["another site"]
    ),
    "origin": (
        lambda patch: patch.setattr(CsrfViewMiddleware, "_origin_verified", lambda *_: True),
        NO_CHANGE, SHOWN["another origin"],
    ),
    "page": (
        lambda patch: patch.setattr(CsrfViewMiddleware, "_check_referer", nothing),
        https_only, {"wsgi.url_scheme": "https", "HTTP_ORIGIN": None, "HTTP_REFERER": None},
    ),
    "host": (
        lambda patch: (patch.setattr(quick, "_is_ours", lambda *_: True),
                       patch.setattr(CsrfViewMiddleware, "_origin_verified", lambda *_: True)),
        NO_CHANGE, SHOWN["another host"],
    ),
    "https": (lambda patch: patch.setattr(quick, "_is_secure", lambda _: True), https_only, {}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_check_that_is_turned_off_is_noticed(
    refused: Callable[..., Answer], browser: Browser, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    plant, change, shown = FAULTS[fault]
    plant(monkeypatch)
    with suppress(AssertionError):
        refused(change, **shown)
        pytest.fail("nobody would notice")
    assert browser.ways.went_on == 0
