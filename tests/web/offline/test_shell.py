"""The installed app's own files: a manifest, a worker that keeps nothing of anybody, a page that is nobody's."""

from __future__ import annotations

import json
import re
import struct
from html import unescape

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from django.urls import reverse
from tests.tone import banned_words
from tests.universe import Cast

from attunement_web.offline import queries

pytestmark = pytest.mark.django_db

PLACES = ("offline:manifest", "offline:worker", "offline:shell")


@pytest.mark.parametrize("name", PLACES)
def test_it_is_the_same_for_a_stranger_and_for_the_family(cast: Cast, client: Client, signed_in, name: str) -> None:
    page = signed_in(cast.alice)
    page.get(reverse("today:today", args=[cast.mia.pk]))
    stranger, hers = client.get(reverse(name)), page.get(reverse(name))
    assert stranger.content == hers.content
    assert not hers.cookies and not stranger.cookies
    assert "nonce" not in hers.content.decode()


@pytest.mark.parametrize("name", PLACES)
def test_it_asks_the_database_nothing(client: Client, name: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response = client.get(reverse(name))
    assert response.headers["Cache-Control"] == "no-cache"  # kept, but always asked about


def test_the_manifest_offers_noting_and_its_icons_are_as_large_as_they_say(client: Client) -> None:
    told = json.loads(client.get(reverse("offline:manifest")).content)
    assert (told["display"], told["scope"]) == ("standalone", "/")
    assert [one["name"] for one in told["shortcuts"]] == ["Note a moment", "Urgent help"]
    assert {one["purpose"] for one in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        with open(find(icon["src"].removeprefix("/static/")), "rb") as file:
            width, height = struct.unpack(">II", file.read(24)[16:])
        assert icon["sizes"] == f"{width}x{height}"


def test_the_worker_keeps_the_shell_and_static_files_only(client: Client) -> None:
    files = queries.shell_files("a page")
    assert all(address.startswith("/static/") for address in files.addresses)
    assert any(address.startswith("/static/offline/logic/sync") for address in files.addresses)
    worker = client.get(reverse("offline:worker")).content.decode()
    assert json.loads(re.search(r"FILES = (\[.*?\]);", worker)[1]) == list(files.addresses)
    assert worker.count("cache.addAll") == 1 and "cache.put" not in worker  # nothing is kept as it passes by


def test_the_worker_is_another_one_when_a_page_or_a_file_changes() -> None:
    first = queries.shell_files("a page")
    assert queries.shell_files("a page") == first
    assert queries.shell_files("another page").print != first.print


def test_each_script_of_the_shell_imports_only_what_the_worker_keeps(client: Client) -> None:
    kept = set(queries.shell_files("").addresses)
    page = client.get(reverse("offline:shell")).content.decode()
    wanted = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert {address for address in wanted if "/icons/" not in address} <= kept


def test_no_script_and_no_style_stands_in_the_page(client: Client) -> None:
    page = client.get(reverse("offline:shell")).content.decode()
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    assert re.findall(r"<style| style=| on\w+=", page) == []


def test_its_words_are_kind(client: Client) -> None:
    page = client.get(reverse("offline:shell")).content.decode()
    text = unescape(re.sub(r"<[^>]+>", " ", page))
    assert banned_words(text) == []


def test_every_page_of_a_person_names_the_app_and_strangers_get_none_of_it(
    cast: Cast, client: Client, signed_in
) -> None:
    hers = signed_in(cast.alice).get(reverse("today:today", args=[cast.mia.pk])).content.decode()
    assert f'data-person="{cast.alice.pk}"' in hers
    assert f'data-child="{cast.mia.pk}"' in hers
    assert reverse("offline:manifest") in hers
    stranger = client.get(reverse("accounts:sign_in")).content.decode()
    assert "data-person" not in stranger and "offline/ui/page" not in stranger
    assert "offline/ui/ended" in stranger  # lets go what lies here of somebody who was signed in
    assert "offline/ui" not in client.get(reverse("learning:urgent")).content.decode()
