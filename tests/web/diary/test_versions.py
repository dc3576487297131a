"""Both versions are shown until somebody decides; where a phone's clock was off, the page asks about the day."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.tone import banned_words
from tests.universe import Cast
from tests.web.diary.test_details import as_shown
from tests.web.sync.phone import WHEN, Phone, moment

from attunement_web.accounts.actions import create_person
from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment, OtherVersion
from attunement_web.families.actions import join_child
from attunement_web.families.models import Role
from attunement_web.sync import queries

SignIn = Callable[[User], Client]


@pytest.fixture
def cried(cast: Cast) -> UUID:
    """Alice and Bob set the words, the answer and the time, each without having heard of the other."""
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    entity = alice.note(signal="cry")
    alice.push()
    earlier = {**WHEN, "happened_at": "2026-03-08T11:00:00Z", "local_day": "2026-03-08"}
    alice.change(entity, base=1, words="hers & hers", acts=["rock"], mended=True, calm=2, feeling="tired", **earlier)
    later = {**earlier, "happened_at": "2026-03-08T12:00:00Z"}
    bob.change(entity, base=1, words="his", acts=[], mended=False, calm=None, feeling="sad", **later)
    alice.push(), bob.push()
    return entity


def page_of(browser: Client, entity: UUID) -> str:
    one = moment(entity)
    return browser.get(reverse("diary:moment", args=[one.child_id, one.pk])).content.decode()


def choose(browser: Client, entity: UUID, field: str, choice: str) -> int:
    one, other = moment(entity), OtherVersion.objects.filter(field=field, decided_at=None).first()
    assert other is not None
    return browser.post(reverse("diary:version", args=[one.child_id, one.pk, other.pk]), {"choice": choice}).status_code


def test_both_versions_are_shown_with_who_and_what(cast: Cast, signed_in: SignIn, cried: UUID) -> None:
    page = page_of(signed_in(cast.bob), cried)
    assert page.count("Another version") == 6
    for words in ("hers &amp; hers", "his", "kept from Alice", "Rock", "5 to 15 minutes", "Tired", "Nothing said",
                  "Sunday 8 March, noon", "Use this one"):  # fmt: skip
        assert words in page
    assert banned_words(re.sub(r"<[^>]+>", " ", page)) == []
    timeline = signed_in(cast.bob).get(reverse("diary:moments", args=[cast.mia.pk])).content.decode()
    assert "There is another version of this" in timeline


@pytest.mark.parametrize(
    ("field", "value"),
    [("words", "hers & hers"), ("acts", ["rock"]), ("mended", True), ("calm", 2), ("feeling", "tired")],
)
def test_the_other_one_can_be_used(cast: Cast, signed_in: SignIn, cried: UUID, field: str, value: object) -> None:
    before = moment(cried).revision
    assert choose(signed_in(cast.bob), cried, field, "other") == 302
    assert getattr(moment(cried), field) == value
    told = queries.changes(cast.alice.pk, cast.family.pk, after=before)["moments"][0]
    assert field not in {other["field"] for other in told["others"]}
    assert len(told["others"]) == 5


def test_the_time_can_be_taken_back_too(cast: Cast, signed_in: SignIn, cried: UUID) -> None:
    choose(signed_in(cast.bob), cried, "when", "other")
    assert moment(cried).happened_at.isoformat() == "2026-03-08T11:00:00+00:00"


def test_what_shows_can_be_kept_and_phones_hear_of_it(cast: Cast, signed_in: SignIn, cried: UUID) -> None:
    before = moment(cried).revision
    assert choose(signed_in(cast.alice), cried, "words", "shown") == 302
    assert moment(cried).words == "his"
    assert "hers &amp; hers" not in page_of(signed_in(cast.alice), cried)
    assert OtherVersion.objects.get(field="words").value == "hers & hers"  # decided, and still kept
    assert len(queries.changes(cast.alice.pk, cast.family.pk, after=before)["moments"]) == 1


def test_what_is_decided_or_not_a_choice_is_not_there(cast: Cast, signed_in: SignIn, cried: UUID) -> None:
    bob, one = signed_in(cast.bob), OtherVersion.objects.get(field="words")
    there = reverse("diary:version", args=[cast.mia.pk, cried, one.pk])
    assert bob.post(there, {"choice": "both"}).status_code == 404
    assert bob.post(there, {"choice": "shown"}).status_code == 302
    assert bob.post(there, {"choice": "other"}).status_code == 404
    assert moment(cried).words == "his"


def test_a_brother_or_sister_can_be_the_other_version(cast: Cast, signed_in: SignIn) -> None:
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    entity = alice.note(signal="coo")
    alice.push()
    alice.operation("change", entity, {"child": str(cast.noah.pk)}, base=1)
    alice.push()
    bob.operation("change", entity, {"child": str(cast.mia.pk)}, base=1)
    assert bob.verdicts() == [("merged", "")]
    page = page_of(signed_in(cast.alice), entity)
    assert "which child it was" in page
    choose(signed_in(cast.alice), entity, "child", "other")
    assert moment(entity).child == cast.noah


def test_a_version_moves_it_only_to_a_child_whom_one_may_note_for_as_here(cast: Cast, signed_in: SignIn) -> None:
    dora = create_person(name="Dora", email="dora@example.org", by=None)
    join_child(child=cast.mia, person=dora, role=Role.CAREGIVER, by=cast.alice)
    join_child(child=cast.noah, person=dora, role=Role.RELATIVE, by=cast.alice)
    alice, bob = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    entity = alice.note(signal="coo")
    alice.push()
    alice.operation("change", entity, {"child": str(cast.noah.pk)}, base=1)
    alice.push()
    bob.operation("change", entity, {"child": str(cast.mia.pk)}, base=1)
    bob.push()
    assert choose(signed_in(dora), entity, "child", "other") == 403
    assert moment(entity).child == cast.mia
    assert choose(signed_in(cast.alice), entity, "child", "other") == 302


def test_where_a_clock_was_off_the_page_asks_about_the_day(cast: Cast, signed_in: SignIn) -> None:
    phone = Phone(cast.alice, cast.mia, clock_off=timedelta(days=-3))
    entity = phone.note(signal="coo")
    phone.push()
    alice = signed_in(cast.alice)
    page = page_of(alice, entity)
    assert "Is the day right?" in page
    assert "3\xa0days away from ours" in page
    assert banned_words(re.sub(r"<[^>]+>", " ", page)) == []
    alice.post(reverse("diary:day", args=[cast.mia.pk, entity]))
    assert "Is the day right?" not in page_of(alice, entity)
    assert Moment.objects.get().local_day.isoformat() == "2026-03-09"


def kept_others(entity: UUID) -> list[tuple[str, object, str]]:
    rows = OtherVersion.objects.filter(moment=entity, decided_at=None).order_by("field", "revision")
    return [(one.field, one.value, one.by.name if one.by else "") for one in rows]


def open_page(browser: Client, entity: UUID) -> dict[str, object]:
    return as_shown(browser, reverse("diary:moment", args=[moment(entity).child_id, entity]))


def keep(browser: Client, entity: UUID, sent: dict[str, object]) -> int:
    return browser.post(reverse("diary:moment", args=[moment(entity).child_id, entity]), sent).status_code


@pytest.fixture
def cooed(cast: Cast) -> UUID:
    """Noted by Alice's phone."""
    phone = Phone(cast.alice, cast.mia)
    entity = phone.note(signal="cry")
    phone.push()
    return entity


def test_what_a_page_had_not_seen_is_kept_beside_what_it_sets(cast: Cast, signed_in: SignIn, cooed: UUID) -> None:
    alice, bob = signed_in(cast.alice), signed_in(cast.bob)
    alices, bobs = open_page(alice, cooed), open_page(bob, cooed)
    keep(alice, cooed, alices | {"feeling": "tired", "with_child": "Nana"})
    keep(bob, cooed, bobs | {"feeling": "sad", "calm": "2"})
    one = moment(cooed)
    assert (one.feeling, one.with_child, one.calm) == ("sad", "Nana", 2)
    assert kept_others(cooed) == [("feeling", "tired", "Alice")]
    assert "kept from Alice" in page_of(bob, cooed)
    assert choose(alice, cooed, "feeling", "other") == 302
    assert (moment(cooed).feeling, kept_others(cooed)) == ("tired", [])


def test_what_a_phone_set_meanwhile_is_kept_beside_what_a_page_sets(cast: Cast, signed_in: SignIn, cooed: UUID) -> None:
    alice, bobs = signed_in(cast.alice), Phone(cast.bob, cast.mia)
    shown = open_page(alice, cooed)
    bobs.change(cooed, base=1, feeling="sad", acts=["rock"])
    bobs.push()
    keep(alice, cooed, shown | {"feeling": "tired"})
    assert (moment(cooed).feeling, moment(cooed).acts) == ("tired", ["rock"])
    assert kept_others(cooed) == [("feeling", "sad", "Bob")]


def test_words_that_were_seen_and_replaced_all_the_same_are_kept_too(
    cast: Cast, signed_in: SignIn, cooed: UUID
) -> None:
    alice, bob = signed_in(cast.alice), signed_in(cast.bob)
    alices, bobs = open_page(alice, cooed), open_page(bob, cooed)
    keep(alice, cooed, alices | {"words": "hers"})
    back = bob.post(reverse("diary:moment", args=[cast.mia.pk, cooed]), bobs | {"words": "his"})
    seen = re.search(r'name="seen" value="([^"]*)"', back.content.decode())
    assert back.status_code == 422 and seen
    keep(bob, cooed, bobs | {"words": "his", "seen": html.unescape(seen[1])})
    assert (moment(cooed).words, kept_others(cooed)) == ("his", [("words", "hers", "Alice")])


def test_a_form_sent_twice_or_changed_again_by_its_own_writer_leaves_no_other_version(
    cast: Cast, signed_in: SignIn, cooed: UUID
) -> None:
    alice = signed_in(cast.alice)
    sent = open_page(alice, cooed) | {"feeling": "tired", "words": "hers", "when": "day", "day": str(cast.today)}
    keep(alice, cooed, sent)
    once = moment(cooed)
    keep(alice, cooed, sent)
    assert (moment(cooed).revision, moment(cooed).field_revisions) == (once.revision, once.field_revisions)
    keep(alice, cooed, sent | {"feeling": "sad"})  # the way back in the browser, and another choice
    assert (moment(cooed).feeling, kept_others(cooed)) == ("sad", [])


def test_a_tap_on_a_page_that_had_not_seen_the_ending_keeps_it(cast: Cast, signed_in: SignIn, cooed: UUID) -> None:
    alice, bobs = signed_in(cast.alice), Phone(cast.bob, cast.mia)
    page = reverse("diary:ending", args=[cast.mia.pk, cooed])
    base = re.search(r'name="base" value="([^"]*)"', alice.get(page).content.decode())
    assert base
    bobs.change(cooed, base=1, outcome="settled-with-you")
    bobs.push()
    for outcome in ("delighted", "delighted", "still-upset"):  # and twice; and another one after all
        assert alice.post(page, {"outcome": outcome, "base": base[1]}).status_code == 302
    assert kept_others(cooed) == [("outcome", "settled-with-you", "Bob")]


def test_a_page_sees_what_shows_when_it_is_opened(cast: Cast, signed_in: SignIn, cooed: UUID) -> None:
    alice, bobs = signed_in(cast.alice), Phone(cast.bob, cast.mia)
    bobs.change(cooed, base=1, feeling="sad", words="his")
    bobs.push()
    keep(alice, cooed, open_page(alice, cooed) | {"feeling": "tired", "words": "hers"})
    assert (moment(cooed).words, kept_others(cooed)) == ("hers", [])
