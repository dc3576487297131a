"""Who may open what: strangers learn nothing, a grandmother reads, the people who care day to day write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary.actions import Tap, note_moment, remove_moment
from attunement_web.diary.models import Moment, OtherVersion, new_id
from attunement_web.diary.urls import urlpatterns

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db

READING = {"moments", "picture"}
ABOUT_THE_CHILD = READING | {"note", "taken_away"}
SHOWN = READING | {"taken_away"}  # nothing is sent there
POSTED = {"whose", "removal", "return", "version", "day"}
NAMES = [str(pattern.name) for pattern in urlpatterns]


@pytest.fixture
def moment(cast: Cast) -> Moment:
    return note_moment(child=cast.mia, tap=Tap(id=new_id(), signal="cry"), by=cast.alice)


def address(name: str, moment: Moment) -> str:
    ids = [moment.child_id, moment.pk]
    if name == "version":
        ids.append(another_version(moment).pk)
    return reverse(f"diary:{name}", args=ids[: 1 if name in ABOUT_THE_CHILD else 3])


def another_version(moment: Moment) -> OtherVersion:
    return OtherVersion.objects.create(moment=moment, field="words", value="kept beside", revision=1)


@pytest.mark.parametrize("name", NAMES)
def test_each_address_answers_each_person_as_it_is_meant_to(
    name: str, cast: Cast, moment: Moment, signed_in: SignIn
) -> None:
    there = address(name, moment)
    assert Client().get(there).status_code == 302  # to the sign-in page
    for method in ("get", "post"):
        stranger = getattr(signed_in(cast.charlie), method)(there)
        assert stranger.status_code == (405 if name in (POSTED if method == "get" else SHOWN) else 404)
    assert signed_in(cast.ruth).post(there).status_code == (405 if name in SHOWN else 422 if name == "note" else 403)
    assert Moment.objects.get().revision == 1


@pytest.fixture
def hers(cast: Cast) -> Moment:
    """What the grandmother noted."""
    return note_moment(child=cast.mia, tap=Tap(id=new_id(), signal="coo"), by=cast.ruth)


def test_a_grandmother_sees_the_moments_that_she_noted_and_no_others(
    cast: Cast, moment: Moment, hers: Moment, signed_in: SignIn
) -> None:
    ruth = signed_in(cast.ruth)
    page = ruth.get(address("moments", moment)).content.decode()
    assert f'href="{address("moment", hers)}"' in page
    assert "Cries" not in page
    assert address("picture", moment) not in page
    for mine in (moment, hers):
        remove_moment(moment=mine, by=cast.alice)
    gone = ruth.get(address("taken_away", moment)).content.decode()
    assert address("return", hers) in gone
    assert address("return", moment) not in gone


def test_a_grandmother_completes_mends_and_takes_back_what_she_noted(
    cast: Cast, hers: Moment, signed_in: SignIn
) -> None:
    ruth = signed_in(cast.ruth)
    sent = [
        ("answer", {"act": "talk"}),
        ("ending", {"outcome": "delighted"}),
        ("whose", {"child": cast.noah.pk, "step": "kept"}),
    ]
    for name, fields in sent:
        assert ruth.post(address(name, hers), fields).status_code == 302
    hers.refresh_from_db()
    assert (hers.acts, hers.outcome, hers.child) == (["talk"], "delighted", cast.noah)
    assert ruth.post(address("removal", hers)).status_code == 302
    assert ruth.post(address("return", hers)).status_code == 302


def test_a_moment_of_others_is_to_a_grandmother_as_one_that_is_not_there(
    cast: Cast, moment: Moment, signed_in: SignIn
) -> None:
    ruth, nowhere = signed_in(cast.ruth), Moment(pk=new_id(), child=cast.mia)
    theirs, none = (ruth.get(address("moment", one)) for one in (moment, nowhere))
    assert (theirs.status_code, none.status_code) == (403, 403)


def test_a_tap_under_the_id_of_somebody_elses_moment_is_a_moment_of_her_own(
    cast: Cast, moment: Moment, signed_in: SignIn
) -> None:
    for more in ({}, {"corrects": "1"}):
        signed_in(cast.ruth).post(address("note", moment), {"id": moment.pk, "signal": "coo", **more})
    moment.refresh_from_db()
    assert moment.signal == "cry"
    assert [one.signal for one in Moment.objects.filter(noted_by=cast.ruth)] == ["coo", "coo"]


def test_a_grandmothers_choices_do_not_follow_what_others_note(cast: Cast, signed_in: SignIn) -> None:
    before = signed_in(cast.ruth).get(reverse("diary:note", args=[cast.mia.pk])).context["choices"]
    for _ in range(30):
        note_moment(child=cast.mia, tap=Tap(id=new_id(), signal="back-arch"), by=cast.alice)
    assert signed_in(cast.ruth).get(reverse("diary:note", args=[cast.mia.pk])).context["choices"] == before
    assert signed_in(cast.alice).get(reverse("diary:note", args=[cast.mia.pk])).context["choices"] != before


def test_today_leads_a_grandmother_to_note_and_the_menu_shows_what_opens_to_her(cast: Cast, signed_in: SignIn) -> None:
    ruth = signed_in(cast.ruth)
    page = ruth.get(reverse("today:today", args=[cast.mia.pk]), follow=True)
    assert page.redirect_chain == [(reverse("diary:note", args=[cast.mia.pk]), 302)]
    shown = page.content.decode()
    for name in ("milestones:list", "families:child", "families:another", "diary:picture"):
        assert reverse(name, args=[cast.mia.pk]) not in shown
    for name in ("diary:moments", "learning:ideas", "families:people"):
        there = reverse(name, args=[cast.mia.pk])
        assert there in shown
        assert ruth.get(there).status_code == 200


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ABOUT_THE_CHILD])
def test_a_moment_opens_only_through_its_own_child(name: str, cast: Cast, moment: Moment, signed_in: SignIn) -> None:
    last = [another_version(moment).pk] if name == "version" else []
    through_noah = reverse(f"diary:{name}", args=[cast.noah.pk, moment.pk, *last])
    assert signed_in(cast.alice).post(through_noah).status_code == 404
    through_zoe = reverse(f"diary:{name}", args=[cast.strangers_child.pk, moment.pk, *last])
    assert signed_in(cast.charlie).post(through_zoe).status_code == 404
