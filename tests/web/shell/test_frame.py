"""The frame of each page: help in reach, headers, kind words when something went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.messages.storage.base import Message
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import get_resolver, include, path, reverse
from pytest_django import Settings
from tests.universe import Cast

import attunement_web.shell
from attunement_web.accounts.actions import make_sign_in_link
from attunement_web.accounts.models import User
from attunement_web.shell.views import our_fault
from attunement_web.site import policies, urls

Browser = Callable[[User], Client]
HELP = "/help/now/"
# Stay on the phone for when there is no network; they name nobody.
KEPT = {HELP, "/manifest.webmanifest", "/sw.js", "/offline/"}
OPEN = {*KEPT, "/sign-in/", "/sign-in/passkey/", "/learn/", "/help/unsafe/", "/healthz", "/api/v1/openapi.json"}
STATIC = Path(attunement_web.shell.__file__).parent / "static" / "shell"


def fall(request: HttpRequest, how: str) -> HttpResponse:
    raise {"400": BadRequest, "403": PermissionDenied, "500": ZeroDivisionError}[how]("the words of an exception")


fall.login_required = False
urlpatterns = [path("fall/<how>/", fall, name="fall"), path("", include(urls.urlpatterns))]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.mark.parametrize("how", ["400", "403", "404", "500"])
@pytest.mark.urls("tests.web.shell.test_frame")
def test_each_trouble_has_a_kind_page_with_a_way_on_and_help(
    db: None, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(policies.PAGES, "fall", policies.look("open"))
    page = Client(raise_request_exception=False).get(f"/fall/{how}/" if how != "404" else "/nowhere/")
    if page.status_code == 302:  # a stranger is asked to sign in before an address is looked up
        page = Client().get(page.headers["Location"])
    else:
        assert page.status_code == int(how)
        assert ("exception" in page.text) == (how == "403")  # 403 says why; nothing else shows its inside
    assert "Urgent help" in page.text
    assert "not a medical device" in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in page.headers["Cache-Control"]


def test_a_page_that_is_not_there_says_so_to_those_who_are_in(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.alice).get("/nowhere/")
    assert page.status_code == 404
    assert "Nothing of yours is lost" in page.text


def test_our_own_fault_is_told_without_asking_the_database() -> None:
    page = our_fault(RequestFactory().get("/"))  # this test may not use the database: it would break here
    assert page.status_code == 500
    assert "It is not you" in page.text


@pytest.mark.django_db
def test_a_stale_form_and_a_foreign_page_change_nothing(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.alice)
    page = strict.post(reverse("accounts:sign_out"))
    assert page.status_code == 403
    assert "open for a while" in page.text
    foreign = Client(headers={"Sec-Fetch-Site": "cross-site"})
    foreign.force_login(cast.alice)
    assert foreign.post(reverse("accounts:sign_out")).status_code == 403
    assert foreign.get(reverse("accounts:me")).status_code == 200


def plain_pages() -> list[str]:
    """Addresses without parameters, of whatever apps are there."""
    names = [
        (ns, pattern.name) for ns, (_, inner) in get_resolver().namespace_dict.items() for pattern in inner.url_patterns
    ]
    return [reverse(f"{ns}:{name}") for ns, name in names if not re.search(r"[<(]", route_of(ns, name))]


def route_of(namespace: str, name: str) -> str:
    patterns = get_resolver().namespace_dict[namespace][1].url_patterns
    return next(str(pattern.pattern) for pattern in patterns if pattern.name == name)


def test_every_answer_carries_the_headers(cast: Cast, signed_in: Browser) -> None:
    pages = [address for address in plain_pages() if not address.startswith("/api/")]  # tests/web/api looks at those
    assert len(pages) >= 6
    for browser in (Client(), signed_in(cast.alice)):
        for address in [*pages, "/nowhere/", reverse("families:child", args=[cast.mia.pk])]:
            headers = browser.get(address).headers
            policy = headers["Content-Security-Policy"]
            for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
                assert part in policy, address
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert headers["X-Frame-Options"] == "DENY"
            kept = address in KEPT
            assert ("no-store" in headers["Cache-Control"]) != kept, address


def test_strangers_see_only_the_pages_that_say_so(db: None) -> None:
    open_to_all = {address for address in plain_pages() if Client().get(address).status_code == 200}
    assert open_to_all <= OPEN


def test_the_page_that_a_phone_keeps_names_nobody(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.alice).get(HELP)
    assert page.status_code == 200
    assert not [name for name in ("Mia", "Noah", "Alice", str(cast.mia.pk)) if name in page.text]


def test_cookies_stay_away_from_scripts_and_other_sites(cast: Cast, client: Client) -> None:
    browser = client
    door = reverse("accounts:enter", args=[make_sign_in_link(person=cast.alice, by=None)])
    browser.get(door)
    browser.post(door)
    browser.post(reverse("shell:look"), {"look": "dark", "back": "/"})
    assert set(browser.cookies) == {"csrftoken", "sessionid", "look"}
    for cookie in browser.cookies.values():
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["httponly"], cookie.key


class Outline(HTMLParser):
    """Start tags of a page: (name, attributes)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_frame_names_the_child_its_places_and_help(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.alice).get(reverse("families:child", args=[cast.noah.pk])).text
    tags = Outline(page).tags
    links = {attrs.get("href") for tag, attrs in tags if tag == "a"}
    assert {HELP, "#content", reverse("accounts:me")} <= links
    assert {f"/child/{cast.noah.pk}/{place}" for place in ("", "moments/", "note/", "milestones/", "ideas/")} <= links
    assert f"/child/{cast.mia.pk}/" in links, "the other child is one tap away"
    assert sum(tag == "link" and attrs["rel"] == "stylesheet" for tag, attrs in tags) <= 6
    assert not [attrs for _, attrs in tags if "style" in attrs or any(name.startswith("on") for name in attrs)]


def test_light_or_dark_is_kept_and_leads_back(client: Client, db: None) -> None:
    answer = client.post(reverse("shell:look"), {"look": "dark", "back": "/sign-in/"})
    assert answer.headers["Location"] == "/sign-in/"
    assert 'data-look="dark"' in client.get("/sign-in/").text
    for wrong in ({"look": "pink", "back": "/"}, {"look": "dark", "back": "https://example.com/"}):
        assert client.post(reverse("shell:look"), wrong).status_code == 404


def test_the_gallery_is_for_builders(settings: Settings, client: Client, db: None) -> None:
    assert client.get(reverse("shell:gallery")).status_code == 404
    settings.DEBUG = True
    assert client.get(reverse("shell:gallery")).status_code == 200


def test_a_note_offers_the_way_back() -> None:
    shown = render_to_string("shell/_notes.html", {"messages": [Message(25, "Kept.", extra_tags="/undo/")]})
    assert 'role="status"' in shown
    assert 'action="/undo/"' in shown
    assert "<form" not in render_to_string("shell/_notes.html", {"messages": [Message(25, "Kept.")]})


def test_an_unknown_shape_is_a_slip_of_ours() -> None:
    with pytest.raises(ValueError, match="circle"):
        engines["django"].from_string('{% load shell %}{% shape "circle" %}').render()
