"""The pages about the people of a child, and the page that an invitation to belong opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.consents import brought_to, doctor
from tests.tone import banned_words
from tests.universe import PASSWORD, Cast
from tests.web.families.test_people import NANA, accepted, invited, nana
from tests.web.families.test_sharing import link_in, page, text_of

from attunement_web.accounts.models import User, WrongTry
from attunement_web.families import actions
from attunement_web.families.models import Child, Invitation, Membership, Role, State
from attunement_web.rights.actions import ask_erasure

Browser = Callable[[User], Client]
NEW = {"email": NANA, "name": "Rose", "password": PASSWORD}


def asked(cast: Cast, **more: object) -> dict[str, object]:
    return {"role": "relative", "called": "Nana", "email": " Nana@Example.org", "children": [str(cast.mia.pk)]} | more


def test_offers_of_one_guardian_are_few_enough_that_nobody_asks_who_has_an_account_by_them(
    cast: Cast, signed_in: Browser
) -> None:
    now = timezone.now()

    def sent(n: int) -> int:
        looking = {"called": "Dr. Bloom", "email": f"{n}@clinic.example", "kinds": ["moments"], "purpose": "Sleep"}
        until = {"until": (cast.today + timedelta(days=9)).isoformat()}
        name, filled = ("give", looking | until) if n % 2 else ("invite", asked(cast, email=f"{n}@example.org"))
        return int(signed_in(cast.alice).post(page(name, cast.mia.pk), filled).status_code)

    with time_machine.travel(now, tick=False):
        assert [sent(n) for n in range(WrongTry.MOST + 2)] == [200] * WrongTry.MOST + [422, 422]
    with time_machine.travel(now + WrongTry.COUNTS_FOR + timedelta(seconds=1), tick=False):
        assert [sent(n) for n in (20, 21)] == [200, 200]


def part(cast: Cast, person: User) -> Membership:
    return Membership.objects.get(child=cast.mia, user=person)


def test_who_is_here_as_what_is_seen_by_those_who_see_the_record(cast: Cast, signed_in: Browser) -> None:
    person = nana()
    actions.join_child(child=cast.mia, person=person, role=Role.CAREGIVER, by=cast.alice)
    invited(cast.alice, cast.mia, email="else@example.org", called="Uncle Tom")
    told = {
        who.name: text_of(signed_in(who).get(page("people", cast.mia.pk))) for who in (cast.alice, person, cast.ruth)
    }
    for name in ("Alice", "Bob", "Ruth", "Nana Rose"):
        assert name in told["Alice"] and name in told["Nana Rose"]
    assert "You are here as relative" in told["Ruth"] and "Bob" not in told["Ruth"]
    assert "Uncle Tom" in told["Alice"]
    assert "Uncle Tom" not in told["Nana Rose"] + told["Ruth"]
    assert "Invite somebody" not in told["Nana Rose"]


def test_a_guardian_invites_and_sees_the_link_this_once(cast: Cast, signed_in: Browser) -> None:
    alice = signed_in(cast.alice)
    before = text_of(alice.get(page("invite", cast.mia.pk)))
    assert "no guardian can end another’s part" in before and "sees only their own notes" in before
    link, invitation = link_in(alice.post(page("invite", cast.mia.pk), asked(cast))), Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.state) == (NANA, Role.RELATIVE, State.INVITED)
    assert [*invitation.children.all()] == [cast.mia]
    for name, *more in (("people",), ("invited", invitation.pk)):
        assert link.split("/")[2] not in alice.get(page(name, cast.mia.pk, *more)).content.decode()
    renewed = link_in(alice.post(page("invited_link", cast.mia.pk, invitation.pk)))
    assert Client().get(link).status_code == 410
    assert Client().get(renewed).status_code == 200


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"role": ""}, "choose one"),
        ({"role": "king"}, "choose one"),
        ({"email": "not an address"}, "once more"),
        ({"email": "ruth@example.org"}, "here already"),
        ({"called": ""}, "fill this in"),
        ({"children": []}, "choose one or more"),
        ({"children": ["3d5f1f0e-0000-4000-8000-000000000000"]}, "3d5f1f0e"),
    ],
)
def test_what_cannot_be_asked_is_asked_again(cast: Cast, signed_in: Browser, more: dict, words: str) -> None:
    again = signed_in(cast.alice).post(page("invite", cast.mia.pk), asked(cast, **more))
    assert again.status_code == 422 and words in text_of(again)
    assert not Invitation.objects.exists()


def test_the_child_of_somebody_else_is_not_among_those_to_choose(cast: Cast, signed_in: Browser) -> None:
    actions.leave(child=cast.noah, by=cast.alice)
    answer = signed_in(cast.alice).post(page("invite", cast.mia.pk), asked(cast, children=[str(cast.noah.pk)]))
    assert answer.status_code == 422 and "Noah" not in text_of(answer)


def test_what_opens_a_record_asks_for_a_fresh_proof_and_what_closes_it_does_not(cast: Cast, signed_in: Browser) -> None:
    invitation, alice = accepted(cast, nana()), signed_in(cast.alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        for name, *more in (("invite",), ("leave",), ("part_role", part(cast, cast.ruth).pk),
                            ("invited_link", invitation.pk), ("invited_confirmation", invitation.pk)):  # fmt: skip
            answer = alice.post(page(name, cast.mia.pk, *more), asked(cast))
            assert answer.headers["Location"].startswith(reverse("accounts:again")), name
        alice.post(page("invited_end", cast.mia.pk, invitation.pk))
        alice.post(page("part_end", cast.mia.pk, part(cast, cast.ruth).pk))
    invitation.refresh_from_db()
    assert invitation.state == State.ENDED
    assert not cast.ruth.memberships.filter(child=cast.mia).exists()


def test_somebody_new_begins_here_and_finds_nothing_until_the_yes(cast: Cast, signed_in: Browser) -> None:
    _, token = invited(cast.alice, cast.mia)
    browser = Client()
    shown = browser.get(page("invitation", token)).content.decode()
    assert "Alice" in shown and "relative" in shown and "Mia" not in shown and NANA not in shown
    assert Invitation.objects.get().state == State.INVITED, "looking uses nothing up"
    then = browser.post(page("invitation", token), NEW)
    assert then.headers["Location"] == page("almost")
    waits = browser.get(page("almost")).content.decode()
    assert "Alice is asked whether it is really you" in waits and "Mia" not in waits
    assert browser.get(reverse("families:home")).headers["Location"] == page("almost")
    for name in ("people", "child", "leave"):
        assert browser.get(page(name, cast.mia.pk)).status_code == 404
    assert browser.get(reverse("diary:note", args=[cast.mia.pk])).status_code == 404
    assert browser.post(page("invitation", token), NEW).status_code == 410
    invitation = Invitation.objects.get()
    one = page("invited", cast.mia.pk, invitation.pk)
    assert "Yes, this is who I meant" not in text_of(signed_in(cast.bob).get(one))
    asked_once_more = text_of(signed_in(cast.alice).get(one))
    assert "Rose" in asked_once_more and "Yes, this is who I meant" in asked_once_more
    signed_in(cast.alice).post(page("invited_confirmation", cast.mia.pk, invitation.pk))
    assert browser.get(reverse("diary:note", args=[cast.mia.pk])).status_code == 200
    assert "Nothing waits here" in text_of(browser.get(page("almost")))
    assert browser.get(reverse("families:home")).headers["Location"] != page("almost")


def test_who_was_invited_and_has_no_part_any_more_is_told_so_and_not_asked_as_if_new(
    cast: Cast, signed_in: Browser
) -> None:
    person = nana()
    actions.confirm_invitation(invitation_id=accepted(cast, person, cast.mia).pk, by=cast.alice)
    browser = signed_in(person)
    assert browser.get(reverse("families:home")).headers["Location"] == reverse("today:today", args=[cast.mia.pk])
    actions.end_membership(membership=part(cast, person), by=cast.alice)
    told = text_of(browser.get(reverse("families:home"), follow=True))
    assert "You have no part in a child’s record now. Whoever invited you can do so again." in told
    assert "Begin a record for a child of your own" in told
    assert "Mia" not in told and "Alice" not in told
    assert banned_words(told) == []


def test_whoever_invited_is_asked_on_today_and_nobody_else(cast: Cast, signed_in: Browser) -> None:
    accepted(cast, nana())
    brought_to(State.ACCEPTED, cast, doctor())
    told = {who.name: signed_in(who).get(reverse("today:today", args=[cast.mia.pk])) for who in (cast.alice, cast.bob)}
    for words, place in (("Nana has said yes", "people"), ("Dr. Bloom has said yes", "sharing")):
        assert words in text_of(told["Alice"]) and page(place, cast.mia.pk) in told["Alice"].content.decode()
    assert "has said yes" not in text_of(told["Bob"])
    noah = signed_in(cast.alice).get(reverse("today:today", args=[cast.noah.pk]))
    assert "has said yes" not in text_of(noah)


def test_who_has_an_account_says_yes_with_it(cast: Cast, signed_in: Browser) -> None:
    _, token = invited(cast.alice, cast.mia, email="charlie@example.org")
    charlie = signed_in(cast.charlie)
    assert "Yes, I would like to" in text_of(charlie.get(page("invitation", token)))
    assert charlie.post(page("invitation", token)).headers["Location"] == page("almost")
    assert Invitation.objects.get().person == cast.charlie
    assert charlie.get(reverse("families:home")).headers["Location"] != page("almost"), "he has a child of his own"


def test_used_old_ended_and_unknown_links_and_those_of_practitioners_look_the_same(cast: Cast) -> None:
    seen, person = [], nana()
    used, token = invited(cast.alice, cast.mia)
    actions.accept_part(token=token, by=person)
    seen.append(Client().get(page("invitation", token)))
    actions.end_invitation(invitation_id=used.pk, by=cast.alice)
    seen.append(Client().get(page("invitation", token)))
    _, old = invited(cast.alice, cast.mia)
    with time_machine.travel(timezone.now() + timedelta(hours=73), tick=False):
        seen.append(Client().get(page("invitation", old)))
    seen += [Client().post(page("invitation", one), NEW) for one in ("a" * 22, "x")]
    assert {answer.status_code for answer in seen} == {410}
    assert len({text_of(answer) for answer in seen}) == 1


def test_somebody_signed_in_with_another_address_is_told_so_and_uses_nothing_up(cast: Cast, signed_in: Browser) -> None:
    _, token = invited(cast.alice, cast.mia)
    for method in ("get", "post"):
        answer = getattr(signed_in(cast.charlie), method)(page("invitation", token))
        assert answer.status_code == 403 and NANA not in answer.content.decode()
    assert Invitation.objects.get().state == State.INVITED


def test_an_address_is_guessed_ten_times_and_then_one_waits(cast: Cast) -> None:
    _, token = invited(cast.alice, cast.mia)
    told = [text_of(Client().post(page("invitation", token), NEW | {"email": f"{n}@example.org"})) for n in range(10)]
    assert all("another address" in one for one in told)
    assert "many tries" in text_of(Client().post(page("invitation", token), NEW))
    assert Invitation.objects.get().state == State.INVITED


def test_a_guardian_changes_and_ends_other_parts_and_never_another_guardians(cast: Cast, signed_in: Browser) -> None:
    alice, ruth, bob = signed_in(cast.alice), part(cast, cast.ruth), part(cast, cast.bob)
    assert "As caregiver instead" in text_of(alice.get(page("part", cast.mia.pk, ruth.pk)))
    alice.post(page("part_role", cast.mia.pk, ruth.pk), {"role": "caregiver"})
    assert part(cast, cast.ruth).role == Role.CAREGIVER
    for role in ("guardian", "king", ""):
        alice.post(page("part_role", cast.mia.pk, ruth.pk), {"role": role})
        assert part(cast, cast.ruth).role == Role.CAREGIVER
    theirs = text_of(alice.get(page("part", cast.mia.pk, bob.pk)))
    assert "No guardian can end" in theirs and "End it now" not in theirs
    for name in ("part_role", "part_end"):
        told = alice.post(page(name, cast.mia.pk, bob.pk), {"role": "relative"}, follow=True)
        assert "no other guardian can change" in text_of(told)
    assert part(cast, cast.bob).role == Role.GUARDIAN
    told = alice.post(page("part_end", cast.mia.pk, ruth.pk), follow=True)
    assert "Ended" in text_of(told) and not cast.ruth.memberships.filter(child=cast.mia).exists()
    assert cast.ruth.memberships.filter(child=cast.noah).exists()


def test_leaving_says_what_it_means_and_the_last_guardian_stays(cast: Cast, signed_in: Browser) -> None:
    bob, alice, mine = signed_in(cast.bob), signed_in(cast.alice), part(cast, cast.alice)
    assert "What you noted stays in the record" in text_of(bob.get(page("leave", cast.mia.pk)))
    assert "You left" in text_of(bob.post(page("leave", cast.mia.pk), follow=True))
    assert bob.get(page("people", cast.mia.pk)).status_code == 404
    assert bob.get(page("people", cast.noah.pk)).status_code == 200
    assert "You are the only guardian" in text_of(alice.get(page("leave", cast.mia.pk)))
    assert "the last one stays" in text_of(alice.post(page("leave", cast.mia.pk), follow=True))
    assert "This is your own part" in text_of(alice.get(page("part", cast.mia.pk, mine.pk)))
    assert alice.post(page("part_end", cast.mia.pk, mine.pk)).headers["Location"] == page("leave", cast.mia.pk)
    assert part(cast, cast.alice) == mine
    signed_in(cast.ruth).post(page("leave", cast.mia.pk))
    assert not cast.ruth.memberships.filter(child=cast.mia).exists()


def test_only_guardians_decide_and_strangers_find_nothing(cast: Cast, signed_in: Browser) -> None:
    invitation, theirs = accepted(cast, nana()), part(cast, cast.ruth)
    looked = (("invite",), ("invited", invitation.pk), ("part", theirs.pk))
    sent = (("invited_link", invitation.pk), ("invited_confirmation", invitation.pk), ("invited_end", invitation.pk),
            ("part_role", theirs.pk), ("part_end", theirs.pk))  # fmt: skip
    for person, told in ((cast.ruth, 403), (cast.charlie, 404)):
        browser = signed_in(person)
        for name, *more in looked:
            assert browser.get(page(name, cast.mia.pk, *more)).status_code == told
        for name, *more in sent:
            assert browser.post(page(name, cast.mia.pk, *more)).status_code == told
    for name, *more in sent:  # a brother's page does not lead to it
        assert signed_in(cast.alice).post(page(name, cast.noah.pk, *more)).status_code == 404
    invitation.refresh_from_db()
    assert invitation.state == State.ACCEPTED and part(cast, cast.ruth).role == Role.RELATIVE


def test_a_record_that_waits_to_be_erased_is_seen_by_the_other_guardian_too(cast: Cast, signed_in: Browser) -> None:
    ask_erasure(child=cast.noah, by=cast.alice)
    told = signed_in(cast.bob).get(page("people", cast.mia.pk))
    assert "The record of Noah is closed and waits to be erased" in text_of(told)
    assert reverse("rights:waiting") in told.content.decode()
    assert "Noah" not in text_of(signed_in(cast.ruth).get(page("people", cast.mia.pk)))


def test_another_child_has_those_people_who_were_ticked(cast: Cast, signed_in: Browser) -> None:
    actions.change_role(membership=part(cast, cast.ruth), role=Role.CAREGIVER, by=cast.alice)
    alice, born = signed_in(cast.alice), {"born": cast.today.isoformat(), "shape": "star"}
    offered = alice.get(page("another", cast.mia.pk))
    assert (
        "Bob (parent or guardian)" in text_of(offered)
        and "checked" not in offered.content.decode().partition("with_people")[2]
    )
    alice.post(page("another", cast.mia.pk), born | {"page": str(uuid4()), "name": "Ida"})
    assert [*Child.objects.get(name="Ida").memberships.values_list("user", flat=True)] == [cast.alice.pk]
    born["page"] = str(uuid4())
    alice.post(page("another", cast.mia.pk), born | {"name": "Leo", "with_people": [str(cast.ruth.pk)]})
    parts = dict(Child.objects.get(name="Leo").memberships.values_list("user", "role"))
    assert parts == {cast.alice.pk: Role.GUARDIAN, cast.ruth.pk: Role.RELATIVE}, "the smaller of two parts"
    wrong = alice.post(page("another", cast.mia.pk), born | {"name": "Zed", "with_people": [str(cast.charlie.pk)]})
    assert [*wrong.context["form"].errors] == ["with_people"]
    assert wrong.status_code == 422


def test_the_words_of_the_pages_are_kind(cast: Cast, signed_in: Browser) -> None:
    invitation, alice = accepted(cast, nana()), signed_in(cast.alice)
    shown = [("people",), ("invite",), ("leave",), ("invited", invitation.pk)]
    shown += [("part", part(cast, person).pk) for person in (cast.ruth, cast.bob)]
    for name, *more in shown:
        assert banned_words(text_of(alice.get(page(name, cast.mia.pk, *more)))) == [], name
    assert banned_words(text_of(signed_in(invitation.person).get(page("almost")))) == []


@pytest.mark.parametrize(("name", "most"), [("people", 8), ("invited", 8), ("part", 7)])
def test_the_pages_take_few_queries(
    cast: Cast, signed_in: Browser, name: str, most: int, django_assert_max_num_queries: Callable
) -> None:
    invitation = accepted(cast, nana())
    for number in range(5):
        invited(cast.alice, cast.mia, cast.noah, email=f"{number}@example.org")
        somebody = nana(f"somebody-{number}@example.org")
        actions.join_child(child=cast.mia, person=somebody, role=Role.CAREGIVER, by=cast.alice)
    alice, more = signed_in(cast.alice), {"invited": [invitation.pk], "part": [part(cast, cast.ruth).pk]}.get(name, [])
    alice.get(page(name, cast.mia.pk, *more))
    with django_assert_max_num_queries(most):
        alice.get(page(name, cast.mia.pk, *more))
