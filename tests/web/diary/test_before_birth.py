"""A phone's clock may be a year behind, a birthday be put right, a moment move to a younger child: each page opens still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.consents import confirmed, doctor
from tests.strong import strong_browser
from tests.universe import Cast
from tests.web.sync.phone import Phone, moment

from attunement_web.accounts.models import User
from attunement_web.families.actions import change_child
from attunement_web.families.models import Child
from attunement_web.milestones.models import Sighting

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
FAMILYS = (
    "today:today", "diary:moments", "diary:picture", "diary:taken_away", "diary:note", "milestones:list",
    "learning:ideas", "learning:ask", "families:child", "families:people", "families:who_looked",
)  # fmt: skip
PRACTITIONERS = ("caseload:child", "caseload:moments", "caseload:picture", "caseload:milestones")
OF_A_MOMENT = ("diary:moment", "diary:answer", "diary:ending", "diary:mending", "diary:kept")


def noted(cast: Cast, child: Child, days_ago: int, signal: str) -> UUID:
    at = timezone.now() - timedelta(days=days_ago)
    phone = Phone(cast.alice, child)
    entity = phone.note(signal=signal, happened_at=at.isoformat(), local_day=at.date().isoformat())
    phone.push()
    return entity


@pytest.fixture(params=["a clock a year behind", "a birthday put right", "moved to a younger sister"])
def smiled(request: pytest.FixtureRequest, cast: Cast, signed_in: SignIn) -> UUID:
    """A smile of Mia's that lies before she was born."""
    if request.param == "a clock a year behind":
        return noted(cast, cast.mia, 365, "social-smile")
    if request.param == "a birthday put right":
        entity, born = noted(cast, cast.mia, 80, "social-smile"), cast.today - timedelta(days=60)
        change_child(child=cast.mia, name="Mia", born=born, gestation_weeks=None, shape="moon", by=cast.alice)
        return entity
    entity, whose = noted(cast, cast.noah, 150, "social-smile"), {"child": str(cast.mia.pk), "step": "moment"}
    assert signed_in(cast.alice).post(reverse("diary:whose", args=[cast.noah.pk, entity]), whose).status_code == 302
    return entity


def test_every_page_opens_with_a_moment_before_the_birth(cast: Cast, signed_in: SignIn, smiled: UUID) -> None:
    ada = doctor()
    confirmed(cast, ada)
    alice, bloom, mia = signed_in(cast.alice), strong_browser(ada), cast.mia.pk
    hers = [reverse(name, args=[mia]) for name in FAMILYS] + [reverse("milestones:one", args=[mia, "smiles-back-2"])]
    hers += [reverse(name, args=[mia, smiled]) for name in OF_A_MOMENT]
    hers += [f"/api/v1/children/{mia}/{rest}" for rest in ("kit", "moments", f"moments/{smiled}")]
    theirs = [reverse(name, args=[mia]) for name in PRACTITIONERS]
    opened = [(url, browser.get(url).status_code) for browser, urls in ((alice, hers), (bloom, theirs)) for url in urls]
    assert [one for one in opened if one[1] != 200] == []


def test_a_moment_before_the_birth_suggests_no_milestone_and_a_later_one_does(
    cast: Cast, signed_in: SignIn, smiled: UUID
) -> None:
    alice, page = signed_in(cast.alice), reverse("milestones:list", args=[cast.mia.pk])
    assert "may show this" not in alice.get(page).content.decode()
    yes = {"moment": str(smiled), "answer": "yes"}
    answer = reverse("milestones:answer", args=[cast.mia.pk, "smiles-back-2"])
    assert alice.post(answer, yes).status_code == 404
    later = noted(cast, cast.mia, 1, "social-smile")
    assert "may show this" in alice.get(page).content.decode()
    assert alice.post(answer, yes | {"moment": str(later)}).status_code == 302
    assert Sighting.objects.get().seen_on == moment(later).local_day
