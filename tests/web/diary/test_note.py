"""Noting a moment in three taps, with no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment, new_id
from attunement_web.ledger.models import Entry

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def url(name: str, *ids: object) -> str:
    return reverse(f"diary:{name}", args=ids)


def test_three_taps_make_one_whole_moment(cast: Cast, signed_in: SignIn) -> None:
    alice = signed_in(cast.alice)
    page = alice.get(url("note", cast.mia.pk)).content.decode()
    moment_id = re.search(r'name="id" value="([^"]+)"', page)[1]

    after_signal = alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "coo"})
    assert Moment.objects.get().signal == "coo"  # kept after the first tap
    after_act = alice.post(after_signal.url, {"act": "talk"})
    after_ending = alice.post(after_act.url, {"outcome": "delighted"})

    assert after_ending.url == url("kept", cast.mia.pk, moment_id)
    moment = Moment.objects.get()
    assert (str(moment.pk), moment.child, moment.noted_by) == (moment_id, cast.mia, cast.alice)
    assert (moment.signal, moment.asks, moment.acts, moment.outcome) == ("coo", "connect", ["talk"], "delighted")
    assert "Coos or gurgles" in alice.get(after_ending.url).content.decode()


def test_a_miss_is_asked_whether_it_was_mended(cast: Cast, signed_in: SignIn) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "cry"})
    alice.post(url("answer", cast.mia.pk, moment_id), {"act": "no-response"})
    then = alice.post(url("ending", cast.mia.pk, moment_id), {"outcome": "still-upset"})
    assert then.url == url("mending", cast.mia.pk, moment_id)
    alice.post(then.url, {"mended": "yes"})
    assert Moment.objects.get().mended is True
    alice.post(then.url, {"mended": "not-yet"})
    assert Moment.objects.get().mended is False


@pytest.mark.parametrize(("act", "outcome"), [("late-response", "settled-with-you"), ("cut-in", "not-sure")])
def test_late_and_misread_are_asked_too(cast: Cast, signed_in: SignIn, act: str, outcome: str) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "cry"})
    alice.post(url("answer", cast.mia.pk, moment_id), {"act": act})
    then = alice.post(url("ending", cast.mia.pk, moment_id), {"outcome": outcome})
    assert then.url == url("mending", cast.mia.pk, moment_id)


def test_a_tap_corrects_one_act_and_never_wipes_out_several(cast: Cast, signed_in: SignIn) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "cry"})
    for act in ("rock", "rock", "sing"):
        alice.post(url("answer", cast.mia.pk, moment_id), {"act": act})
    assert Moment.objects.get().acts == ["sing"]
    Moment.objects.update(acts=["rock", "sing"])
    for act in ("rock", "touch"):
        alice.post(url("answer", cast.mia.pk, moment_id), {"act": act})
    assert Moment.objects.get().acts == ["rock", "sing", "touch"]


def test_just_a_good_moment_is_one_tap(cast: Cast, signed_in: SignIn) -> None:
    moment_id = uuid4()
    then = signed_in(cast.alice).post(url("note", cast.mia.pk), {"id": moment_id, "signal": ""})
    assert then.url == url("kept", cast.mia.pk, moment_id)
    assert Moment.objects.get().asks == "good"


def test_it_can_be_left_after_any_step(cast: Cast, signed_in: SignIn) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "coo"})
    for step in ("answer", "ending", "mending"):
        page = alice.get(url(step, cast.mia.pk, moment_id)).content.decode()
        assert url("kept", cast.mia.pk, moment_id) in page
        assert "Enough for now" in page


def test_a_double_tap_keeps_one(cast: Cast, signed_in: SignIn) -> None:
    alice, tap = signed_in(cast.alice), {"id": uuid4(), "signal": "coo"}
    for _ in range(3):
        alice.post(url("note", cast.mia.pk), tap)
    assert Moment.objects.count() == 1
    assert Moment.objects.get().revision == 1
    assert Entry.objects.filter(event="moments.kept").count() == 1


def test_another_signal_from_the_same_page_corrects_it(cast: Cast, signed_in: SignIn) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    for signal in ("coo", "cry"):
        alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": signal})
    assert [moment.signal for moment in Moment.objects.all()] == ["cry"]
    assert Moment.objects.get().asks == "comfort"


def test_a_page_left_open_for_long_makes_a_new_moment(cast: Cast, signed_in: SignIn) -> None:
    alice, page, moment_id = signed_in(cast.alice), url("note", cast.mia.pk), uuid4()
    alice.post(page, {"id": moment_id, "signal": "coo"})
    Moment.objects.update(noted_at=F("noted_at") - timedelta(hours=3))
    alice.post(page, {"id": moment_id, "signal": "coo"})  # the browser sends it once more
    assert Moment.objects.count() == 1
    alice.post(page, {"id": moment_id, "signal": "cry"})
    assert sorted(Moment.objects.values_list("signal", flat=True)) == ["coo", "cry"]


def test_an_old_moment_is_corrected_on_purpose(cast: Cast, signed_in: SignIn) -> None:
    alice, page, moment_id = signed_in(cast.alice), url("note", cast.mia.pk), uuid4()
    alice.post(page, {"id": moment_id, "signal": "coo"})
    Moment.objects.update(noted_at=F("noted_at") - timedelta(days=3))
    opened = alice.get(page, {"change": moment_id}).content.decode()
    sent = dict(re.findall(r'name="(id|corrects)" value="([^"]+)"', opened))
    alice.post(page, sent | {"signal": "cry"})
    assert list(Moment.objects.values_list("signal", flat=True)) == ["cry"]


def test_a_tap_on_a_page_whose_moment_was_undone_is_a_new_moment(cast: Cast, signed_in: SignIn) -> None:
    alice, tap = signed_in(cast.alice), {"id": uuid4(), "signal": "coo"}
    alice.post(url("note", cast.mia.pk), tap)
    alice.post(url("removal", cast.mia.pk, tap["id"]))
    alice.post(url("note", cast.mia.pk), tap)
    assert Moment.objects.live().count() == 1
    assert Moment.objects.count() == 2


def test_an_id_of_another_family_neither_shows_nor_loses_anything(cast: Cast, signed_in: SignIn) -> None:
    tap = {"id": uuid4(), "signal": "coo"}
    signed_in(cast.charlie).post(url("note", cast.strangers_child.pk), tap)
    then = signed_in(cast.alice).post(url("note", cast.mia.pk), tap | {"signal": "cry"})
    assert then.status_code == 302
    assert Moment.objects.get(child=cast.mia).signal == "cry"
    assert Moment.objects.get(child=cast.strangers_child).signal == "coo"


def test_an_unknown_code_is_refused_and_the_page_comes_back(cast: Cast, signed_in: SignIn) -> None:
    back = signed_in(cast.alice).post(url("note", cast.mia.pk), {"id": uuid4(), "signal": "made-up"})
    assert back.status_code == 422
    assert not Moment.objects.exists()


def test_the_first_eight_fit_the_age_and_habits(cast: Cast, signed_in: SignIn) -> None:
    alice = signed_in(cast.alice)
    first = _tiles(alice.get(url("note", cast.mia.pk)).content.decode())
    assert len(first) == 8
    assert "tantrum" not in first  # she is three months old
    for _ in range(3):
        alice.post(url("note", cast.mia.pk), {"id": new_id(), "signal": "hiccup-or-sneeze"})
    assert "hiccup-or-sneeze" in _tiles(alice.get(url("note", cast.mia.pk)).content.decode())


def _tiles(page: str) -> list[str]:
    return re.findall(
        r'name="signal" value="([^"]+)"', page.partition("<details")[2].partition("Just a good moment")[0]
    )


def test_i_could_not_stands_beside_the_fitting_acts(cast: Cast, signed_in: SignIn) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "cry"})
    page = alice.get(url("answer", cast.mia.pk, moment_id)).content.decode()
    shown = page.partition("Something else")[0]
    assert 'value="no-response"' in shown
    assert 'value="late-response"' in shown


def test_every_code_of_the_age_can_be_reached(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.alice).get(url("note", cast.mia.pk)).content.decode()
    offered = set(re.findall(r'name="signal" value="([^"]+)"', page))
    assert {"cry", "fuss", "coo", "social-smile", "yawn", "look-at-object"} <= offered


def test_a_moment_can_go_to_a_brother_and_the_step_goes_on(cast: Cast, signed_in: SignIn) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "coo"})
    then = alice.post(url("whose", cast.mia.pk, moment_id), {"child": cast.noah.pk, "step": "answer"})
    assert then.url == url("answer", cast.noah.pk, moment_id)
    assert Moment.objects.get().child == cast.noah


def test_no_moment_goes_to_a_strangers_child(cast: Cast, signed_in: SignIn) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "coo"})
    answers = [
        alice.post(url("whose", cast.mia.pk, moment_id), {"child": to, "step": "answer"}).status_code
        for to in (cast.strangers_child.pk, uuid4(), "x")
    ]
    assert answers == [404, 404, 404]
    assert Moment.objects.get().child == cast.mia


def test_each_step_says_whose_it_is(cast: Cast, signed_in: SignIn) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.post(url("note", cast.noah.pk), {"id": moment_id, "signal": "cry"})
    pages = [
        url("note", cast.noah.pk),
        *(url(step, cast.noah.pk, moment_id) for step in ("answer", "ending", "mending", "kept")),
    ]
    for page in pages:
        text = alice.get(page).content.decode()
        assert re.search(r"<h1[^>]*>\s*<svg class=\"shape shape--leaf\"", text), page


def test_note_and_its_steps_cost_few_queries(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    alice, moment_id = signed_in(cast.alice), uuid4()
    alice.get(url("note", cast.mia.pk))  # remembers the child once
    with django_assert_max_num_queries(8):
        alice.get(url("note", cast.mia.pk))
    with django_assert_max_num_queries(15):  # two keep the day's summary, two the end of the ledger's chain
        alice.post(url("note", cast.mia.pk), {"id": moment_id, "signal": "cry"})
    for step, tap in (("answer", {"act": "rock"}), ("ending", {"outcome": "not-sure"}), ("mending", {"mended": "yes"})):
        with django_assert_max_num_queries(8):
            alice.get(url(step, cast.mia.pk, moment_id))
        with django_assert_max_num_queries(15):  # a change also takes the family's next revision, and tells the summary
            alice.post(url(step, cast.mia.pk, moment_id), tap)
    with django_assert_max_num_queries(8):
        alice.get(url("kept", cast.mia.pk, moment_id))


def test_an_id_made_here_is_a_uuid_of_version_seven_in_order_of_time() -> None:
    made = [new_id() for _ in range(50)]
    assert all(one.version == 7 and one.variant == UUID(int=2 << 62).variant for one in made)
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)
