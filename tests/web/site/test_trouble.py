"""When nothing can be written, the page says that it is not saved, why, and keeps what was typed."""

from __future__ import annotations

import errno
import json
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from tests.tone import banned_words
from tests.universe import Cast

from attunement_web.diary import actions
from attunement_web.site.trouble import reason_of

pytestmark = pytest.mark.django_db
WORDS = "we <b>laughed</b> & waved"


def driver(error: Exception, **about: str) -> Exception:
    """As Django wraps what a driver raised."""
    cause = Exception("from the driver")
    vars(cause).update(about)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OperationalError("database or disk is full"), "full"),
        (OperationalError("database is locked"), "busy"),
        (OperationalError("attempt to write a readonly database"), "read-only"),
        (OperationalError("disk I/O error"), "broken"),
        (driver(DatabaseError("database disk image is malformed")), "broken"),
        (driver(OperationalError("could not extend file"), sqlstate="53100"), "full"),
        (driver(OperationalError("canceling statement"), sqlstate="55P03"), "busy"),
        (InterfaceError("the connection is closed"), "broken"),
        (OSError(errno.ENOSPC, "No space left on device"), "full"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only"),
        (DatabaseError("Forced update did not affect any rows."), None),
        (IntegrityError("NOT NULL constraint"), None),
        (ValueError("ours"), None),
        (None, None),
    ],
)
def test_why_nothing_could_be_kept(error: Exception | None, reason: str | None) -> None:
    assert reason_of(error) == reason


@pytest.fixture
def alice(cast: Cast) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.alice)
    return browser


def full(*_: Any, **__: Any) -> None:
    raise OperationalError("database or disk is full")


def test_what_was_typed_is_in_the_page_and_goes_again_with_one_tap(
    alice: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = actions.note_moment(child=cast.mia, tap=actions.Tap(id=cast.mia.pk, signal="cry"), by=cast.alice)
    address = reverse("diary:kept", args=[cast.mia.pk, moment.pk])
    typed = {"when": "now", "child": str(cast.mia.pk), "words": WORDS, "acts": ["rock", "talk"]}
    with monkeypatch.context() as broken:
        broken.setattr(actions, "change_moment", full)
        answer = alice.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 507
    assert "This is not saved yet" in page
    assert page.count(escape(WORDS)) == 2
    assert WORDS not in page
    assert f'action="{address}"' in page
    assert page.count('name="acts"') == 2
    assert banned_words(page) == []
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert alice.post(address, typed).status_code == 302
    moment.refresh_from_db()
    assert moment.words == WORDS


def test_a_page_that_cannot_be_read_says_so_and_offers_no_form(
    alice: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attunement_web.diary.queries.timeline", full)
    answer = alice.get(reverse("diary:moments", args=[cast.mia.pk]))
    page = answer.content.decode()
    assert answer.status_code == 507
    assert "cannot show this" in page
    assert "not saved" not in page
    assert "<form" not in page


def test_a_password_is_not_put_into_a_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("attunement_web.accounts.views.coming.SignInForm", full)
    answer = client.post(reverse("accounts:sign_in"), {"email": "a@example.org", "password": "sesame in the kitchen"})
    assert answer.status_code == 507
    assert b"sesame" not in answer.content
    assert b"Try again" not in answer.content


def test_a_program_gets_a_code(alice: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked: a canary")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", broken)
    answer = alice.post(
        f"/api/v1/children/{cast.mia.pk}/moments", json.dumps({"signal": "cry"}), content_type="application/json"
    )
    assert answer.status_code == 503
    assert answer.json()["code"] == "not-saved-busy"
    assert answer.headers["Retry-After"] == "2"
    assert b"canary" not in answer.content


def test_a_mistake_of_ours_is_our_fault(alice: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise IntegrityError("a canary")

    monkeypatch.setattr("attunement_web.diary.queries.timeline", broken)
    answer = alice.get(reverse("diary:moments", args=[cast.mia.pk]))
    assert answer.status_code == 500
    assert b"on our side" in answer.content
