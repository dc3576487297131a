"""What erases for good asks first whether it is still wanted, and whether the clock can be believed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from tests.universe import Cast

from attunement_web.families.models import Child
from attunement_web.rights import actions, queries
from attunement_web.rights.actions import erasing
from attunement_web.rights.models import WEEK, Erasure
from attunement_web.site.rights.erase import erase

pytestmark = pytest.mark.django_db
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def asked(cast: Cast) -> Erasure:
    erasure = actions.ask_erasure(child=cast.mia, by=cast.alice)
    assert erasure is not None
    return erasure


def erased(now: datetime) -> bool:
    return actions.erase_due(now=now) == 1


def looked_each_hour(since: datetime, hours: int) -> datetime:
    """As the running site does, to the last look before `hours` are over; nothing was erased meanwhile."""
    for hour in range(hours):
        assert not erased(since + hour * AN_HOUR)
    return since + hours * AN_HOUR


def test_what_is_undone_while_we_come_to_it_stays(cast: Cast, asked: Erasure, monkeypatch: pytest.MonkeyPatch) -> None:
    held = erasing.hold_families

    def undone_just_before(families: list[object]) -> None:
        with transaction.atomic():
            monkeypatch.setattr(erasing, "hold_families", held)
            assert actions.undo_erasure(erasure=asked, by=cast.bob)
        held(families)  # type: ignore[arg-type]  # whatever ids they are

    monkeypatch.setattr(erasing, "hold_families", undone_just_before)
    assert not erased(asked.due_at)
    assert Child.objects.get(pk=cast.mia.pk).closed_at is None


def test_what_waited_its_week_is_erased_at_the_hour(asked: Erasure) -> None:
    assert erased(looked_each_hour(asked.asked_at + AN_HOUR, 7 * 24 - 1))


@pytest.mark.parametrize("ahead", [timedelta(days=9), timedelta(days=400)])
def test_a_clock_that_jumps_ahead_for_some_hours_erases_nothing(cast: Cast, asked: Erasure, ahead: timedelta) -> None:
    right = looked_each_hour(asked.asked_at + AN_HOUR, 5)
    looked_each_hour(right + ahead, 20)
    right = looked_each_hour(right + 20 * AN_HOUR, 7 * 24 - 26)
    assert Child.objects.filter(pk=cast.mia.pk).exists()
    assert erased(right + AN_HOUR)


def test_nothing_is_erased_at_once_that_nobody_looked_at_for_long(asked: Erasure) -> None:
    assert not erased(timezone.now() + timedelta(days=400))


def test_after_a_machine_was_off_it_is_erased_a_day_later(asked: Erasure) -> None:
    on_again = looked_each_hour(asked.asked_at + AN_HOUR, 3) + timedelta(days=20)
    assert erased(looked_each_hour(on_again, 24))


def test_a_machine_that_runs_once_a_week_erases_too(asked: Erasure) -> None:
    began = asked.asked_at + timedelta(days=6)
    assert [erased(began + week * WEEK) for week in range(3)] == [False, False, True]


def test_a_doubt_of_before_does_not_pass_for_a_later_one(asked: Erasure) -> None:
    later = looked_each_hour(asked.asked_at + timedelta(days=3), 30)
    assert not erased(later + timedelta(days=60))


def test_the_hourly_look_says_what_it_holds_back(asked: Erasure, tmp_path: Path) -> None:
    assert erase(tmp_path) == (0, 0)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert erase(tmp_path) == (0, 1)
    assert not (tmp_path / "erasures").exists()


def test_how_many_are_held_back_is_known(asked: Erasure) -> None:
    now = timezone.now()
    assert queries.held_back(now) == 0
    erased(now + timedelta(days=400))
    assert (queries.held_back(now), queries.held_back(now + timedelta(days=400))) == (0, 1)
