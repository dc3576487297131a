"""Whoever changes a moment holds its family, then the moment, then the ledger's chains, as a phone's push does.

SQLite has one writer at a time; PostgreSQL ends one of two that hold these the other way round and wait for each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.recordings import read
from tests.universe import Cast
from tests.web.sync.phone import Phone, moment

from attunement_web.coding import actions as coding
from attunement_web.diary import actions as diary
from attunement_web.diary.models import Moment, OtherVersion

pytestmark = pytest.mark.django_db
HELD = {
    "family": re.compile(r'UPDATE "?families_family'),
    "moment": re.compile(r'(UPDATE|DELETE FROM) "?diary_moment'),
    "recording": re.compile(r'(UPDATE|DELETE FROM) "?coding_recording'),
    "chain": re.compile(r'SELECT .* FROM "?ledger_chain'),
}
CHANGES: dict[str, Callable[[Cast, Moment], Any]] = {
    "changed": lambda cast, one: diary.change_moment(moment=one, by=cast.alice, words="later"),
    "corrected": lambda cast, one: diary.note_moment(
        child=cast.mia, tap=diary.Tap(id=one.pk, signal="cry"), by=cast.alice
    ),
    "moved": lambda cast, one: diary.move_moment(moment=one, to=cast.noah, by=cast.alice),
    "moved as a version said": lambda cast, one: diary.use_version(
        moment=one, version=OtherVersion.objects.get(), by=cast.alice, to=cast.noah
    ),
    "removed": lambda cast, one: diary.remove_moment(moment=one, by=cast.alice),
    "its day confirmed": lambda cast, one: diary.day_is_right(moment=one, by=cast.alice),
}


def held_by(act: Callable[[], Any]) -> list[str]:
    """What an action takes and keeps to its end, in order."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return [what for one in asked for what, statement in HELD.items() if statement.search(one["sql"])]


@pytest.mark.parametrize("what", CHANGES)
def test_the_family_is_held_before_the_moment_and_both_before_the_chains(cast: Cast, what: str) -> None:
    phone = Phone(cast.alice, cast.mia)
    one = phone.note(signal="coo")
    phone.push()
    OtherVersion.objects.create(moment_id=one, field="child", value=str(cast.noah.pk), revision=1)
    held = held_by(lambda: CHANGES[what](cast, moment(one)))
    assert list(dict.fromkeys(held)) == ["family", "moment", "chain"]


def test_a_recording_that_was_never_kept_is_let_go_before_the_chain_is_held(cast: Cast) -> None:
    waiting = coding.show_recording(child=cast.mia, name="a.csv", read=read(), by=cast.alice)
    held = held_by(lambda: coding.remove_recording(recording=waiting, by=cast.alice))
    assert held[-1] == "chain"
