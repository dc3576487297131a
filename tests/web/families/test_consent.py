"""Who may see a child: each state of a grant, what ends it, and invitations (figures A5 and A6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from tests.consents import ALL, BLOOM, brought_to, confirmed, doctor, invited
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.families import actions
from attunement_web.families.access import child_or_404, children_of, open_grants_of, rights_of, shared_child_or_404
from attunement_web.families.models import Grant, Kind, State
from attunement_web.families.models.consent import GrantQuerySet
from attunement_web.ledger.models import Entry

WITH_KIND = [(kind, [Kind.WORDS, kind] if kind == Kind.REPORTS else [kind]) for kind in Kind.values]
PLANTS = ["state", "until", "kind"]


@pytest.fixture
def bloom(cast: Cast) -> User:
    return doctor()


def may_open(person: User, child_id: object, kind: str | None) -> bool:
    try:
        shared_child_or_404(person, child_id, kind)
    except (Http404, PermissionDenied):
        return False
    return True


def surprises(cast: Cast, person: User) -> list[str]:
    """Each state with each kind given and each kind read, before and after the last day: only one combination opens."""
    found = []
    for state, (given, kinds) in product(State.values, WITH_KIND):
        grant = brought_to(state, cast, person, kinds)
        for read, late in product(Kind.values, (False, True)):
            now = grant.until if late else timezone.now()
            with time_machine.travel(now, tick=False):
                opens = may_open(person, cast.mia.pk, read)
            if opens != (state == State.CONFIRMED and read in kinds and not late):
                found.append(f"{state}, {given} given, {read} read, late: {late}")
        actions.end_access(grant_id=grant.pk, by=cast.alice)
    return found


def test_of_all_states_and_kinds_only_a_confirmed_one_opens_what_it_covers_until_its_day(
    cast: Cast, bloom: User
) -> None:
    assert surprises(cast, bloom) == []


@pytest.mark.parametrize("plant", PLANTS)
def test_a_rule_that_is_not_asked_is_found(
    cast: Cast, bloom: User, plant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if plant == "kind":
        monkeypatch.setattr(Grant, "covers", lambda self, kind: True)
    elif plant == "state":
        monkeypatch.setattr(GrantQuerySet, "giving_rights", lambda self: self.filter(until__gt=timezone.now()))
    else:
        monkeypatch.setattr(GrantQuerySet, "giving_rights", lambda self: self.filter(state=State.CONFIRMED))
    assert surprises(cast, bloom)


def test_what_opens_to_members_stays_shut_for_a_practitioner(cast: Cast, bloom: User) -> None:
    confirmed(cast, bloom)
    assert not children_of(bloom).exists()
    assert rights_of([bloom.pk], [cast.mia.pk]) == {}
    for to in ("read", "write", "guard"):
        with pytest.raises(Http404):
            child_or_404(bloom, cast.mia.pk, to=to)


def test_a_brother_and_a_child_that_is_not_there_are_the_same_to_a_practitioner(cast: Cast, bloom: User) -> None:
    confirmed(cast, bloom)
    for child_id in (cast.noah.pk, cast.strangers_child.pk, uuid4()):
        with pytest.raises(Http404):
            shared_child_or_404(bloom, child_id, None)
    with pytest.raises(Http404):
        shared_child_or_404(cast.alice, cast.mia.pk, None)


def test_ending_pausing_and_going_on_count_at_the_next_request(cast: Cast, bloom: User) -> None:
    grant = confirmed(cast, bloom)
    assert may_open(bloom, cast.mia.pk, Kind.MOMENTS)
    assert actions.pause_access(grant_id=grant.pk, by=cast.bob)  # either guardian may stop it
    assert not may_open(bloom, cast.mia.pk, Kind.MOMENTS)
    assert actions.resume_access(grant_id=grant.pk, by=cast.alice)
    assert may_open(bloom, cast.mia.pk, Kind.MOMENTS)
    assert actions.end_access(grant_id=grant.pk, by=cast.bob)
    assert not may_open(bloom, cast.mia.pk, Kind.MOMENTS)
    for step in (actions.end_access, actions.pause_access, actions.resume_access, actions.confirm_access):
        assert not step(grant_id=grant.pk, by=cast.alice)
    assert not open_grants_of(bloom).exists()


def test_a_person_who_may_not_sign_in_and_a_record_being_erased_open_nothing(cast: Cast, bloom: User) -> None:
    confirmed(cast, bloom)
    User.objects.filter(pk=bloom.pk).update(is_active=False)
    assert not may_open(bloom, cast.mia.pk, None)
    User.objects.filter(pk=bloom.pk).update(is_active=True)
    cast.mia.closed_at = timezone.now()
    cast.mia.save(update_fields=["closed_at"])
    assert not may_open(bloom, cast.mia.pk, None)


def test_only_the_one_who_gave_it_confirms(cast: Cast, bloom: User) -> None:
    grant = brought_to(State.ACCEPTED, cast, bloom)
    assert not actions.confirm_access(grant_id=grant.pk, by=cast.bob)
    assert not actions.confirm_access(grant_id=grant.pk, by=bloom)
    assert actions.confirm_access(grant_id=grant.pk, by=cast.alice)


def test_a_token_has_128_bits_and_only_its_hash_is_kept(cast: Cast) -> None:
    tokens = {invited(cast.mia, cast.alice, email=f"{number}@example.org")[1] for number in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {22}  # 16 bytes in base64
    kept = set(Grant.objects.values_list("token_hash", flat=True))
    assert kept == {Grant.hash_of(token) for token in tokens}
    assert not tokens & {str(value) for row in Grant.objects.values_list() for value in row}


def test_a_link_opens_once_and_within_72_hours(cast: Cast, bloom: User) -> None:
    grant, token = invited(cast.mia, cast.alice)
    with time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1), tick=False):
        assert actions.accept_access(token=token, by=bloom) is None
        fresh = actions.renew_link(grant_id=grant.pk, by=cast.alice)
    with time_machine.travel(timezone.now() + timedelta(hours=143), tick=False):
        assert actions.accept_access(token=token, by=bloom) is None, "the link before"
        assert actions.accept_access(token=fresh, by=bloom)
        assert actions.accept_access(token=fresh, by=bloom) is None
        assert actions.renew_link(grant_id=grant.pk, by=cast.alice) is None
    bloom.refresh_from_db()
    assert bloom.is_practitioner


def test_a_link_opens_for_its_own_address_alone(cast: Cast) -> None:
    _, token = invited(cast.mia, cast.alice)
    nobody = doctor(email="other@example.org")
    User.objects.filter(pk=nobody.pk).update(email=None)
    nobody.refresh_from_db()
    for person in (cast.charlie, nobody):
        assert actions.accept_access(token=token, by=person) is None
    assert Grant.objects.get().state == State.INVITED
    assert not User.objects.filter(is_practitioner=True).exists()


def test_the_end_of_an_invitation_ends_its_link(cast: Cast, bloom: User) -> None:
    grant, token = invited(cast.mia, cast.alice)
    actions.end_access(grant_id=grant.pk, by=cast.bob)
    assert actions.accept_access(token=token, by=bloom) is None


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"until": timezone.now() - timedelta(minutes=1)}, "from today"),
        ({"until": timezone.now() + timedelta(days=367)}, "a year"),
        ({"kinds": [Kind.REPORTS]}, "names"),
        ({"kinds": []}, "blank"),
    ],
)
def test_what_cannot_be_given_is_refused(cast: Cast, more: dict, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        invited(cast.mia, cast.alice, **more)
    assert not Grant.objects.exists()


def test_one_address_has_one_open_grant_and_one_that_ran_out_makes_room(cast: Cast) -> None:
    first, _ = invited(cast.mia, cast.alice, until=timezone.now() + timedelta(days=2))
    with pytest.raises(ValidationError, match="already"):
        invited(cast.mia, cast.bob)
    invited(cast.noah, cast.alice)
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        invited(cast.mia, cast.bob)
    first.refresh_from_db()
    assert first.state == State.ENDED


@pytest.mark.parametrize(
    "wrong", [{"state": "open"}, {"state": State.CONFIRMED}, {"state": State.ENDED}], ids=["unknown", "nobody", "link"]
)
def test_the_database_guards_the_states(cast: Cast, wrong: dict) -> None:
    grant, _ = invited(cast.mia, cast.alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(**wrong)


def test_every_step_is_one_line_of_the_childs_chain_without_a_word(cast: Cast, bloom: User) -> None:
    grant = confirmed(cast, bloom)
    actions.pause_access(grant_id=grant.pk, by=cast.bob)
    actions.resume_access(grant_id=grant.pk, by=cast.bob)
    actions.end_access(grant_id=grant.pk, by=cast.alice)
    lines = Entry.objects.filter(about_id=grant.pk, chain=cast.mia.pk).order_by("number")
    steps = ["invited", "accepted", "confirmed", "paused", "resumed", "ended"]
    assert [line.event for line in lines] == [f"grant.{step}" for step in steps]
    assert [line.by_id for line in lines] == [
        person.pk for person in (cast.alice, bloom, cast.alice, cast.bob, cast.bob, cast.alice)
    ]
    assert lines[0].facts["kinds"] == "+".join(ALL)
    told = " ".join(f"{line.facts}" for line in lines)
    assert BLOOM not in told and "Bloom" not in told and "Sleep" not in told


@pytest.mark.parametrize("read", [None, *Kind.values])
def test_asking_takes_one_query(cast: Cast, bloom: User, read: str | None, django_assert_num_queries: Callable) -> None:
    confirmed(cast, bloom)
    with django_assert_num_queries(1):
        shared_child_or_404(bloom, cast.mia.pk, read)
