"""Each day's summary equals its moments, whatever is done and in whatever order; and it can be proven and built anew."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries
from tests.universe import Cast

import attunement_web
from attunement_web.actor import unscoped
from attunement_web.diary import actions, bridge, queries
from attunement_web.diary.actions import Tap, changing, keep_moments, note_moment, when
from attunement_web.diary.actions.rebuilding import rebuild_summaries, summaries_that_differ
from attunement_web.diary.actions.tallying import tally
from attunement_web.diary.models import DaySummary, Moment, new_id

SIGNALS, ACTS, OUTCOMES = ("cry", "coo", "turn-away", ""), ("rock", "talk", "no-response"), ("", "settled-with-you")


def stored() -> dict[tuple[UUID, object], str]:
    return {(row.child_id, row.local_day): row.noted for row in DaySummary.objects.all()}


def lines(cast: Cast) -> list[str]:
    """What stands in Mia's summaries, without the minutes."""
    return [
        line.split(" ", 1)[1] for row in DaySummary.objects.filter(child=cast.mia) for line in row.noted.split("\n")
    ]


def note(cast: Cast, signal: str = "cry", *, days_ago: int = 0, **more: Any) -> Moment:
    day = cast.today - timedelta(days=days_ago)
    at = when("day", noted_at=datetime.now(UTC), zone=cast.mia.zone, day=day)
    return note_moment(child=cast.mia, tap=Tap(id=new_id(), signal=signal, when=at, **more), by=cast.alice)


def test_a_day_holds_what_was_noted_in_the_order_it_happened(cast: Cast) -> None:
    noon = datetime.combine(cast.today, datetime.min.time(), cast.mia.zone) + timedelta(hours=12)
    for minutes, signal in ((90, "coo"), (0, "cry"), (90, "coo")):
        at = when("now", noted_at=noon - timedelta(days=3) + timedelta(minutes=minutes), zone=cast.mia.zone)
        keep_moments(child=cast.mia, taps=[Tap(id=new_id(), signal=signal, when=at)], by=cast.alice)
    assert lines(cast) == ['1 ["cry",[],"",null,null]', '2 ["coo",[],"",null,null]']
    noted = queries.diary_since(cast.mia, cast.today - timedelta(days=3))
    assert [noted.codes[at] for at in noted.signal] == ["cry", "coo", "coo"]


def test_words_people_and_feelings_are_in_no_summary(cast: Cast) -> None:
    note(cast, words="Held her for long", with_child="Grandma", feeling="tired")
    assert lines(cast) == ['1 ["cry",[],"",null,null]']


def test_a_change_of_words_asks_nothing_of_the_summaries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    moment = note(cast)
    other = Moment.objects.get(pk=moment.pk)
    other.words = "She slept after."
    with django_assert_num_queries(0):
        tally(before=[moment], after=[other])


@pytest.mark.parametrize("size", [1, 200])
def test_a_thousand_moments_cost_as_many_statements_as_one(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    moments = [note(cast, days_ago=ago % 9) for ago in range(size)]
    DaySummary.objects.all().delete()
    with django_assert_num_queries(2):
        tally(before=(), after=moments)
    assert summaries_that_differ() == 0


def test_the_last_moment_of_a_day_takes_its_row_along(cast: Cast) -> None:
    moment = note(cast)
    actions.remove_moment(moment=moment, by=cast.alice)
    assert stored() == {}
    actions.bring_back_moment(moment=moment, by=cast.alice)
    assert lines(cast) == ['1 ["cry",[],"",null,null]']


def test_two_pages_that_loaded_the_same_moment_leave_the_summary_right(cast: Cast) -> None:
    one = note(cast)
    other = Moment.objects.get(pk=one.pk)
    actions.change_moment(moment=one, by=cast.alice, acts=["rock"])
    actions.change_moment(moment=other, by=cast.bob, outcome="settled-with-you")
    assert lines(cast) == ['1 ["cry",["rock"],"settled-with-you",null,null]']


def test_a_moment_that_moves_to_a_brother_or_another_day_is_counted_there(cast: Cast) -> None:
    moment = note(cast)
    actions.move_moment(moment=moment, to=cast.noah, by=cast.alice)
    yesterday = when("day", noted_at=datetime.now(UTC), zone=cast.mia.zone, day=cast.today - timedelta(days=1))
    actions.change_moment(moment=moment, by=cast.alice, when=yesterday)
    assert list(stored()) == [(cast.noah.pk, yesterday.local_day)]


def test_what_goes_wrong_goes_with_the_moments(cast: Cast) -> None:
    class Broken(Exception):
        pass

    before = stored()
    with pytest.raises(Broken), transaction.atomic():
        note(cast)
        raise Broken
    assert stored() == before == {}


def test_a_summary_that_had_lost_a_moment_is_counted_anew_when_the_moment_changes(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    moment = note(cast)
    note(cast, "coo")
    DaySummary.objects.update(noted='0 1 ["wave",[],"",null,null]')
    actions.change_moment(moment=moment, by=cast.alice, outcome="settled-with-you")
    assert summaries_that_differ() == 0
    assert "counted again" in caplog.text
    assert "cry" not in caplog.text


def test_each_sort_of_difference_is_found_and_mended(cast: Cast) -> None:
    for ago in range(4):
        note(cast, days_ago=ago)
    gone, changed, *_ = DaySummary.objects.order_by("local_day")
    gone.delete()
    DaySummary.objects.filter(pk=changed.pk).update(noted='0 2 ["cry",[],"",null,null]')
    DaySummary.objects.create(child=cast.noah, local_day=cast.today, noted='0 1 ["cry",[],"",null,null]')
    assert summaries_that_differ() == 3
    assert rebuild_summaries() == 3
    assert summaries_that_differ() == 0


def test_a_write_past_the_actions_is_found(cast: Cast) -> None:
    note(cast)
    Moment.objects.update(outcome="settled-with-you")
    assert summaries_that_differ() == 1


def test_the_columns_are_those_of_the_moments_themselves(cast: Cast) -> None:
    drawn = random.Random(5)
    for number in range(60):
        shape: dict[str, Any] = {
            "acts": tuple(drawn.sample(ACTS, drawn.randrange(3))),
            "outcome": drawn.choice(OUTCOMES),
        }
        at = datetime.now(UTC) - timedelta(days=9, minutes=-7 * number)  # a minute of its own each
        tap = Tap(id=new_id(), signal=drawn.choice(SIGNALS), calm=drawn.choice((None, 0, 3)), **shape,
                  mended=drawn.choice((None, True, False)), when=when("now", noted_at=at, zone=cast.mia.zone))  # fmt: skip
        keep_moments(child=cast.mia, taps=[tap], by=cast.alice)
    of_days = queries.diary_since(cast.mia, cast.today - timedelta(days=30))
    of_rows = bridge.diary(list(Moment.objects.order_by("local_day", "happened_at")))
    for name in ("day", "signal", "outcome", "mended", "calm", "act_row", "act_code"):
        assert getattr(of_days, name).tolist() == getattr(of_rows, name).tolist(), name
        assert getattr(of_days, name).dtype == getattr(of_rows, name).dtype


def test_households_that_were_there_before_get_the_same_summaries(cast: Cast) -> None:
    for number in range(30):
        note(cast, SIGNALS[number % 4], days_ago=number % 3, acts=ACTS[: number % 2], mended=(None, True)[number % 2])
    actions.remove_moment(moment=note(cast), by=cast.alice)
    DaySummary.objects.all().delete()
    import_module("attunement_web.diary.migrations.0004_day_summaries").fill(apps, None)
    assert summaries_that_differ() == 0


def test_nobody_but_the_actions_of_the_diary_writes_moments() -> None:
    source = Path(attunement_web.__file__).parent
    writing = re.compile(
        r"\bMoment\.objects\b.*\.(create|update|delete|bulk_create|bulk_update|\w+_or_create)\("
        r"|(INSERT INTO|UPDATE|DELETE FROM) diary_moment\b"
    )
    found = {
        path.parent.relative_to(source) for path in source.rglob("*.py") if writing.search(path.read_text("utf-8"))
    }
    assert found == {Path("diary/actions"), Path("diary/migrations")}


def test_an_action_that_told_the_summaries_nothing_would_be_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(0)
    monkeypatch.setattr(changing, "tally", lambda **_: None)
    for _ in range(40):
        drawn.choice(DEEDS)(cast, drawn)
    assert summaries_that_differ() > 0


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_the_summaries_equal_a_rebuild(cast: Cast, seed: int) -> None:
    drawn = random.Random(seed)
    for _ in range(40):
        drawn.choice(DEEDS)(cast, drawn)
    assert summaries_that_differ() == 0
    kept = stored()
    rebuild_summaries()
    assert stored() == kept != {}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time; see test_one_writer")
@pytest.mark.django_db(transaction=True)
def test_many_who_note_on_one_day_at_once_are_all_counted(cast: Cast) -> None:
    shared, troubles = note(cast), []

    def busy(number: int) -> None:
        try:
            with unscoped("a test"):
                for turn in range(8):
                    note(cast, SIGNALS[turn % 3], days_ago=turn % 2)
                    actions.change_moment(moment=shared, by=cast.bob, acts=[ACTS[(number + turn) % 3]])
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [Thread(target=busy, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    assert summaries_that_differ() == 0
    assert Moment.objects.count() == 1 + 6 * 8


def _note(cast: Cast, drawn: random.Random) -> None:
    when_ = when(drawn.choice(("now", "while", "today", "day")), noted_at=datetime.now(UTC), zone=cast.mia.zone,
                 day=cast.today - timedelta(days=drawn.randrange(3)))  # fmt: skip
    taps = [Tap(id=new_id(), signal=drawn.choice(SIGNALS), when=when_) for _ in range(drawn.randrange(1, 4))]
    keep_moments(child=drawn.choice((cast.mia, cast.noah)), taps=[*taps, taps[0]], by=cast.alice)


def _tap_again(cast: Cast, drawn: random.Random) -> None:
    moment = _any(drawn)
    if moment:
        tap = Tap(id=moment.pk, signal=drawn.choice(SIGNALS))
        note_moment(child=moment.child, tap=tap, by=cast.alice, corrects=drawn.random() < 0.5)


def _change(cast: Cast, drawn: random.Random) -> None:
    moment = _any(drawn)
    if moment:
        fields = {"signal": drawn.choice(SIGNALS), "acts": drawn.sample(ACTS, 2), "outcome": drawn.choice(OUTCOMES),
                  "mended": drawn.choice((True, False, None)), "calm": drawn.choice((None, 1)), "words": "x"}  # fmt: skip
        chosen = drawn.sample(sorted(fields), drawn.randrange(1, 4))
        day = cast.today - timedelta(days=drawn.randrange(3))
        moved = when("day", noted_at=datetime.now(UTC), zone=cast.mia.zone, day=day) if drawn.random() < 0.4 else None
        actions.change_moment(moment=moment, by=cast.bob, when=moved, **{name: fields[name] for name in chosen})


def _move(cast: Cast, drawn: random.Random) -> None:
    moment = _any(drawn)
    if moment:
        actions.move_moment(moment=moment, to=drawn.choice((cast.mia, cast.noah)), by=cast.alice)


def _remove(cast: Cast, drawn: random.Random) -> None:
    moment = _any(drawn)
    if moment:
        actions.remove_moment(moment=moment, by=cast.alice)


def _bring_back(cast: Cast, drawn: random.Random) -> None:
    moment = Moment.objects.exclude(removed_at=None).first()
    if moment:
        actions.bring_back_moment(moment=moment, by=cast.alice)


def _forget(cast: Cast, drawn: random.Random) -> None:
    actions.forget_removed(now=datetime.now(UTC) + timedelta(days=drawn.choice((0, 40))))


def _any(drawn: random.Random) -> Moment | None:
    return drawn.choice([None, *Moment.objects.order_by("pk")])


DEEDS: tuple[Callable[[Cast, random.Random], None], ...] = (
    _note, _note, _tap_again, _change, _change, _move, _remove, _bring_back, _forget
)  # fmt: skip
