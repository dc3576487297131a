"""What may be added or changed: details, edits by two people, time, and that nothing typed is ever lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary import actions
from attunement_web.diary.models import Moment, Precision, new_id
from attunement_web.ledger.models import Entry

SignIn = Callable[[User], Client]
MADRID = ZoneInfo("Europe/Madrid")
pytestmark = pytest.mark.django_db


def url(name: str, *ids: object) -> str:
    return reverse(f"diary:{name}", args=ids)


@pytest.fixture
def cried(cast: Cast) -> Moment:
    """A cry, noted by Alice just now."""
    tap = actions.Tap(id=new_id(), signal="cry", acts=("rock",), outcome="settled-with-you")
    return actions.note_moment(child=cast.mia, tap=tap, by=cast.alice)


def as_shown(browser: Client, page_url: str) -> dict[str, object]:
    """What a browser sends when the form is kept as the page shows it."""
    page = browser.get(page_url).content.decode()
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", page.partition('id="details"')[2].partition("</form>")[0]):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found.get("type") == "radio" and " checked" not in tag:
            continue
        if found.get("type") == "checkbox":
            if " checked" in tag:
                sent.setdefault(found["name"], []).append(found["value"])  # type: ignore[attr-defined]  # a list
            continue
        if found.get("name"):
            sent[found["name"]] = html.unescape(found.get("value", ""))
    words = re.search(r"<textarea[^>]*>\s?(.*?)</textarea>", page, re.DOTALL)
    return sent | {"words": html.unescape(words[1]) if words else ""}


def test_details_are_all_optional(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice, page = signed_in(cast.alice), url("kept", cast.mia.pk, cried.pk)
    then = alice.post(page, as_shown(alice, page) | {"then": "today"})
    assert then.url == reverse("today:today", args=[cast.mia.pk])
    assert Moment.objects.get().revision == 1


def test_details_are_kept(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice, page = signed_in(cast.alice), url("kept", cast.mia.pk, cried.pk)
    more = {"when": "while", "with_child": "Grandma", "calm": "1", "feeling": "tired", "words": "Long day."}
    alice.post(page, as_shown(alice, page) | more | {"acts": ["rock", "sing"], "then": "note"})
    moment = Moment.objects.get()
    assert (moment.with_child, moment.calm, moment.feeling, moment.words) == ("Grandma", 1, "tired", "Long day.")
    assert (moment.acts, moment.precision) == (["rock", "sing"], "while")
    assert moment.noted_at - moment.happened_at == actions.A_LITTLE_WHILE


def test_leaving_by_any_button_keeps_what_was_typed(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice, page = signed_in(cast.alice), url("kept", cast.mia.pk, cried.pk)
    ways = re.findall(r'form="details" name="then" value="(\w+)"', alice.get(page).content.decode())
    assert ways == ["today", "moment", "today", "note"]
    ways += re.findall(r'name="then" value="(\w+)"', alice.get(url("moment", cast.mia.pk, cried.pk)).content.decode())
    for count, then in enumerate([*ways, ""]):
        on = alice.post(page, as_shown(alice, page) | {"words": f"Words {count}", "then": then}, follow=True)
        assert (on.status_code, Moment.objects.get().words) == (200, f"Words {count}"), then


def test_a_wrong_line_shows_everything_typed_again(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice, page = signed_in(cast.alice), url("kept", cast.mia.pk, cried.pk)
    typed = {
        "when": "day",
        "day": "tomorrow-ish",
        "clock": "25:99",
        "words": "Do not lose <me>",
        "with_child": "Tía Ana",
    }
    back = alice.post(page, as_shown(alice, page) | typed | {"feeling": "scared", "calm": "2", "acts": ["sing"]})
    text = back.content.decode()
    assert back.status_code == 422
    for kept in ("tomorrow-ish", "25:99", "Do not lose &lt;me&gt;", "Tía Ana", "Please write the day like 2025-03-31."):
        assert kept in text
    for choice in ('value="scared"', 'value="2"', 'value="sing"'):
        assert re.search(rf"<input[^>]*{choice}[^>]* checked", text), choice
    assert Moment.objects.get().words == ""


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ({"when": "day", "day": ""}, "Please pick the day"),
        ({"when": "day", "day": "2199-01-01"}, "This has not come yet"),
        ({"when": "day", "day": "1999-01-01"}, "before the birthday"),
        ({"words": "x" * 2001}, "at most 2000 characters"),
        ({"feeling": "made-up"}, "made-up"),
    ],
)
def test_each_slip_gets_its_kind_line(
    cast: Cast, signed_in: SignIn, cried: Moment, typed: dict[str, str], line: str
) -> None:
    alice, page = signed_in(cast.alice), url("moment", cast.mia.pk, cried.pk)
    back = alice.post(page, as_shown(alice, page) | typed)
    assert (back.status_code, Moment.objects.get().revision) == (422, 1)
    assert line in html.unescape(back.content.decode())


def test_names_used_before_are_one_tap(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    actions.change_moment(moment=cried, by=cast.alice, with_child="Grandma")
    later = actions.note_moment(child=cast.mia, tap=actions.Tap(id=new_id(), signal="coo"), by=cast.alice)
    alice, page = signed_in(cast.alice), url("kept", cast.mia.pk, later.pk)
    alice.post(page, as_shown(alice, page) | {"person": "Grandma"})
    assert Moment.objects.get(pk=later.pk).with_child == "Grandma"
    alice.post(page, as_shown(alice, page) | {"person": "+", "with_child": "Ana"})
    assert Moment.objects.get(pk=later.pk).with_child == "Ana"
    alice.post(page, as_shown(alice, page) | {"person": "", "with_child": ""})
    assert Moment.objects.get(pk=later.pk).with_child == ""


@pytest.mark.parametrize("outcome", ["still-upset", "more-upset"])
def test_time_until_calm_is_not_asked_of_who_is_still_upset_but_once_said_it_can_be_changed(
    cast: Cast, signed_in: SignIn, cried: Moment, outcome: str
) -> None:
    alice, page = signed_in(cast.alice), url("moment", cast.mia.pk, cried.pk)
    actions.change_moment(moment=cried, by=cast.alice, outcome=outcome)
    assert "How long until calm?" not in alice.get(page).content.decode()
    actions.change_moment(moment=cried, by=cast.alice, calm=3)  # as an older phone may send it
    alice.post(page, as_shown(alice, page) | {"calm": ""})
    cried.refresh_from_db()
    assert cried.calm is None


def test_time_until_calm_is_only_asked_after_an_upset(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    cooed = actions.note_moment(child=cast.mia, tap=actions.Tap(id=new_id(), signal="coo"), by=cast.alice)
    alice = signed_in(cast.alice)
    assert "How long until calm?" in alice.get(url("moment", cast.mia.pk, cried.pk)).content.decode()
    assert "How long until calm?" not in alice.get(url("moment", cast.mia.pk, cooed.pk)).content.decode()


def test_two_people_who_change_different_things_both_keep_theirs(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice, bob, page = signed_in(cast.alice), signed_in(cast.bob), url("moment", cast.mia.pk, cried.pk)
    alices, bobs = as_shown(alice, page), as_shown(bob, page)
    alice.post(page, alices | {"feeling": "tired"})
    bob.post(page, bobs | {"words": "I was there too."})
    moment = Moment.objects.get()
    assert (moment.feeling, moment.words) == ("tired", "I was there too.")


def test_two_people_who_write_words_both_see_them_first(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice, bob, page = signed_in(cast.alice), signed_in(cast.bob), url("moment", cast.mia.pk, cried.pk)
    alices, bobs = as_shown(alice, page), as_shown(bob, page)
    alice.post(page, alices | {"words": "Hers."})
    back = bob.post(page, bobs | {"words": "His."})
    text = html.unescape(back.content.decode())
    assert back.status_code == 422
    assert "Hers." in text and "His." in text
    assert Moment.objects.get().words == "Hers."
    seen = html.unescape(re.search(r'name="seen" value="([^"]*)"', back.content.decode())[1])
    bob.post(page, bobs | {"words": "His.", "seen": seen})
    assert Moment.objects.get().words == "His."


def test_every_change_is_in_the_ledger_without_a_word_of_it(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    bob, page = signed_in(cast.bob), url("moment", cast.mia.pk, cried.pk)
    bob.post(page, as_shown(bob, page) | {"words": "Secret words", "when": "while"})
    entry = Entry.objects.get(event="moment.changed")
    assert (entry.about_id, entry.by_id, entry.facts) == (
        cried.pk,
        cast.bob.pk,
        {"child": str(cast.mia.pk), "fields": "when.words"},
    )


def test_the_form_can_move_it_to_a_brother(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice, page = signed_in(cast.alice), url("moment", cast.mia.pk, cried.pk)
    then = alice.post(page, as_shown(alice, page) | {"child": str(cast.noah.pk)})
    assert then.url == f"{url('moments', cast.noah.pk)}#{cried.pk}"
    assert Moment.objects.get().child == cast.noah
    assert alice.get(page).status_code == 404


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=MADRID)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("word", "noted", "given", "day", "clock", "offset"),
    [
        ("now", at(2026, 3, 3, 14, 5), {}, date(2026, 3, 3), time(14, 5), 60),
        ("while", at(2026, 3, 3, 0, 10), {}, date(2026, 3, 2), time(23, 40), 60),  # over midnight
        ("today", at(2026, 3, 3, 14, 5), {}, date(2026, 3, 3), time(11, 5), 60),
        ("today", at(2026, 3, 3, 1, 5), {}, date(2026, 3, 3), time(0, 0), 60),  # never yesterday
        ("today", at(2026, 3, 3, 14, 5), {"clock": time(8, 0)}, date(2026, 3, 3), time(8, 0), 60),
        ("day", at(2026, 3, 3, 14, 5), {"day": date(2026, 2, 1)}, date(2026, 2, 1), time(12, 0), 60),
        ("day", at(2026, 7, 1, 9, 0), {"day": date(2026, 3, 1)}, date(2026, 3, 1), time(12, 0), 60),  # winter clock
        # 02:30 does not exist on the night the clocks go forward: it lands on a time that does
        (
            "day",
            at(2026, 4, 1, 9, 0),
            {"day": date(2026, 3, 29), "clock": time(2, 30)},
            date(2026, 3, 29),
            time(3, 30),
            120,
        ),
        ("now", at(2026, 10, 25, 2, 30).replace(fold=1), {}, date(2026, 10, 25), time(2, 30), 60),  # the second 02:30
    ],
)
def test_when_it_was(word: str, noted: datetime, given: dict, day: date, clock: time, offset: int) -> None:
    when = actions.when(word, noted_at=noted.astimezone(UTC), zone=MADRID, **given)
    moment = Moment(happened_at=when.happened_at, offset_minutes=when.offset_minutes)
    assert (when.local_day, when.zone, when.offset_minutes) == (day, "Europe/Madrid", offset)
    assert (moment.local_time.date(), moment.local_time.time()) == (day, clock)


def test_the_day_stays_when_the_family_moves_to_another_zone(cast: Cast, signed_in: SignIn) -> None:
    late = actions.when(Precision.NOW, noted_at=at(2026, 3, 3, 23, 50), zone=MADRID)
    actions.keep_moments(child=cast.mia, taps=[actions.Tap(id=uuid4(), signal="cry", when=late)], by=cast.alice)
    cast.family.time_zone = "Asia/Tokyo"
    cast.family.save()
    page = signed_in(cast.alice).get(url("moments", cast.mia.pk)).content.decode()
    assert "Tuesday 3 March" in page
    assert "11:50 p.m." in page


def test_removed_moments_come_back_for_thirty_days(cast: Cast, cried: Moment) -> None:
    actions.remove_moment(moment=cried, by=cast.alice)
    Moment.objects.update(removed_at=cried.removed_at - timedelta(days=29))
    assert actions.bring_back_moment(moment=Moment.objects.get(), by=cast.bob)
    actions.remove_moment(moment=Moment.objects.get(), by=cast.alice)
    Moment.objects.update(removed_at=cried.removed_at - timedelta(days=31), words="old words")
    assert not actions.bring_back_moment(moment=Moment.objects.get(), by=cast.bob)

    other = actions.note_moment(child=cast.mia, tap=actions.Tap(id=new_id(), signal="coo"), by=cast.alice)
    actions.remove_moment(moment=other, by=cast.alice)
    good = actions.note_moment(child=cast.mia, tap=actions.Tap(id=new_id(), feeling="sad"), by=cast.alice)
    actions.remove_moment(moment=good, by=cast.alice)
    assert actions.forget_removed(now=timezone.now()) == 0  # what is empty already is left alone
    assert actions.forget_removed(now=timezone.now() + timedelta(days=31)) == 2
    assert Moment.objects.get(pk=good.pk).feeling == ""

    tombstone = Moment.objects.get(pk=cried.pk)
    assert (tombstone.words, tombstone.signal, tombstone.acts) == ("", "", [])


def test_undo_and_return_by_button(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice = signed_in(cast.alice)
    gone = alice.post(url("removal", cast.mia.pk, cried.pk), follow=True).content.decode()
    assert url("return", cast.mia.pk, cried.pk) in gone  # the note has an Undo
    assert f'href="{url("moment", cast.mia.pk, cried.pk)}"' not in gone
    assert alice.get(url("moment", cast.mia.pk, cried.pk)).status_code == 404
    back = alice.post(url("return", cast.mia.pk, cried.pk), follow=True).content.decode()
    assert f'href="{url("moment", cast.mia.pk, cried.pk)}"' in back
    assert list(Entry.objects.filter(about_id=cried.pk).values_list("event", flat=True).order_by("at")) == [
        "moment.removed",
        "moment.brought_back",
    ]


def test_what_was_taken_away_is_listed_until_it_is_gone(cast: Cast, signed_in: SignIn, cried: Moment) -> None:
    alice, page = signed_in(cast.alice), url("taken_away", cast.mia.pk)
    assert "Cries" not in alice.get(page).content.decode()
    alice.post(url("removal", cast.mia.pk, cried.pk))
    assert url("return", cast.mia.pk, cried.pk) in alice.get(page).content.decode()
    Moment.objects.update(removed_at=F("removed_at") - timedelta(days=31))
    assert url("return", cast.mia.pk, cried.pk) not in alice.get(page).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"calm": 4}, {"precision": "x"}, {"asks": "x"}, {"asks": "good"}, {"offset_minutes": 900}, {"feeling": "x"},
     {"revision": 0}],
)  # fmt: skip
def test_the_database_refuses_what_cannot_be(cried: Moment, wrong: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Moment.objects.update(**wrong)


def test_keeping_many_is_idempotent_and_says_what_is_safe(cast: Cast) -> None:
    taps = [actions.Tap(id=new_id(), signal="coo") for _ in range(20)]
    for _ in range(2):
        assert actions.keep_moments(child=cast.mia, taps=taps, by=cast.alice) == {tap.id for tap in taps}
    assert Moment.objects.count() == 20
    assert Entry.objects.get(event="moments.kept").facts == {"count": 20}
    assert actions.keep_moments(child=cast.noah, taps=taps, by=cast.alice) == set()  # not this child's


def test_a_moment_has_nothing_else_to_change(cast: Cast, cried: Moment) -> None:
    with pytest.raises(TypeError, match="noted_by"):
        actions.change_moment(moment=cried, by=cast.bob, noted_by=cast.bob)
