"""The kit: what a phone needs about one child, and nothing of anybody else; the same choices as the server's pages."""

from __future__ import annotations

import gzip
import json
import re
from itertools import chain

import pytest
from django.urls import reverse
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary import actions, bridge
from attunement_web.diary.models import Moment, new_id
from attunement_web.families.models import Child
from attunement_web.milestones.actions import tell_milestone
from attunement_web.milestones.queries import page_of_age
from attunement_web.offline.queries import kit

pytestmark = pytest.mark.django_db

MOST_BYTES = 20_000  # gzipped; it is asked for every six hours


def note(child: Child, by: User, **said: object) -> Moment:
    return actions.note_moment(child=child, tap=actions.Tap(id=new_id(), **said), by=by)


def test_it_stays_small_however_long_the_diary(cast: Cast, django_assert_max_num_queries) -> None:
    taps = [actions.Tap(id=new_id(), signal="cry", acts=("rock",), with_child=f"Aunt {at}") for at in range(300)]
    actions.keep_moments(child=cast.mia, taps=taps, by=cast.alice)
    with django_assert_max_num_queries(6):
        held = kit(cast.mia)
    assert len(gzip.compress(json.dumps(held).encode())) < MOST_BYTES
    assert len(held["people"]) == 6


def test_each_step_offers_what_the_servers_page_offers(cast: Cast, signed_in) -> None:
    note(cast.mia, cast.alice, signal="social-smile", acts=("smile-back",))
    page, held = signed_in(cast.alice), kit(cast.mia)
    shown = page.get(reverse("diary:note", args=[cast.mia.pk])).content.decode()
    assert _values(shown, "signal") == [*held["offered"]["signals"][0], "", *held["offered"]["signals"][1]]
    for signal in ("cry", "look-away", ""):
        moment = note(cast.mia, cast.alice, signal=signal)
        held = kit(cast.mia)
        answers = page.get(reverse("diary:answer", args=[cast.mia.pk, moment.pk])).content.decode()
        endings = page.get(reverse("diary:ending", args=[cast.mia.pk, moment.pk])).content.decode()
        offered = held["offered"]
        assert _values(answers, "act") == list(chain(*offered["acts"][signal]))
        assert _values(endings, "outcome") == list(chain(*offered["endings"][offered["ending_of"][signal]]))


def test_to_somebody_who_only_notes_it_tells_nothing_that_others_noted(cast: Cast, signed_in) -> None:
    ruth = signed_in(cast.ruth)
    before = ruth.get(f"/api/v1/children/{cast.mia.pk}/kit").json()
    for _ in range(30):
        note(cast.mia, cast.alice, signal="back-arch", with_child="Aunt Zuzu")
    note(cast.mia, cast.ruth, signal="coo", with_child="Grandpa")
    tell_milestone(child=cast.mia, milestone="waves-bye-12", stage="often", words="Zuzu saw it", by=cast.alice)
    held = ruth.get(f"/api/v1/children/{cast.mia.pk}/kit").json()
    assert (held["offered"], held["people"], held["milestones"]["parts"]) == (before["offered"], ["Grandpa"], [])
    assert held["members"] == {str(cast.ruth.pk): "Ruth"}
    assert "Zuzu" not in str(held)
    assert "Zuzu" in str(kit(cast.mia))


def _values(page: str, name: str) -> list[str]:
    return re.findall(rf'<button class="tile" name="{name}" value="([^"]*)"', page)


def test_every_code_that_is_offered_has_words_and_a_drawing(cast: Cast) -> None:
    held = kit(cast.mia)
    offered = held["offered"]
    named = {code for lists in (offered["signals"], *offered["acts"].values(), *offered["endings"])
             for codes in lists for code in codes}  # fmt: skip
    assert named <= set(held["codes"])
    assert held["codes"]["no-response"][0] == bridge.wording("no-response")


def test_the_familys_own_signals_come_first(cast: Cast) -> None:
    usual = kit(cast.mia)["offered"]["signals"]
    rare = usual[1][-1]
    actions.keep_moments(child=cast.mia, taps=[actions.Tap(id=new_id(), signal=rare) for _ in range(5)], by=cast.alice)
    assert rare in kit(cast.mia)["offered"]["signals"][0]


def test_what_was_told_of_a_milestone_is_in_it(cast: Cast) -> None:
    line = page_of_age(cast.mia, cast.today)[1][0].lines[0]
    tell_milestone(child=cast.mia, milestone=line.milestone.id, stage="often", seen_on=cast.today, by=cast.alice)
    shown = kit(cast.mia)["milestones"]["parts"][0]["lines"][0]
    assert shown == {"says": line.milestone.statement, "stage": "Often", "seen_on": cast.today.isoformat()}


def test_it_holds_nothing_of_another_child_or_family(cast: Cast) -> None:
    note(cast.noah, cast.alice, words="canary-brother", with_child="canary-aunt")
    note(cast.strangers_child, cast.charlie, words="canary-stranger", with_child="canary-uncle")
    note(cast.mia, cast.alice, words="canary-own-words")
    text = json.dumps(kit(cast.mia))
    assert "canary" not in text
    assert str(cast.charlie.pk) not in text and "Charlie" not in text


def test_ideas_reasons_to_ask_and_urgent_help_are_in_it(cast: Cast) -> None:
    held = kit(cast.mia)
    assert all(group["ideas"] for group in held["ideas"]) and len(held["ideas"]) > 3
    assert held["ask"]["rows"]["child"] and held["ask"]["worry"]
    assert held["urgent"]["lines"][0]["dial"] == "112"
    assert len(held["urgent"]["troubles"]) > 3
