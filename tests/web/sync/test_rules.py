"""What a push keeps and what it refuses. At the end each rule is taken away, and its test has to turn red."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.db.models import F
from tests.universe import Cast
from tests.web.sync.phone import Phone, moment

from attunement_web.diary import actions as diary
from attunement_web.diary.models import DaySummary, Moment, OtherVersion, new_id
from attunement_web.families import access
from attunement_web.families.models import Family, Role
from attunement_web.ledger.models import Entry
from attunement_web.sync import actions
from attunement_web.sync.actions import applying, deciding, pushing
from attunement_web.sync.actions.deciding import Known
from attunement_web.sync.actions.reading import Item
from attunement_web.sync.models import Device, Operation

KEPT, REFUSED = ("kept", ""), "refused"


def test_a_note_and_its_taps_are_kept(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    cried = phone.note(signal="cry", words="at night")
    phone.change(cried, acts=["rock"])
    phone.change(cried, outcome="settled-with-you", child=None)
    reply = phone.push()
    assert (reply.found, reply.last_seq) == (True, 3)
    assert [(one.verdict, one.revision) for one in reply.results] == [("kept", 1), ("kept", 2), ("kept", 3)]
    kept = moment(cried)
    assert (kept.signal, kept.asks, kept.acts, kept.outcome) == ("cry", "comfort", ["rock"], "settled-with-you")
    assert (kept.noted_by, kept.child, kept.zone, kept.revision) == (cast.alice, cast.mia, "Europe/Madrid", 3)
    assert Family.objects.get(pk=cast.family.pk).revision == 3
    assert DaySummary.objects.get(child=cast.mia).noted.count("cry") == 1


def test_what_is_sent_again_is_there_already(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note(signal="coo")
    sent = phone.sends(list(phone.waiting))
    first, again = actions.push([sent])[0], actions.push([sent, sent])
    for reply in again:
        assert [(one.seq, one.verdict, one.revision) for one in reply.results] == [(1, "already", 1)]
        assert reply.last_seq == first.last_seq
    assert Moment.objects.count() == Operation.objects.count() == 1


def test_a_lost_answer_to_a_refusal_is_no_consent(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note(signal="no such signal")
    sent = phone.sends(list(phone.waiting))
    for reply in (actions.push([sent])[0], actions.push([sent])[0]):
        assert [(one.verdict, one.reason) for one in reply.results] == [(REFUSED, "unknown-code")]


def test_other_content_under_a_number_is_kept_aside(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note(signal="coo")
    phone.push()
    copy = Phone(cast.alice, cast.mia, device=phone.device)
    copy.note(signal="cry", words="from a copy of the phone")
    sent = copy.sends(list(copy.waiting))
    for reply in (actions.push([sent])[0], actions.push([sent])[0]):
        assert [(one.verdict, one.reason) for one in reply.results] == [(REFUSED, "other-content")]
        assert reply.last_seq == 1
    assert Moment.objects.get().signal == "coo"
    assert "from a copy of the phone" in Operation.objects.get(reason="other-content").text
    assert Entry.objects.get(event="sync.other_content").about_id == phone.device


def test_after_a_gap_nothing_is_looked_at(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    for _ in range(3):
        phone.note()
    reply = actions.push([phone.sends([phone.waiting[0], phone.waiting[2]])])[0]
    assert (reply.last_seq, len(reply.results), Moment.objects.count()) == (1, 1, 1)
    assert [one.seq for one in phone.push().results] == [1, 2, 3]
    assert Moment.objects.count() == 3


def test_what_cannot_be_kept_blocks_nothing_and_is_not_lost(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note(signal="coo")
    phone.note(signal="from the future", words="typed with care")
    phone.note(signal="cry")
    assert phone.verdicts() == [KEPT, (REFUSED, "unknown-code"), KEPT]
    assert phone.waiting == []
    assert "typed with care" in Operation.objects.get(seq=2).text
    assert Operation.objects.get(seq=1).text == ""
    assert Entry.objects.get(event="sync.refused").facts == {"reason": "unknown-code", "count": 1}


def test_a_device_is_its_first_persons(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note()
    phone.push()
    taken = Phone(cast.bob, cast.mia, device=phone.device, seq=1)
    taken.note(words="not hers")
    assert not taken.push().found
    fresh = uuid4()
    replies = actions.push([Phone(one, cast.mia, device=fresh).sends([]) for one in (cast.alice, cast.bob)])
    assert [reply.found for reply in replies] == [True, False]
    assert Moment.objects.count() == 1
    assert {one.person for one in Device.objects.all()} == {cast.alice}


def test_an_id_of_another_family_opens_nothing(cast: Cast) -> None:
    theirs = Phone(cast.charlie, cast.strangers_child)
    secret = theirs.note(signal="cry", words="private")
    theirs.push()
    phone = Phone(cast.alice, cast.mia)
    phone.note(entity=secret, words="overwritten?")
    phone.change(secret, words="overwritten?", base=1)
    phone.remove(secret, base=1)
    phone.change(new_id(), words="nowhere")  # the answer is the same as for one that is not there
    assert phone.verdicts() == [(REFUSED, "not-found")] * 4
    kept = moment(secret)
    assert (kept.words, kept.removed_at, kept.child) == ("private", None, cast.strangers_child)
    assert Entry.objects.filter(event="sync.foreign_moment", about_id=phone.device).count() == 3


def test_a_child_of_another_family_takes_nothing(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    mine = phone.note()
    phone.note(child=cast.strangers_child)
    phone.change(mine, child=cast.strangers_child, words="x")
    phone.operation("change", mine, {"child": str(cast.strangers_child.pk)})
    assert phone.verdicts() == [KEPT] + [(REFUSED, "not-found")] * 3
    assert moment(mine).child == cast.mia


def test_who_only_notes_changes_nothing_of_others(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    mine = phone.note(words="as it was")
    phone.push()
    ruth = Phone(cast.ruth, cast.mia)
    ruth.change(mine, words="changed", base=1)
    ruth.remove(mine, base=1)
    ruth.operation("change", mine, {"child": str(cast.noah.pk)})
    assert ruth.verdicts() == [(REFUSED, "not-yours")] * 3
    assert (moment(mine).words, moment(mine).removed_at, moment(mine).child) == ("as it was", None, cast.mia)


def test_who_only_notes_mends_and_takes_back_what_she_noted(cast: Cast) -> None:
    ruth = Phone(cast.ruth, cast.mia)
    hers, gone, about_noah = (ruth.note() for _ in range(3))
    ruth.change(hers, words="we found each other again")
    ruth.remove(gone)
    ruth.operation("change", about_noah, {"child": str(cast.noah.pk)})
    assert ruth.verdicts() == [KEPT] * 6
    assert moment(hers).words == "we found each other again"
    assert (moment(gone).removed_at is not None, moment(about_noah).child) == (True, cast.noah)


def test_a_brother_whom_she_has_no_part_in_is_a_strangers_child(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.noah)
    noahs = phone.note(words="private")
    phone.push()
    cast.noah.memberships.filter(user=cast.bob).delete()
    bob = Phone(cast.bob, cast.mia)
    mias = bob.note()
    bob.note(entity=noahs)
    bob.change(noahs, words="overwritten?", base=1)
    bob.remove(noahs, base=1)
    bob.operation("change", mias, {"child": str(cast.noah.pk)})
    assert bob.verdicts() == [KEPT] + [(REFUSED, "not-found")] * 4
    assert (moment(noahs).words, moment(noahs).removed_at, moment(mias).child) == ("private", None, cast.mia)


def test_a_token_knows_its_own_child_only(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    mias, noahs = phone.note(), phone.note(child=cast.noah)
    phone.push()
    phone.note(child=cast.noah)
    phone.change(noahs, words="x")  # said to be Mia's
    phone.operation("change", mias, {"child": str(cast.noah.pk)})
    phone.change(mias, words="mine")
    reply = actions.push([phone.sends(child=cast.mia.pk)])[0]
    assert [(one.verdict, one.reason) for one in reply.results] == [(REFUSED, "not-found")] * 3 + [KEPT]
    assert (moment(mias).words, moment(noahs).words, moment(mias).child) == ("mine", "", cast.mia)


def test_whoever_left_the_family_pushes_no_more(cast: Cast) -> None:
    phone = Phone(cast.bob, cast.mia)
    phone.note()
    phone.push()
    cast.bob.memberships.all().delete()
    phone.note(words="too late")
    assert phone.verdicts() == [(REFUSED, "not-found")]
    assert "too late" in Operation.objects.get(seq=2).text


def test_a_moment_moves_to_a_brother_or_sister(cast: Cast) -> None:
    phone, other = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    mine = phone.note(signal="coo")
    phone.operation("change", mine, {"child": str(cast.noah.pk)})
    assert phone.verdicts() == [KEPT, KEPT]
    other.change(mine, words="he laughed", base=1)  # this phone still knows it as Mia's
    assert other.verdicts() == [KEPT]
    assert (moment(mine).child, moment(mine).words) == (cast.noah, "he laughed")
    assert [one.child_id for one in DaySummary.objects.all()] == [cast.noah.pk]


def test_a_note_that_is_there_is_left_as_it_is(cast: Cast) -> None:
    phone, restored = Phone(cast.alice, cast.mia), Phone(cast.alice, cast.mia)
    mine = phone.note(words="first")
    phone.change(mine, words="second")
    phone.push()
    restored.note(entity=mine, words="first")
    assert restored.verdicts() == [("already", "")]
    assert (moment(mine).words, Moment.objects.count()) == ("second", 1)


def test_what_was_removed_stays_removed(cast: Cast) -> None:
    phone, late = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    mine = phone.note(signal="cry", words="first")
    phone.remove(mine)
    phone.push()
    late.note(entity=mine, words="first")
    late.change(mine, words="edited meanwhile", base=1)
    late.remove(mine, base=1)
    assert late.verdicts() == [("already", ""), KEPT, KEPT]
    assert moment(mine).removed_at is not None
    assert DaySummary.objects.count() == 0
    phone.restore(mine)
    assert phone.verdicts() == [KEPT]
    assert (moment(mine).removed_at, moment(mine).words) == (None, "edited meanwhile")
    assert DaySummary.objects.count() == 1


def test_after_thirty_days_it_is_gone(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    mine = phone.note(words="long ago")
    phone.remove(mine)
    phone.push()
    Moment.objects.update(removed_at=F("removed_at") - timedelta(days=31))
    phone.change(mine, words="too late")
    phone.restore(mine)
    assert phone.verdicts() == [(REFUSED, "gone")] * 2
    assert moment(mine).removed_at is not None
    phone.note(entity=mine)
    assert phone.verdicts() == [("already", "")]
    assert moment(mine).removed_at is not None


def test_a_wrong_clock_moves_and_refuses_nothing(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia, clock_off=timedelta(days=-3652))
    mine = phone.note(happened_at="2016-03-09T18:30:00Z", local_day="2016-03-09")
    assert phone.verdicts() == [KEPT]
    kept = moment(mine)
    assert (str(kept.local_day), kept.clock_off_minutes) == ("2016-03-09", -3652 * 24 * 60)
    fine = Phone(cast.alice, cast.mia, clock_off=timedelta(minutes=4))
    mine = fine.note()
    fine.push()
    assert moment(mine).clock_off_minutes is None


@pytest.mark.parametrize("years", [-10, 10, 7_000])
def test_a_clock_may_be_off_by_any_time(cast: Cast, years: int) -> None:
    phone = Phone(cast.alice, cast.mia, clock_off=timedelta(days=365 * years))
    phone.note()
    assert phone.verdicts() == [KEPT]


def _without_results(item: Item, known: Known) -> None:
    return None


def _stuck_on_refusals(item: Item, known: Known, apply: Callable) -> Any:
    before = known.last_seq
    result = _first_time(item, known, apply)
    if result.verdict == "refused":
        known.last_seq = before
    return result


_first_time, _standing = deciding._first_time, diary.standing_moments
PLANTS: list[tuple[Callable, ModuleType | type, str, Any]] = [
    (test_what_is_sent_again_is_there_already, deciding, "known_result", _without_results),
    (test_a_lost_answer_to_a_refusal_is_no_consent, deciding, "REFUSED", "never"),
    (test_other_content_under_a_number_is_kept_aside, pushing, "REFUSED", "never"),
    (test_after_a_gap_nothing_is_looked_at, deciding, "follows", lambda seq, last_seq: True),
    (test_what_cannot_be_kept_blocks_nothing_and_is_not_lost, deciding, "_first_time", _stuck_on_refusals),
    (test_a_device_is_its_first_persons, pushing._Devices, "is_own", lambda devices, push: True),
    (test_an_id_of_another_family_opens_nothing, applying, "is_at_home", lambda right, family: True),
    (test_a_child_of_another_family_takes_nothing, applying, "_may_move", lambda *asked: True),
    (test_a_brother_whom_she_has_no_part_in_is_a_strangers_child, applying, "is_at_home", lambda right, family: True),
    (test_who_only_notes_changes_nothing_of_others, access, "WRITERS", set(Role)),
    (
        test_a_token_knows_its_own_child_only,
        applying,
        "right_to",
        lambda rights, push, child: rights.get((push.person, child)),
    ),
    (
        test_what_was_removed_stays_removed,
        diary,
        "standing_moments",
        lambda ids: {one: found for one, found in _standing(ids).items() if found[0].removed_at is None},
    ),
    (test_after_thirty_days_it_is_gone, diary, "BACK_WITHIN", timedelta(days=10_000)),
    (test_a_wrong_clock_moves_and_refuses_nothing, applying, "minutes_off", lambda sent_at, now: None),
]


@pytest.mark.parametrize(
    ("rule", "where", "name", "fault"), PLANTS, ids=[f"{rule.__name__}-without-{name}" for rule, _, name, _ in PLANTS]
)
def test_without_its_rule_a_test_is_red(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, rule: Callable, where: Any, name: str, fault: Any
) -> None:
    monkeypatch.setattr(where, name, fault)
    with pytest.raises((AssertionError, DatabaseError, KeyError, AttributeError)):
        rule(cast)


def test_nothing_of_a_push_is_kept_when_its_transaction_breaks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note()
    monkeypatch.setattr(pushing, "_ADD_OPERATION", "INSERT INTO nowhere VALUES (%s, %s, %s, %s, %s, %s, %s, %s)")
    with pytest.raises(Exception, match="nowhere"):
        phone.push()
    monkeypatch.undo()
    assert (Moment.objects.count(), Device.objects.count(), OtherVersion.objects.count()) == (0, 0, 0)
    assert phone.verdicts() == [KEPT]
