"""Who has which part in a child, and who may change that."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from tests.universe import Cast

from attunement_web.families.access import child_or_404, children_of
from attunement_web.families.actions import add_child, change_role, end_membership, join_child, leave
from attunement_web.families.models import Child, Membership, Role
from attunement_web.ledger.models import Entry


def part(child: Child, person: object) -> Membership:
    return Membership.objects.get(child=child, user=person)


def last_line(child: Child) -> Entry:
    return Entry.objects.filter(chain=child.pk).latest("number")


def test_a_part_that_ended_opens_nothing_and_the_other_child_stays_open(cast: Cast) -> None:
    hers = part(cast.mia, cast.ruth)
    assert end_membership(membership=hers, by=cast.alice)
    with pytest.raises(Http404):
        child_or_404(cast.ruth, cast.mia.pk, to="note")
    assert set(children_of(cast.ruth)) == {cast.noah}
    line = last_line(cast.mia)
    assert (line.event, line.by_id, line.facts["person"]) == ("membership.ended", cast.alice.pk, str(cast.ruth.pk))
    assert not end_membership(membership=hers, by=cast.alice)


def test_two_guardians_cannot_lock_each_other_out(cast: Cast) -> None:
    bobs = part(cast.mia, cast.bob)
    with pytest.raises(ValidationError):
        end_membership(membership=bobs, by=cast.alice)
    for role in (Role.CAREGIVER, Role.RELATIVE):
        with pytest.raises(ValidationError):
            change_role(membership=bobs, role=role, by=cast.alice)
    assert part(cast.mia, cast.bob).role == Role.GUARDIAN


def test_only_guardians_decide(cast: Cast) -> None:
    join_child(child=cast.mia, person=cast.charlie, role=Role.CAREGIVER, by=cast.alice)
    ruths = part(cast.mia, cast.ruth)
    for person in (cast.charlie, cast.ruth):
        with pytest.raises(PermissionDenied):
            change_role(membership=ruths, role=Role.CAREGIVER, by=person)
    with pytest.raises(PermissionDenied):
        end_membership(membership=ruths, by=cast.charlie)


def test_a_caregiver_becomes_a_relative_and_the_other_way_and_never_a_guardian(cast: Cast) -> None:
    ruths = part(cast.mia, cast.ruth)
    for role in (Role.CAREGIVER, Role.RELATIVE):
        change_role(membership=ruths, role=role, by=cast.bob)
        assert part(cast.mia, cast.ruth).role == role
        assert last_line(cast.mia).facts["role"] == role
    assert part(cast.noah, cast.ruth).role == Role.RELATIVE
    with pytest.raises(ValidationError):
        change_role(membership=ruths, role=Role.GUARDIAN, by=cast.alice)


def test_anyone_may_leave_and_the_last_guardian_stays(cast: Cast) -> None:
    for person in (cast.ruth, cast.bob):
        assert leave(child=cast.mia, by=person)
        assert last_line(cast.mia).by_id == person.pk
    with pytest.raises(ValidationError):
        leave(child=cast.mia, by=cast.alice)
    assert not leave(child=cast.mia, by=cast.charlie)
    assert child_or_404(cast.alice, cast.mia.pk, to="guard")


def test_the_last_guardian_cannot_make_herself_less(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        change_role(membership=part(cast.mia, cast.alice), role=Role.CAREGIVER, by=cast.alice)


def test_the_site_ends_a_guardians_part_with_a_reason_and_never_the_last(cast: Cast) -> None:
    assert end_membership(membership=part(cast.mia, cast.bob), by=None, reason="court-order")
    line = last_line(cast.mia)
    assert (line.by_id, line.facts["reason"]) == (None, "court-order")
    with pytest.raises(ValidationError):
        end_membership(membership=part(cast.mia, cast.alice), by=None, reason="court-order")


def test_a_new_child_brings_along_only_who_is_named(cast: Cast) -> None:
    alone = add_child(family=cast.family, name="Ida", born=date.today(), by=cast.alice)
    assert [(one.user, one.role) for one in alone.memberships.all()] == [(cast.alice, Role.GUARDIAN)]
    wanted = [part(cast.mia, cast.ruth), part(cast.noah, cast.bob), part(cast.strangers_child, cast.charlie)]
    together = add_child(family=cast.family, name="Lea", born=date.today(), with_people=wanted, by=cast.alice)
    assert {(one.user, one.role) for one in together.memberships.all()} == {
        (cast.alice, Role.GUARDIAN), (cast.bob, Role.GUARDIAN), (cast.ruth, Role.RELATIVE),
    }  # fmt: skip


def test_nobody_is_brought_along_from_a_child_that_is_not_guarded(cast: Cast) -> None:
    hers = part(cast.noah, cast.ruth)
    leave(child=cast.noah, by=cast.alice)
    added = add_child(family=cast.family, name="Ida", born=date.today(), with_people=[hers], by=cast.alice)
    assert [one.user for one in added.memberships.all()] == [cast.alice]
