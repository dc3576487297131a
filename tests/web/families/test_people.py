"""Invitations to have a part in a child (figure A6): who comes in by one, and who does not."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.universe import Cast

from attunement_web.accounts.actions import create_person
from attunement_web.accounts.models import User
from attunement_web.families import actions
from attunement_web.families.access import children_of, rights_of
from attunement_web.families.actions import belonging
from attunement_web.families.models import Child, Invitation, Membership, Role, State
from attunement_web.families.models.invitation import InvitationQuerySet
from attunement_web.families.models.offer import Offer, OfferQuerySet
from attunement_web.ledger.actions import record
from attunement_web.ledger.models import Entry

NANA = "nana@example.org"
RIGHT = (True, False)
PLANTS = ["address", "days", "yes", "inviter"]


def nana(email: str = NANA) -> User:
    return create_person(name="Nana Rose", email=email, by=None)


def invited(
    by: User, *children: Child, role: str = Role.RELATIVE, email: str = NANA, called: str = "Nana"
) -> tuple[Invitation, str]:
    return actions.invite(children=children, role=role, called=called, email=email, by=by)


def accepted(cast: Cast, person: User, *children: Child, role: str = Role.RELATIVE) -> Invitation:
    _, token = invited(cast.alice, *(children or (cast.mia,)), role=role, email=person.email or "")
    invitation = actions.accept_part(token=token, by=person)
    assert invitation
    return invitation


def belongs(person: User, child: Child) -> bool:
    return bool(rights_of([person.pk], [child.pk])) or children_of(person).filter(pk=child.pk).exists()


def surprises(cast: Cast) -> list[str]:
    """Each way to come in by a link, of which one alone leads in."""
    found = []
    for mine, in_time, yes, inviter_stays in product(RIGHT, repeat=4):
        point = transaction.savepoint()
        person = nana(NANA if mine else "else@example.org")
        invitation, token = invited(cast.alice, cast.mia)
        if not inviter_stays:
            actions.leave(child=cast.mia, by=cast.alice)
        with time_machine.travel(timezone.now() + timedelta(hours=71 if in_time else 73), tick=False):
            actions.accept_part(token=token, by=person)
            if yes:
                actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
            if belongs(person, cast.mia) != (mine and in_time and yes and inviter_stays):
                found.append(f"{mine=} {in_time=} {yes=} {inviter_stays=}")
        transaction.savepoint_rollback(point)
    return found


def test_only_the_right_address_in_time_with_the_inviters_yes_leads_in(cast: Cast) -> None:
    assert surprises(cast) == []


@pytest.mark.parametrize("plant", PLANTS)
def test_a_check_that_is_left_out_is_found(cast: Cast, plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    accept = actions.accept_part
    if plant == "address":
        monkeypatch.setattr(OfferQuerySet, "meant_for", lambda self, address: self)
    elif plant == "days":
        monkeypatch.setattr(
            InvitationQuerySet, "opened_by", lambda self, token: self.filter(token_hash=Offer.hash_of(token)).standing()
        )
    elif plant == "inviter":
        monkeypatch.setattr(InvitationQuerySet, "standing", lambda self: self)
    else:

        def at_once(*, token: str, by: User) -> None:
            done = accept(token=token, by=by)
            if done:
                actions.confirm_invitation(invitation_id=done.pk, by=done.given_by)

        monkeypatch.setattr(actions, "accept_part", at_once)
    assert surprises(cast)


def test_a_token_has_128_bits_and_only_its_hash_is_kept(cast: Cast) -> None:
    tokens = {invited(cast.alice, cast.mia, email=f"{number}@example.org")[1] for number in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {22}  # 16 bytes in base64
    kept = set(Invitation.objects.values_list("token_hash", flat=True))
    assert kept == {Offer.hash_of(token) for token in tokens}
    assert not tokens & {str(value) for row in Invitation.objects.values_list() for value in row}


def test_a_link_opens_once_and_the_one_before_not_at_all(cast: Cast) -> None:
    person, (invitation, first) = nana(), invited(cast.alice, cast.mia)
    second = actions.renew_invitation(invitation_id=invitation.pk, by=cast.bob)
    assert actions.accept_part(token=first, by=person) is None
    assert actions.accept_part(token=second, by=person)
    assert actions.accept_part(token=second, by=person) is None
    assert actions.renew_invitation(invitation_id=invitation.pk, by=cast.alice) is None


def test_only_the_one_who_invited_says_yes_and_once(cast: Cast) -> None:
    person = nana()
    invitation = accepted(cast, person)
    for other in (cast.bob, person, cast.charlie):
        assert not actions.confirm_invitation(invitation_id=invitation.pk, by=other)
    assert not belongs(person, cast.mia)
    assert actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
    assert not actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
    assert belongs(person, cast.mia) and not belongs(person, cast.noah)


def test_twins_come_in_one_go_and_each_part_ends_by_itself(cast: Cast) -> None:
    person = nana()
    invitation = accepted(cast, person, cast.mia, cast.noah, role=Role.CAREGIVER)
    actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
    assert set(person.memberships.values_list("child", "role")) == {
        (child.pk, Role.CAREGIVER) for child in (cast.mia, cast.noah)
    }
    actions.end_membership(membership=person.memberships.get(child=cast.mia), by=cast.alice)
    assert belongs(person, cast.noah) and not belongs(person, cast.mia)


def test_an_invitation_that_was_ended_leads_nowhere(cast: Cast) -> None:
    person = nana()
    invitation, token = invited(cast.alice, cast.mia)
    assert actions.end_invitation(invitation_id=invitation.pk, by=cast.bob)
    assert actions.accept_part(token=token, by=person) is None
    late = accepted(cast, person)
    assert actions.end_invitation(invitation_id=late.pk, by=cast.bob)
    assert not actions.confirm_invitation(invitation_id=late.pk, by=cast.alice)
    assert not actions.end_invitation(invitation_id=late.pk, by=cast.alice)
    assert not belongs(person, cast.mia)


@pytest.mark.parametrize("at", [State.INVITED, State.ACCEPTED])
def test_a_record_that_waits_to_be_erased_takes_nobody_in(cast: Cast, at: str) -> None:
    person, (invitation, token) = nana(), invited(cast.alice, cast.mia, cast.noah)
    if at == State.ACCEPTED:
        assert actions.accept_part(token=token, by=person)
    Child.objects.filter(pk=cast.noah.pk).update(closed_at=timezone.now())
    actions.accept_part(token=token, by=person)
    assert not actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
    assert not person.memberships.exists()


def test_a_caregiver_becomes_a_guardian_by_an_invitation_as_guardian_alone(cast: Cast) -> None:
    person = nana()
    actions.join_child(child=cast.mia, person=person, role=Role.CAREGIVER, by=cast.alice)
    for role in (Role.CAREGIVER, Role.RELATIVE):
        with pytest.raises(ValidationError, match="already"):
            invited(cast.alice, cast.mia, role=role)
    invitation = accepted(cast, person, role=Role.GUARDIAN)
    actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
    assert person.memberships.get().role == Role.GUARDIAN
    with pytest.raises(ValidationError, match="already"):
        invited(cast.alice, cast.mia, role=Role.GUARDIAN)


def test_a_part_that_grew_meanwhile_stays_as_it_is(cast: Cast) -> None:
    person = nana()
    invitation = accepted(cast, person, cast.mia, cast.noah, role=Role.RELATIVE)
    actions.join_child(child=cast.mia, person=person, role=Role.GUARDIAN, by=cast.bob)
    actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
    roles = dict(person.memberships.values_list("child", "role"))
    assert roles == {cast.mia.pk: Role.GUARDIAN, cast.noah.pk: Role.RELATIVE}


def test_who_cannot_invite_does_not(cast: Cast) -> None:
    for by, children in (
        (cast.ruth, [cast.mia]),
        (cast.charlie, [cast.mia]),
        (cast.alice, [cast.mia, cast.strangers_child]),
        (cast.alice, [cast.strangers_child]),
        (cast.alice, []),
    ):
        with pytest.raises(ValidationError):
            invited(by, *children)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [({"role": "king"}, "king"), ({"email": "nobody"}, "valid"), ({"called": " "}, "blank")],
)
def test_what_is_no_invitation_is_refused(cast: Cast, more: dict, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        invited(cast.alice, cast.mia, **more)
    assert not Invitation.objects.exists()


def test_one_address_has_one_open_invitation_for_a_child(cast: Cast) -> None:
    first, _ = invited(cast.alice, cast.mia)
    with pytest.raises(ValidationError, match="End that one first"):
        invited(cast.bob, cast.noah, cast.mia, role=Role.GUARDIAN)
    invited(cast.bob, cast.noah)
    actions.end_invitation(invitation_id=first.pk, by=cast.bob)
    invited(cast.bob, cast.mia)


@pytest.mark.parametrize(
    "wrong", [{"state": "open"}, {"state": State.CONFIRMED}, {"state": State.ENDED}, {"role": "king"}],
    ids=["unknown", "nobody", "link", "role"],
)  # fmt: skip
def test_the_database_guards_the_states(cast: Cast, wrong: dict) -> None:
    invitation, _ = invited(cast.alice, cast.mia)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**wrong)


def test_every_step_is_a_line_of_each_childs_chain_without_a_word(cast: Cast) -> None:
    person = nana()
    invitation = accepted(cast, person, cast.mia, cast.noah)
    actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
    for child in (cast.mia, cast.noah):
        lines = Entry.objects.filter(chain=child.pk, about_id=invitation.pk).order_by("number")
        assert [line.event for line in lines] == ["invitation.made", "invitation.accepted", "invitation.confirmed"]
        assert [line.by_id for line in lines] == [cast.alice.pk, person.pk, cast.alice.pk]
        part = Membership.objects.get(child=child, user=person)
        assert Entry.objects.filter(chain=child.pk, about_id=part.pk, event="membership.begun").exists()
    told = " ".join(str(facts) for facts in Entry.objects.values_list("facts", flat=True))
    assert NANA not in told and "Nana" not in told


def test_a_link_of_one_kind_is_not_opened_as_the_other(cast: Cast) -> None:
    person, (_, token) = nana(), invited(cast.alice, cast.mia)
    assert actions.accept_access(token=token, by=person) is None
    assert not person.is_practitioner
    assert isinstance(actions.accept_offer(token=token, by=person), Invitation)


def test_parts_in_twins_begin_in_the_order_in_which_a_push_takes_their_chains(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By birth, as children are listed, this and the push of somebody's phone could each hold what the other waits for."""
    first, second = sorted((cast.mia, cast.noah), key=lambda child: child.pk)
    Child.objects.filter(pk=second.pk).update(born=first.born - timedelta(days=1))
    taken = []

    def told(event: str, **facts: Any) -> None:
        taken.append(facts["child"])
        record(event, **facts)

    monkeypatch.setattr(belonging, "record", told)
    person = nana()
    actions.join_child(child=second, person=person, role=Role.CAREGIVER, by=cast.alice)
    taken.clear()
    invitation = accepted(cast, person, first, second, role=Role.GUARDIAN)
    assert actions.confirm_invitation(invitation_id=invitation.pk, by=cast.alice)
    assert taken == [first.pk, second.pk, second.pk]
