"""A child who lives in two households: each sees that child and its own, and nothing further of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from tests.universe import ZONE, Cast
from tests.web.sync.phone import Phone

from attunement_web.accounts.actions import create_person
from attunement_web.accounts.models import User
from attunement_web.families.actions import begin_family, end_membership, join_child
from attunement_web.families.models import Child, Membership, Role
from attunement_web.sync import queries

SignIn = Callable[[User], Client]


@dataclass(frozen=True, slots=True)
class Homes:
    """Alice has Mia and Noah. Finn is Mia's father and Noah's not, and has Ole at his own home."""

    cast: Cast
    finn: User
    ole: Child

    @property
    def part(self) -> Membership:
        return Membership.objects.get(child=self.cast.mia, user=self.finn)


@pytest.fixture
def homes(cast: Cast) -> Homes:
    finn = create_person(name="Finn", email="finn@example.org", by=None)
    born = cast.today - timedelta(days=200)
    ole = begin_family(time_zone="Europe/Lisbon", child_name="Ole", born=born, name="Finn's", by=finn)
    join_child(child=cast.mia, person=finn, role=Role.GUARDIAN, by=cast.alice)
    for person, child, words in (
        (cast.alice, cast.mia, "about Mia"), (cast.alice, cast.noah, "about Noah"), (finn, ole, "about Ole"),
    ):  # fmt: skip
        phone = Phone(person, child)
        phone.note(child=child, words=words)
        phone.push()
    return Homes(cast, finn, ole)


def pulled(person: User, child: Child) -> list[str]:
    return [one["words"] for one in queries.changes(person.pk, child.family_id)["moments"]]


def test_the_father_meets_his_two_children_in_every_picker(homes: Homes, signed_in: SignIn) -> None:
    for child, time_zone in ((homes.cast.mia, ZONE), (homes.ole, "Europe/Lisbon")):
        answer = signed_in(homes.finn).get(reverse("today:today", args=[child.pk]))
        page = answer.content.decode()
        assert answer.context["child"].family.time_zone == time_zone
        assert ("Mia" in page, "Ole" in page, "Noah" in page) == (True, True, False)
    assert signed_in(homes.finn).get(reverse("today:today", args=[homes.cast.noah.pk])).status_code == 404


def test_the_mother_learns_nothing_of_the_other_home(homes: Homes, signed_in: SignIn) -> None:
    page = signed_in(homes.cast.alice).get(reverse("today:today", args=[homes.cast.mia.pk])).content.decode()
    assert ("Noah" in page, "Ole" in page) == (True, False)
    assert signed_in(homes.cast.alice).get(reverse("today:today", args=[homes.ole.pk])).status_code == 404
    with pytest.raises(Http404):
        queries.changes(homes.cast.alice.pk, homes.ole.family_id)


def test_a_moment_stays_among_the_children_of_its_family(homes: Homes, signed_in: SignIn) -> None:
    """To whom it can be given: a brother or sister in the same circle, of those whom one has a part in."""
    page = signed_in(homes.finn).get(reverse("diary:note", args=[homes.cast.mia.pk])).content.decode()
    assert reverse("diary:note", args=[homes.ole.pk]) not in page


def test_the_phone_is_told_of_both_homes_and_pulls_from_each_only_what_is_his(homes: Homes, signed_in: SignIn) -> None:
    told = signed_in(homes.finn).get("/api/v1/me").json()
    assert {(home["id"], *(child["name"] for child in home["children"])) for home in told["families"]} == {
        (str(homes.cast.family.pk), "Mia"), (str(homes.ole.family_id), "Ole"),
    }  # fmt: skip
    assert pulled(homes.finn, homes.cast.mia) == ["about Mia"]
    assert pulled(homes.finn, homes.ole) == ["about Ole"]
    assert pulled(homes.cast.alice, homes.cast.mia) == ["about Mia", "about Noah"]


def test_when_his_part_ends_the_phone_hears_of_it_at_once_and_his_own_home_stays(homes: Homes) -> None:
    own = queries.changes(homes.finn.pk, homes.ole.family_id)["epoch"]
    end_membership(membership=homes.part, by=homes.finn)
    [home] = queries.me(homes.finn.pk)["families"]
    assert home["id"] == str(homes.ole.family_id)
    with pytest.raises(Http404):
        queries.changes(homes.finn.pk, homes.cast.family.pk)
    assert queries.changes(homes.finn.pk, homes.ole.family_id)["epoch"] == own
    phone = Phone(homes.finn, homes.cast.mia)
    phone.note(words="too late")
    assert phone.verdicts() == [("refused", "not-found")]


def test_when_one_part_of_two_ends_the_phone_reads_afresh_without_that_child(homes: Homes) -> None:
    """It drops all that it has of the family, as tests/js/taking.test.js says, and this is what it takes then."""
    join_child(child=homes.cast.noah, person=homes.finn, role=Role.CAREGIVER, by=homes.cast.alice)
    before = queries.changes(homes.finn.pk, homes.cast.family.pk)
    assert len(before["moments"]) == 2
    end_membership(membership=homes.part, by=homes.finn)
    after = queries.changes(homes.finn.pk, homes.cast.family.pk, after=before["cursor"])
    assert after["epoch"] != before["epoch"]
    assert pulled(homes.finn, homes.cast.mia) == ["about Noah"]
