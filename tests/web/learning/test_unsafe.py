"""A page for somebody who is afraid of a person who has access: near, kind, and without a trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from django.apps import apps
from django.test import Client
from django.urls import reverse
from tests.tone import banned_words, grade
from tests.universe import Cast

from attunement_web.accounts.actions import make_sign_in_link
from attunement_web.accounts.models import Device, User
from attunement_web.ledger.models import Entry

Browser = Callable[[User], Client]
PAGE = "/help/unsafe/"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36"


def test_it_is_one_tap_from_urgent_help_from_about_you_and_from_who_may_see(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.alice)
    for place in (reverse("learning:urgent"), reverse("accounts:me"), reverse("families:sharing", args=[cast.mia.pk])):
        assert f'href="{PAGE}"' in browser.get(place).text, place


def test_it_leads_to_everything_that_can_be_changed(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.alice).get(PAGE).text
    ways = [reverse(f"accounts:{name}") for name in ("devices", "me", "ways")]
    ways += [
        reverse(name, args=[child.pk]) for name in ("families:sharing", "api:tokens") for child in (cast.mia, cast.noah)
    ]
    assert all(f'href="{way}"' in page for way in ways)
    ruths = signed_in(cast.ruth).get(PAGE).text
    assert reverse("api:tokens", args=[cast.mia.pk]) not in ruths, "where she may not go, nothing leads"


def test_leaving_is_a_plain_link_that_a_script_makes_better(client: Client, db: None) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.text.count('href="about:blank"') == 2
    assert page.text.index('href="about:blank"') < page.text.index("<h1>"), "the first thing one reaches"
    assert "data-leave" in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_opening_it_is_written_down_nowhere_and_changes_no_page_of_another(cast: Cast, signed_in: Browser) -> None:
    bob, alice = signed_in(cast.bob), signed_in(cast.alice)
    shared = [reverse(name, args=[cast.mia.pk]) for name in ("families:who_looked", "families:sharing", "today:today")]
    csrf = re.compile(r'value="\w{64}"')
    before, lines = [csrf.sub("", bob.get(place).text) for place in shared], Entry.objects.count()
    kept = sorted(Device.objects.values_list("session_key", "session_data"))
    alice.get(PAGE)
    assert Entry.objects.count() == lines
    assert sorted(Device.objects.values_list("session_key", "session_data")) == kept
    assert [csrf.sub("", bob.get(place).text) for place in shared] == before


def test_the_title_and_the_frame_say_nothing_to_somebody_who_glances_over(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.alice).get(PAGE).text
    assert "<title>Help · Attunement</title>" in page
    assert cast.alice.name not in page


def test_nobody_sees_on_what_another_person_is_signed_in(cast: Cast, signed_in: Browser) -> None:
    his = Client(headers={"User-Agent": ANDROID})
    door = reverse("accounts:enter", args=[make_sign_in_link(person=cast.bob, by=None)])
    his.get(door)
    his.post(door)
    assert "Samsung" in his.get(reverse("accounts:devices")).text, "he himself does"
    hers = signed_in(cast.alice)
    assert not [place for place in family_pages(cast) if "samsung" in hers.get(place).text.lower()]


def family_pages(cast: Cast) -> list[str]:
    names = ("today:today", "diary:moments", "families:child", "families:sharing", "families:who_looked", "api:tokens")
    return [reverse(name, args=[cast.mia.pk]) for name in names] + [
        PAGE,
        reverse("accounts:devices"),
        reverse("accounts:me"),
    ]


def test_no_table_has_room_for_a_place() -> None:
    fields = {f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.get_fields()}
    place = re.compile(r"(?i)(^|_)(lat|lon|latitude|longitude|location|gps|geo|ip|city|street)(_|$)")
    assert not [name for name in fields if place.search(name.rpartition(".")[2])]


def test_its_words_are_plain_and_blame_nobody(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.alice).get(PAGE).text.partition("<main")[2]
    lines = [
        unescape(re.sub(r"<[^>]+>", "", part)).strip() for part in re.split(r"</?(?:p|li|h\d|main|ol|ul)[^>]*>", page)
    ]
    lines = [line for line in lines if len(line.split()) > 1]
    assert len(lines) > 15
    assert not [banned_words(line) for line in lines if banned_words(line)]
    assert grade("\n".join(line if line[-1] in ".:" else f"{line}." for line in lines)) <= 6
