"""A push costs as many statements for hundreds as for one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.universe import Cast
from tests.web.sync.phone import Phone

from attunement_web.diary.models import Moment
from attunement_web.sync import actions

MOST = 22  # with the savepoints, and the chains of the ledger that begin


def statements(phones: Sequence[Phone]) -> int:
    with CaptureQueriesContext(connection) as asked:
        replies = actions.push([phone.sends(list(phone.waiting)) for phone in phones])
    assert {one.verdict for reply in replies for one in reply.results} <= {"kept", "already"}
    return len(asked)


def phones_with(cast: Cast, count: int, notes: int) -> list[Phone]:
    phones = [Phone(person, cast.mia) for person in (cast.alice, cast.bob) * (count // 2 + 1)][:count]
    for phone in phones:
        for day in range(notes):
            phone.note(signal="coo", local_day=f"2026-03-{day % 28 + 1:02}")
    return phones


@pytest.mark.parametrize(("count", "notes"), [(1, 1), (1, 100), (300, 1), (100, 10)])
def test_any_number_of_notes(cast: Cast, count: int, notes: int) -> None:
    assert statements(phones_with(cast, count, notes)) <= MOST
    assert Moment.objects.count() == count * notes


def test_any_number_of_changes(cast: Cast) -> None:
    phones = phones_with(cast, 20, 10)
    actions.push([phone.sends() for phone in phones])
    for phone in phones:
        noted, phone.waiting = phone.waiting, []
        for one in noted:
            phone.operation("change", one["entity"], {"words": "later", "acts": ["rock"]})
    assert statements(phones) <= MOST
    assert Moment.objects.filter(words="later").count() == 200


def test_what_was_all_sent_before_writes_nothing(cast: Cast) -> None:
    phones = phones_with(cast, 10, 10)
    statements(phones)
    with CaptureQueriesContext(connection) as asked:
        actions.push([phone.sends(list(phone.waiting)) for phone in phones])
    assert not [one["sql"] for one in asked if one["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(asked) <= 9  # rights are read twice: to know whom to hold, and once held
