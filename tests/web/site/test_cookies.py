"""Over HTTPS a cookie is this site's alone: no other name beside it, and nobody on plain HTTP, can set or read one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.web.site.test_settings import run

VISIT = """import json, django; django.setup()
from django.conf import settings as ours
from django.core.management import call_command
from django.test import Client
from attunement_web.site.storage import collect_when_changed
call_command("migrate", verbosity=0)
collect_when_changed()
from attunement_web.accounts.actions import make_sign_in_link, person_of_household
door = f"/enter/{make_sign_in_link(person=person_of_household(), by=None)}/"
browser = Client(headers={"host": ours.ALLOWED_HOSTS[0]})
asked = {"secure": True} if ours.HTTPS else {}
browser.get(door, **asked), browser.post(door, **asked)
browser.post("/look/", {"look": "dark", "back": "/"}, **asked)
signed_in = browser.get("/me/", **asked)
cookies = {name: [bool(one["secure"]), one["path"], one["domain"]] for name, one in browser.cookies.items()}
print(json.dumps([signed_in.status_code, 'data-look="dark"' in signed_in.text, cookies, ours.LANGUAGE_COOKIE_NAME]))"""


@pytest.mark.own_database
@pytest.mark.parametrize(("https", "prefix"), [("1", "__Host-"), ("own", "__Host-"), ("0", "")])
def test_over_https_each_cookie_belongs_to_this_very_name(tmp_path: Path, https: str, prefix: str) -> None:
    told = run(VISIT, tmp_path, ATTUNEMENT_HTTPS=https, ATTUNEMENT_ALLOWED_HOSTS="baby.example.org")
    status, is_dark, cookies, language = json.loads(told.splitlines()[-1])
    assert (status, is_dark) == (200, True)
    assert set(cookies) == {f"{prefix}{name}" for name in ("sessionid", "csrftoken", "look")}
    assert language == f"{prefix}django_language"
    assert {tuple(said) for said in cookies.values()} == {(bool(prefix), "/", "")}
