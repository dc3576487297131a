"""The timeline by day, what the notes add up to, and what both cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary import queries
from attunement_web.diary.actions import Tap, keep_moments, when
from attunement_web.diary.models import Moment, Precision, new_id
from attunement_web.families.models import Child

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def noted(cast: Cast, day: date, *signals: str, child: Child | None = None, **more: object) -> list[Moment]:
    """Moments of one day, an hour apart from 8 o'clock on."""
    child = child or cast.mia
    taps = [
        Tap(
            id=new_id(),
            signal=signal,
            when=when(Precision.DAY, noted_at=timezone.now(), zone=child.zone, day=day, clock=time(8 + at % 12)),
            **more,  # type: ignore[arg-type]  # fields of a Tap
        )
        for at, signal in enumerate(signals)
    ]
    keep_moments(child=child, taps=taps, by=cast.alice)
    return [Moment.objects.get(pk=tap.id) for tap in taps]


def page_of(browser: Client, name: str, child: Child, **asked: object) -> str:
    return browser.get(reverse(f"diary:{name}", args=[child.pk]), asked).content.decode()


def headings(page: str) -> list[str]:
    return [words.strip() for words in re.findall(r'<h2 id="day-[^>]*>(.*?)</h2>', page, re.DOTALL)]


def test_moments_stand_under_their_day_newest_first(cast: Cast, signed_in: SignIn) -> None:
    today = cast.mia.today()
    old = today - timedelta(days=30)
    for day in (today, today - timedelta(days=1), old):
        noted(cast, day, "coo", "cry")
    page = page_of(signed_in(cast.alice), "moments", cast.mia)
    year = f" {old.year}" if old.year != today.year else ""
    assert headings(page) == ["Today", "Yesterday", f"{old:%A} {old.day} {old:%B}{year}"]
    assert re.findall(r">(Cries|Coos or gurgles)</a>", page)[:2] == ["Cries", "Coos or gurgles"]
    assert "noted by Alice" in page


def test_a_filter_shows_only_what_asks_for_that(cast: Cast, signed_in: SignIn) -> None:
    noted(cast, cast.today, "coo", "cry", "yawn", "look-at-object", "")
    alice = signed_in(cast.alice)
    words = {"connect": "Coos", "comfort": "Cries", "break": "Yawns", "explore": "Looks at or", "good": "A good moment"}
    for asked, shown in words.items():
        page = page_of(alice, "moments", cast.mia, asks=asked)
        assert [shown in page for shown in words.values()] == [other == asked for other in words], asked
        assert shown in page
    assert page_of(alice, "moments", cast.mia, asks="made-up").count("line__words") == 5


def test_pages_follow_each_other_without_gap_or_overlap(cast: Cast) -> None:
    for ago in range(9):
        noted(cast, cast.today - timedelta(days=ago), *["coo"] * 11)
    seen, after = [], None
    for _ in range(9):
        page = queries.timeline(cast.mia, after=after)
        seen += [moment.pk for day in page.days for moment, _dot in day.moments]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 99
    assert list(Moment.objects.newest_first().values_list("pk", flat=True)) == seen


def test_one_very_full_day_is_cut_into_pages_too(cast: Cast) -> None:
    noted(cast, cast.today, *["coo"] * 95)
    seen, after = 0, None
    for _ in range(3):
        page = queries.timeline(cast.mia, after=after)
        seen, after = seen + sum(len(day.moments) for day in page.days), page.after
    assert (seen, after) == (95, None)


def test_an_empty_timeline_is_kind_and_offers_one_tap(cast: Cast, signed_in: SignIn) -> None:
    page = page_of(signed_in(cast.alice), "moments", cast.mia)
    assert "Gaps are fine." in page
    assert page.count(reverse("diary:note", args=[cast.mia.pk])) >= 2  # the bar and the page


@pytest.mark.parametrize(
    ("ending", "cares"), [("still-upset", True), ("more-upset", True), ("settled-with-you", False)]
)
def test_a_cry_that_did_not_settle_is_met_with_a_kind_word_and_two_ways_on(
    cast: Cast, signed_in: SignIn, ending: str, cares: bool
) -> None:
    (moment,) = noted(cast, cast.today, "cry", acts=("rock",), outcome=ending)
    page = signed_in(cast.alice).get(reverse("diary:kept", args=[cast.mia.pk, moment.pk])).content.decode()
    assert ("Sometimes nothing settles it." in page) is cares
    assert ("Someone to talk to" in page) is cares


def test_five_notes_are_thanked_and_not_summed_up(cast: Cast, signed_in: SignIn) -> None:
    for ago in range(5):
        noted(cast, cast.today - timedelta(days=ago), "cry", acts=("rock",), outcome="settled-with-you")
    page = page_of(signed_in(cast.alice), "picture", cast.mia)
    assert "You noted 5 moments. Thank you. Too few to sum up." in page
    assert "half" not in page
    assert 'class="dot ' not in page
    assert "This is what you noted, not all that happened." in page


def test_enough_notes_give_rough_words_with_dots_and_their_basis(cast: Cast, signed_in: SignIn) -> None:
    for ago in range(7):
        noted(cast, cast.today - timedelta(days=ago), "cry", "fuss", acts=("rock",), outcome="settled-with-you")
    page = page_of(signed_in(cast.alice), "picture", cast.mia)
    assert "More than half of the upset moments you noted ended calm, close to you." in page
    assert "From 14 moments you noted" in page
    assert "on 7 days," in page
    assert page.count('class="dot dot--answered"') == 14 + 1  # and one in the key
    assert "<rect" not in page  # a band needs twenty


def test_from_twenty_on_a_band_is_drawn_with_its_source(cast: Cast, signed_in: SignIn) -> None:
    for ago in range(30):
        noted(cast, cast.today - timedelta(days=ago), "cry", acts=("rock",), outcome="settled-with-you")
    page = page_of(signed_in(cast.alice), "picture", cast.mia)
    assert 'class="band__good"' in page
    assert "Woodhouse" in page


def test_what_was_mended_comes_first(cast: Cast, signed_in: SignIn) -> None:
    for ago in range(5):
        noted(cast, cast.today - timedelta(days=ago), "coo", "coo", acts=("no-response",), mended=True)
    page = page_of(signed_in(cast.alice), "picture", cast.mia)
    card = page.partition('aria-labelledby="calls-and-answers"')[2]
    assert card.index("10 times you missed each other, and found each other again.") < card.index("the calls you noted")


def test_only_twelve_weeks_are_read_and_it_says_so(cast: Cast, signed_in: SignIn) -> None:
    for ago in range(80, 95):
        noted(cast, cast.today - timedelta(days=ago), "cry", "cry", acts=("rock",), outcome="settled-with-you")
    assert sum(shown.insight.basis.noted for shown in queries.picture_of(cast.mia, cast.today)) == 2 * 5
    assert "We look at the last 12 weeks." in page_of(signed_in(cast.alice), "picture", cast.mia)


def test_no_more_than_sixty_dots_are_drawn(cast: Cast, signed_in: SignIn) -> None:
    for ago in range(7):
        noted(cast, cast.today - timedelta(days=ago), *["cry"] * 10, acts=("rock",), outcome="settled-with-you")
    page = page_of(signed_in(cast.alice), "picture", cast.mia)
    assert page.count('class="dot dot--answered"') == 60 + 1
    assert "and 10 earlier ones" in page


def test_a_week_an_earlier_moment_and_the_first_of_a_kind(cast: Cast) -> None:
    first = noted(cast, cast.today - timedelta(days=40), "social-smile", acts=("smile-back",), outcome="delighted")[0]
    noted(cast, cast.today - timedelta(days=6), "social-smile", "cry")
    noted(cast, cast.today - timedelta(days=7), "coo")
    assert queries.week_of(queries.diary_since(cast.mia, cast.today - timedelta(days=9)), cast.today).basis.noted == 2
    assert queries.an_earlier_moment(cast.mia, cast.today) == first
    assert queries.an_earlier_moment(cast.noah, cast.today) is None
    assert queries.moments_showing(cast.mia, ["social-smile", "wave"]) == {"social-smile": first}
    assert len(queries.diary_since(cast.mia, cast.today - timedelta(days=7))) == 3


def test_a_removed_moment_is_nowhere(cast: Cast, signed_in: SignIn) -> None:
    gone = noted(cast, cast.today - timedelta(days=20), "social-smile", outcome="delighted")[0]
    signed_in(cast.alice).post(reverse("diary:removal", args=[cast.mia.pk, gone.pk]))
    assert queries.timeline(cast.mia).days == []
    assert len(queries.diary_since(cast.mia, cast.today - timedelta(days=60))) == 0
    assert queries.moments_showing(cast.mia, ["social-smile"]) == {}
    assert queries.an_earlier_moment(cast.mia, cast.today) is None


def test_long_histories_cost_no_more_queries(
    cast: Cast, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alice = signed_in(cast.alice)
    page_of(alice, "moments", cast.mia)  # remembers the child once
    for size in (1, 60):
        noted(cast, cast.today - timedelta(days=size), *["cry"] * size)
        with django_assert_num_queries(5):  # session, person, child, moments, children of the picker
            page_of(alice, "moments", cast.mia)
        with django_assert_num_queries(5):
            page_of(alice, "picture", cast.mia)
        with django_assert_num_queries(5):
            page_of(alice, "note", cast.mia)


def test_reads_use_an_index(cast: Cast) -> None:
    reads = [
        Moment.objects.filter(child=cast.mia).live().newest_first()[:40],
        Moment.objects.filter(child=cast.mia, asks="comfort").live().newest_first()[:40],
        Moment.objects.filter(child=cast.mia, local_day__gte=cast.today).live().newest_first()[:1000],
    ]
    if connection.vendor == "postgresql":  # it reads and sorts so few rows one by one, unless it is told not to
        off = "; ".join(f"SET LOCAL enable_{way} = off" for way in ("seqscan", "bitmapscan", "sort"))
        with connection.cursor() as cursor:
            cursor.execute(off)
    plans = [rows.explain() for rows in reads]
    assert [re.search(r"(?:USING INDEX|Scan using) (\w+)", plan)[1] for plan in plans] == [
        "diary_by_day",
        "diary_by_asks",
        "diary_by_day",
    ]
