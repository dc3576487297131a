"""Who may open what: strangers learn nothing, a grandmother reads, the people who care day to day write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.diary.actions import Tap, note_moment
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
    assert signed_in(cast.ruth).post(there).status_code == (405 if name in SHOWN else 403)
    assert Moment.objects.get().revision == 1


def test_a_grandmother_reads_without_being_offered_changes(cast: Cast, moment: Moment, signed_in: SignIn) -> None:
    page = signed_in(cast.ruth).get(address("moments", moment)).content.decode()
    assert "Cries" in page
    assert f'href="{address("moment", moment)}"' not in page


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ABOUT_THE_CHILD])
def test_a_moment_opens_only_through_its_own_child(name: str, cast: Cast, moment: Moment, signed_in: SignIn) -> None:
    last = [another_version(moment).pk] if name == "version" else []
    through_noah = reverse(f"diary:{name}", args=[cast.noah.pk, moment.pk, *last])
    assert signed_in(cast.alice).post(through_noah).status_code == 404
    through_zoe = reverse(f"diary:{name}", args=[cast.strangers_child.pk, moment.pk, *last])
    assert signed_in(cast.charlie).post(through_zoe).status_code == 404
