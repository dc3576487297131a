"""A record that was erased, and that its guardian brings back from her copy, lives: no erasure of before reaches it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.web.rights.family import Full, full_family
from tests.web.rights.test_import import written

from attunement_web.diary.models import Moment
from attunement_web.families.models import Child, Family
from attunement_web.rights import actions, reading
from attunement_web.rights.models import WEEK, Erasure
from attunement_web.sync.models import Operation

LATER = WEEK + timedelta(minutes=1)


@pytest.fixture
def full(db: None) -> Full:
    return full_family()


@pytest.fixture
def copy(full: Full, tmp_path: Path) -> Path:
    return written(tmp_path / "copy.zip", full.family.pk)


def erased(full: Full, outside: Path) -> None:
    actions.ask_erasure(family=full.family, by=full.cast.alice)
    assert actions.erase_due(now=timezone.now() + LATER, outside=[outside]) == 1


def is_whole(family: object) -> bool:
    return Moment.objects.filter(child__family=family).count() == 6 and Operation.objects.exclude(text="").exists()


def test_it_lives_through_a_restore_and_the_hours(full: Full, copy: Path, tmp_path: Path) -> None:
    erased(full, tmp_path)
    brought = actions.bring_in(copy, outside=[tmp_path])
    assert brought.with_new_ids
    assert actions.erase_again(now=timezone.now(), outside=[tmp_path]) == 0
    actions.erase_due(now=timezone.now(), outside=[tmp_path])
    assert is_whole(brought.family)


def test_it_lives_where_only_the_list_beside_the_backups_knows(full: Full, copy: Path, tmp_path: Path) -> None:
    erased(full, tmp_path)
    Erasure.objects.all().delete()  # as on a new server that keeps its backups in the same place
    brought = actions.bring_in(copy, outside=[tmp_path])
    assert actions.erase_again(now=timezone.now(), outside=[tmp_path]) == 0
    assert is_whole(brought.family)


def test_one_that_came_back_under_its_old_ids_lives_too(full: Full, tmp_path: Path) -> None:
    """As earlier versions brought it in."""
    children = full.mia.pk, full.cast.noah.pk
    done = Erasure.objects.create(
        family_id=full.family.pk, children=[str(one) for one in children], done_at=timezone.now()
    )
    reading.write_erased([tmp_path], [reading.Erased(done.pk, full.family.pk, None, children, timezone.now())])
    assert actions.erase_again(now=timezone.now(), outside=[tmp_path]) == 0
    assert is_whole(full.family.pk)


def test_what_its_guardian_has_erased_once_more_is_erased(full: Full, copy: Path, tmp_path: Path) -> None:
    erased(full, tmp_path)
    brought = actions.bring_in(copy, outside=[tmp_path])
    actions.ask_erasure(family=Family.objects.get(pk=brought.family), by=brought.guardian)  # type: ignore[arg-type]
    assert actions.erase_due(now=timezone.now() + LATER, outside=[tmp_path]) == 1
    assert Child.objects.get() == full.cast.strangers_child and not Operation.objects.exclude(text="").exists()
