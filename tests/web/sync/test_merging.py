"""Changes made apart from each other: each field for itself, and what loses is kept beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from tests.universe import Cast
from tests.web.sync.phone import WHEN, Phone, moment

from attunement_web.diary import actions as diary
from attunement_web.diary.actions import merging
from attunement_web.diary.models import OtherVersion
from attunement_web.sync import queries

KEPT, MERGED = ("kept", ""), ("merged", "")


def noted(phone: Phone, **fields: Any) -> UUID:
    entity = phone.note(signal="cry", **fields)
    phone.push()
    return entity


def others(entity: UUID) -> list[tuple[str, Any]]:
    return list(OtherVersion.objects.filter(moment=entity).order_by("pk").values_list("field", "value"))


def test_two_who_change_different_things_both_keep_theirs(cast: Cast) -> None:
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    cried = noted(alice)
    alice.change(cried, acts=["rock"], base=1)
    bob.change(cried, words="he was so tired", base=1)
    assert (alice.verdicts(), bob.verdicts()) == ([KEPT], [KEPT])
    assert (moment(cried).acts, moment(cried).words, others(cried)) == (["rock"], "he was so tired", [])


def test_the_later_arrival_shows_and_the_earlier_is_kept(cast: Cast) -> None:
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    cried = noted(alice)
    alice.change(cried, words="hers", base=1)
    bob.change(cried, words="his", calm=2, base=1)
    assert (alice.verdicts(), bob.verdicts()) == ([KEPT], [MERGED])
    assert (moment(cried).words, moment(cried).calm) == ("his", 2)
    kept = OtherVersion.objects.get()
    assert (kept.field, kept.value, kept.by, kept.revision, kept.decided_at) == ("words", "hers", cast.alice, 2, None)
    page = queries.changes(cast.alice.pk, cast.family.pk)
    assert page["moments"][0]["others"] == [{"field": "words", "value": "hers"}]


def test_who_saw_it_may_change_it(cast: Cast) -> None:
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    cried = noted(alice)
    alice.change(cried, words="hers", base=1)
    alice.push()
    bob.change(cried, words="his", base=2)
    assert bob.verdicts() == [KEPT]
    assert (moment(cried).words, others(cried)) == ("his", [])


def test_ones_own_earlier_taps_are_no_other_version(cast: Cast) -> None:
    alice = Phone(cast.alice, cast.mia)
    cried = alice.note(signal="cry")
    for words in ("a", "ab", "abc"):
        alice.change(cried, words=words)
    alice.push()
    alice.change(cried, words="abcd")
    assert alice.verdicts() == [KEPT]
    assert (moment(cried).words, others(cried)) == ("abcd", [])


def test_the_same_said_twice_is_one(cast: Cast) -> None:
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    cried = noted(alice)
    for phone in (alice, bob):
        phone.change(cried, outcome="settled-with-you", base=1)
        assert phone.verdicts() == [KEPT]
    assert (moment(cried).revision, others(cried)) == (2, [])


def test_a_page_and_a_phone_meet_as_two_phones_do(cast: Cast) -> None:
    alice = Phone(cast.alice, cast.mia)
    cried = noted(alice)
    diary.change_moment(moment=moment(cried), by=cast.bob, words="on the page")
    alice.change(cried, words="on the phone", base=1)
    assert alice.verdicts() == [MERGED]
    assert moment(cried).words == "on the phone"
    assert OtherVersion.objects.get().by == cast.bob


def test_three_phones_lose_nothing(cast: Cast) -> None:
    phones = [Phone(person, cast.mia) for person in (cast.alice, cast.bob, cast.bob)]
    cried = noted(phones[0])
    for number, phone in enumerate(phones):
        phone.change(cried, words=f"version {number}", base=1)
        phone.push()
    assert moment(cried).words == "version 2"
    assert others(cried) == [("words", "version 0"), ("words", "version 1")]


def test_the_five_fields_of_time_are_one_thing(cast: Cast) -> None:
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    cried = noted(alice)
    earlier = {**WHEN, "happened_at": "2026-03-08T11:00:00Z", "local_day": "2026-03-08", "precision": "day"}
    alice.change(cried, base=1, **earlier)
    bob.change(cried, base=1, **{**earlier, "local_day": "2026-03-07", "happened_at": "2026-03-07T11:00:00Z"})
    assert (alice.verdicts(), bob.verdicts()) == ([KEPT], [MERGED])
    [(field, value)] = others(cried)
    assert (field, value["local_day"], value["precision"]) == ("when", "2026-03-08", "day")
    assert str(moment(cried).local_day) == "2026-03-07"


def test_nobody_has_seen_a_revision_that_is_not_there(cast: Cast) -> None:
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    cried = noted(alice)
    alice.change(cried, words="hers", base=1)
    alice.push()
    bob.change(cried, words="his", base=99)
    assert bob.verdicts() == [MERGED]
    assert others(cried) == [("words", "hers")]


def test_of_what_is_emptied_no_version_stays(cast: Cast) -> None:
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    cried = noted(alice)
    for phone in (alice, bob):
        phone.change(cried, words=f"by {phone.person}", base=1)
        phone.push()
    diary.remove_moment(moment=moment(cried), by=cast.alice)
    removed = moment(cried).removed_at
    assert removed is not None
    diary.forget_removed(now=removed + diary.BACK_WITHIN)
    assert len(others(cried)) == 1
    diary.forget_removed(now=removed + diary.BACK_WITHIN * 1.1)
    assert (others(cried), moment(cried).words) == ([], "")


PLANTS: list[tuple[Callable, Any]] = [
    (test_the_later_arrival_shows_and_the_earlier_is_kept, lambda moment, name, edit: False),
    (test_a_page_and_a_phone_meet_as_two_phones_do, lambda moment, name, edit: False),
    (test_who_saw_it_may_change_it, lambda moment, name, edit: name in moment.field_revisions),
    (
        test_ones_own_earlier_taps_are_no_other_version,
        lambda moment, name, edit: moment.field_revisions.get(name, [0])[0] > edit.base,
    ),
]


@pytest.mark.parametrize(("rule", "fault"), PLANTS)
def test_without_its_rule_a_test_is_red(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, rule: Callable, fault: Callable
) -> None:
    monkeypatch.setattr(merging, "is_unseen", fault)
    with pytest.raises((AssertionError, OtherVersion.DoesNotExist, KeyError)):
        rule(cast)
