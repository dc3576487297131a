"""Where a family lives can change: its day and its help lines follow, and what was noted keeps its day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.universe import ZONE, Cast

from attunement_web.accounts.models import User
from attunement_web.diary.actions import Tap, keep_moments
from attunement_web.diary.models import Moment, new_id
from attunement_web.families.actions import begin_family, join_child, move_family
from attunement_web.families.models import Child, Family, Role
from attunement_web.ledger.models import Entry

Browser = Callable[[User], Client]
EARLIEST, LATEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # 25 hours apart: never on the same day
PAGES = (
    "today:today", "diary:note", "diary:moments", "diary:picture", "milestones:list", "learning:ideas", "learning:ask",
    "families:child", "families:place", "families:people", "rights:copy",
)  # fmt: skip


def place(child: Child) -> str:
    return reverse("families:place", args=[child.pk])


def test_a_guardian_says_where_they_live_now_and_urgent_help_and_midnight_follow(
    cast: Cast, signed_in: Browser
) -> None:
    alice = signed_in(cast.alice)
    assert place(cast.mia) in alice.get(reverse("families:child", args=[cast.mia.pk])).text
    assert f'<option value="{ZONE}" selected>' in alice.get(place(cast.mia)).text
    assert "Numbers for: Spain" in alice.get(reverse("learning:urgent")).text
    moved = alice.post(place(cast.mia), {"time_zone": "America/New_York"})
    assert moved.headers["Location"] == reverse("families:child", args=[cast.mia.pk])
    assert moved.headers["Clear-Site-Data"] == '"cache"'  # urgent help is kept by browsers for a day
    assert "Numbers for: United States" in alice.get(reverse("learning:urgent")).text
    assert "911" in signed_in(cast.bob).get(f"/api/v1/children/{cast.noah.pk}/kit").text
    assert str(Family.objects.get(pk=cast.family.pk).zone) == "America/New_York"


def test_what_was_noted_keeps_its_day_and_clock(cast: Cast) -> None:
    keep_moments(child=cast.mia, taps=[Tap(id=new_id(), signal="coo")], by=cast.alice)
    before = Moment.objects.values("local_day", "happened_at", "zone", "offset_minutes").get()
    for zone in (EARLIEST, LATEST):
        move_family(family=cast.family, time_zone=zone, by=cast.alice)
        assert Moment.objects.values("local_day", "happened_at", "zone", "offset_minutes").get() == before


def test_each_child_hears_of_it_once_also_one_in_whom_the_mover_has_no_part(cast: Cast, signed_in: Browser) -> None:
    cast.noah.memberships.filter(user=cast.bob).delete()
    page = signed_in(cast.bob)
    for _again in range(2):
        page.post(place(cast.mia), {"time_zone": LATEST})
    told = Entry.objects.filter(event="family.moved", by_id=cast.bob.pk, about_id=cast.family.pk)
    assert {one.chain for one in told} == {cast.mia.pk, cast.noah.pk}
    assert told.count() == 2
    looked = signed_in(cast.alice).get(reverse("families:who_looked", args=[cast.noah.pk]))
    assert "Bob changed where you live" in looked.text


def test_only_guardians_decide_it(cast: Cast, signed_in: Browser) -> None:
    join_child(child=cast.mia, person=cast.charlie, role=Role.CAREGIVER, by=cast.alice)
    for person, status in ((cast.charlie, 403), (cast.ruth, 403)):
        assert signed_in(person).get(place(cast.mia)).status_code == status
        assert signed_in(person).post(place(cast.mia), {"time_zone": LATEST}).status_code == status
    assert place(cast.mia) not in signed_in(cast.charlie).get(reverse("families:child", args=[cast.mia.pk])).text
    assert signed_in(cast.charlie).post(place(cast.noah), {"time_zone": LATEST}).status_code == 404
    assert Family.objects.get(pk=cast.family.pk).time_zone == ZONE


def test_a_place_that_is_none_is_asked_again(cast: Cast, signed_in: Browser) -> None:
    for wrong in ("Mars/Olympus", ""):
        assert signed_in(cast.alice).post(place(cast.mia), {"time_zone": wrong}).status_code == 422
    with pytest.raises(ValidationError):
        move_family(family=cast.family, time_zone="Mars/Olympus", by=cast.alice)
    assert Family.objects.get(pk=cast.family.pk).time_zone == ZONE


def test_every_page_opens_where_the_birthday_is_tomorrow_now(cast: Cast, signed_in: Browser) -> None:
    born = Family(time_zone=EARLIEST).today()
    child = begin_family(time_zone=EARLIEST, child_name="Ida", born=born, gestation_weeks=34, by=cast.charlie)
    charlie = signed_in(cast.charlie)
    assert charlie.post(place(child), {"time_zone": LATEST}).status_code == 302
    child = Child.objects.select_related("family").get(pk=child.pk)
    assert child.born > child.today()
    for name in PAGES:
        assert charlie.get(reverse(name, args=[child.pk])).status_code == 200, name
    noted = {"id": str(new_id()), "signal": "coo"}
    assert charlie.post(reverse("diary:note", args=[child.pk]), noted, follow=True).status_code == 200
    assert charlie.get(reverse("diary:moments", args=[child.pk])).status_code == 200
    assert charlie.get(f"/api/v1/children/{child.pk}/kit").status_code == 200
