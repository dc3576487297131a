"""The family's pages about consent, and the page that an invitation opens."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.consents import BLOOM, brought_to, confirmed, doctor, invited
from tests.strong import strong_browser
from tests.tone import banned_words
from tests.universe import PASSWORD, Cast

from attunement_web.accounts.models import User
from attunement_web.families import actions, queries
from attunement_web.families.models import Grant, Membership, Role, State
from attunement_web.families.templatetags.looked import HAPPENED
from attunement_web.ledger.models import Entry
from attunement_web.rights.actions.taking import _EVENT as _COPIED

Browser = Callable[[User], Client]
NEW = {"email": BLOOM, "name": "Ada Bloom", "password": PASSWORD}


def page(name: str, *args: object) -> str:
    return reverse(f"families:{name}", args=args)


def text_of(answer: object) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]))


def answers(cast: Cast, **more: object) -> dict[str, object]:
    until = (cast.mia.today() + timedelta(days=30)).isoformat()
    given = {"called": "Dr. Bloom", "email": " Bloom@Example.org", "kinds": ["moments"], "purpose": "Sleep"}
    return given | {"until": until} | more


def link_in(answer: object) -> str:
    return re.search(r"/invitation/[\w-]{22}/", answer.content.decode())[0]


def test_a_guardian_gives_access_and_sees_the_link_this_once(cast: Cast, signed_in: Browser) -> None:
    alice = signed_in(cast.alice)
    before = text_of(alice.get(page("give", cast.mia.pk)))
    assert "what was already seen, what was printed or copied" in before
    handed = alice.post(page("give", cast.mia.pk), answers(cast))
    link, grant = link_in(handed), Grant.objects.get()
    assert (grant.email, grant.state, grant.kinds, grant.given_by) == (BLOOM, State.INVITED, ["moments"], cast.alice)
    assert grant.last_day.date() == cast.mia.today() + timedelta(days=30)
    for name, *more in (("sharing",), ("grant", grant.pk)):
        assert link.split("/")[2] not in alice.get(page(name, cast.mia.pk, *more)).content.decode()
    renewed = link_in(alice.post(page("link", cast.mia.pk, grant.pk)))
    assert Client().get(link).status_code == 410
    assert Client().get(renewed).status_code == 200


def test_a_link_that_opens_on_this_computer_alone_says_so(cast: Cast, signed_in: Browser) -> None:
    alice, warning = signed_in(cast.alice), "it opens on this computer alone"
    asked = page("give", cast.mia.pk)
    assert warning in text_of(alice.post(asked, answers(cast), headers={"host": "localhost:8000"}))
    elsewhere = alice.post(asked, answers(cast, email="cara@example.org"))
    assert link_in(elsewhere)
    assert warning not in text_of(elsewhere)


def test_a_relative_who_only_notes_is_not_among_those_who_see(cast: Cast, signed_in: Browser) -> None:
    seen = text_of(signed_in(cast.alice).get(page("sharing", cast.mia.pk)))
    assert cast.bob.name in seen
    Membership.objects.filter(child=cast.mia, user=cast.bob).update(role=Role.RELATIVE)
    assert cast.bob.name not in text_of(signed_in(cast.alice).get(page("sharing", cast.mia.pk)))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kinds": []}, "choose one or more"),
        ({"kinds": ["reports"]}, "share words and names too"),
        ({"kinds": ["secrets"]}, "secrets"),
        ({"email": "bob@example.org"}, "belongs to the family"),
        ({"email": "not an address"}, "once more"),
        ({"until": "2020-01-01"}, "from today"),
        ({"until": "2999-01-01"}, "a year from now"),
        ({"purpose": ""}, "fill this in"),
        ({"purpose": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_given_is_asked_again(cast: Cast, signed_in: Browser, more: dict, words: str) -> None:
    again = signed_in(cast.alice).post(page("give", cast.mia.pk), answers(cast, **more))
    assert again.status_code == 422
    assert words in text_of(again)
    assert not Grant.objects.exists()


def test_a_second_invitation_for_one_address_is_not_made(cast: Cast, signed_in: Browser) -> None:
    invited(cast.mia, cast.alice)
    again = signed_in(cast.bob).post(page("give", cast.mia.pk), answers(cast))
    assert again.status_code == 422 and "already" in text_of(again)


def test_giving_asks_for_a_fresh_proof_and_stopping_does_not(cast: Cast, signed_in: Browser) -> None:
    grant = confirmed(cast, doctor())
    alice = signed_in(cast.alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        for name, *more in (("give",), ("link", grant.pk), ("confirmation", grant.pk), ("resumption", grant.pk)):
            answer = alice.post(page(name, cast.mia.pk, *more), answers(cast))
            assert answer.headers["Location"].startswith(reverse("accounts:again")), name
        alice.post(page("pause", cast.mia.pk, grant.pk))
        grant.refresh_from_db()
        assert grant.state == State.PAUSED
        alice.post(page("end", cast.mia.pk, grant.pk))
        grant.refresh_from_db()
        assert grant.state == State.ENDED


def test_only_guardians_decide_and_strangers_find_nothing(cast: Cast, signed_in: Browser) -> None:
    grant = brought_to(State.ACCEPTED, cast, doctor())
    sent = ("link", "confirmation", "pause", "resumption", "end")
    for person, told in ((cast.ruth, 403), (cast.charlie, 404)):
        browser = signed_in(person)
        for name, *more in (("sharing",), ("give",), ("grant", grant.pk)):
            assert browser.get(page(name, cast.mia.pk, *more)).status_code == told
        for name in sent:
            assert browser.post(page(name, cast.mia.pk, grant.pk)).status_code == told
    for name in sent:  # a brother's page does not lead to it
        assert signed_in(cast.alice).post(page(name, cast.noah.pk, grant.pk)).status_code == 404
    grant.refresh_from_db()
    assert grant.state == State.ACCEPTED


def test_an_invitation_shows_who_and_what_for_and_nothing_about_a_child(cast: Cast) -> None:
    _, token = invited(cast.mia, cast.alice)
    for browser in (Client(), strong_browser(doctor())):
        shown = browser.get(page("invitation", token)).content.decode()
        assert "Alice" in shown and "Sleep and feeding" in shown
        for hidden in ("Mia", str(cast.mia.pk), "moon", "Dr. Bloom", BLOOM):
            assert hidden not in shown.partition("<main")[2], hidden
    assert Grant.objects.get().state == State.INVITED, "looking uses nothing up"


def test_used_old_ended_and_unknown_links_look_the_same(cast: Cast) -> None:
    bloom, seen = doctor(), []
    for state in (State.ACCEPTED, State.ENDED):
        grant = brought_to(state, cast, bloom)
        actions.end_access(grant_id=grant.pk, by=cast.alice)
    _, old = invited(cast.mia, cast.alice)
    with time_machine.travel(timezone.now() + timedelta(hours=73), tick=False):
        seen.append(Client().get(page("invitation", old)))
    _, ended = invited(cast.noah, cast.alice)
    actions.end_access(grant_id=Grant.objects.get(child=cast.noah).pk, by=cast.alice)
    seen += [Client().get(page("invitation", token)) for token in (ended, "a" * 22, "x")]
    assert {answer.status_code for answer in seen} == {410}
    assert len({text_of(answer) for answer in seen}) == 1


def test_somebody_signed_in_with_another_address_is_told_so_and_uses_nothing_up(cast: Cast, signed_in: Browser) -> None:
    _, token = invited(cast.mia, cast.alice)
    for method in ("get", "post"):
        answer = getattr(signed_in(cast.charlie), method)(page("invitation", token))
        assert answer.status_code == 403
        assert BLOOM not in answer.content.decode()
    assert Grant.objects.get().state == State.INVITED


def test_somebody_new_begins_here_and_can_do_nothing_until_the_family_says_yes(cast: Cast, signed_in: Browser) -> None:
    _, token = invited(cast.mia, cast.alice)
    browser = Client()
    then = browser.post(page("invitation", token), NEW)
    assert then.headers["Location"] == reverse("caseload:children")
    grant = Grant.objects.get()
    bloom = grant.person
    assert (grant.state, bloom.email, bloom.is_practitioner) == (State.ACCEPTED, BLOOM, True)
    assert browser.get(then.headers["Location"]).headers["Location"] == reverse("accounts:surer")
    assert strong_browser(bloom).get(reverse("caseload:child", args=[cast.mia.pk])).status_code == 404
    assert browser.post(page("invitation", token), NEW).status_code == 410
    asked = text_of(signed_in(cast.alice).get(page("grant", cast.mia.pk, grant.pk)))
    assert "Ada Bloom" in asked and "Yes, this is who I meant" in asked
    assert "Yes, this is who I meant" not in text_of(signed_in(cast.bob).get(page("grant", cast.mia.pk, grant.pk)))
    signed_in(cast.bob).post(page("confirmation", cast.mia.pk, grant.pk))
    assert strong_browser(bloom).get(reverse("caseload:child", args=[cast.mia.pk])).status_code == 404
    signed_in(cast.alice).post(page("confirmation", cast.mia.pk, grant.pk))
    assert strong_browser(bloom).get(reverse("caseload:child", args=[cast.mia.pk])).status_code == 200


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"email": "eve@example.org"}, "another address"),
        ({"password": "short"}, "ten characters"),
        ({"password": "password1234"}, "easy to guess"),
        ({"name": ""}, "fill this in"),
    ],
)
def test_who_does_not_fit_begins_nothing(cast: Cast, more: dict, words: str) -> None:
    _, token = invited(cast.mia, cast.alice)
    again = Client().post(page("invitation", token), NEW | more)
    assert again.status_code == 422 and words in text_of(again)
    assert Grant.objects.get().state == State.INVITED
    assert not User.objects.filter(is_practitioner=True).exists()


def test_an_address_is_guessed_ten_times_and_then_one_waits(cast: Cast) -> None:
    _, token = invited(cast.mia, cast.alice)
    told = [text_of(Client().post(page("invitation", token), NEW | {"email": f"{n}@example.org"})) for n in range(10)]
    assert all("another address" in one for one in told)
    assert "many tries" in text_of(Client().post(page("invitation", token), NEW))
    assert Grant.objects.get().state == State.INVITED


def test_who_has_an_account_signs_in_first(cast: Cast) -> None:
    doctor()
    _, token = invited(cast.mia, cast.alice)
    again = Client().post(page("invitation", token), NEW)
    assert again.status_code == 422 and "sign in with it" in text_of(again)
    assert f"?next={page('invitation', token)}" in again.content.decode()


def test_who_looked_says_it_in_plain_words_newest_first(cast: Cast, signed_in: Browser) -> None:
    bloom = doctor()
    grant = confirmed(cast, bloom)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        at = timezone.now().astimezone(cast.mia.zone)
        strong_browser(bloom).get(reverse("caseload:moments", args=[cast.mia.pk]))
    alice = signed_in(cast.alice)
    shown = text_of(alice.get(page("who_looked", cast.mia.pk)))
    first = shown.index("Dr. Bloom opened Moments")
    assert first < shown.index("Alice opened the record, as the consent says") < shown.index("Alice added your child")
    assert f"{at:%H:%M}" in shown[first:]
    readings = text_of(alice.get(page("who_looked", cast.mia.pk), {"show": "readings"}))
    assert "Dr. Bloom opened Moments" in readings and "added your child" not in readings
    history = text_of(alice.get(page("grant", cast.mia.pk, grant.pk)))
    assert history.index("made an invitation") < history.index("said yes") < history.index("opened the record")
    assert "Dr. Bloom" not in text_of(alice.get(page("who_looked", cast.noah.pk)))
    assert signed_in(cast.charlie).get(page("who_looked", cast.mia.pk)).status_code == 404


def test_every_line_is_on_one_page_and_on_one_only(
    cast: Cast, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    grant = confirmed(cast, doctor())
    for _ in range(4):
        actions.pause_access(grant_id=grant.pk, by=cast.bob)
        actions.resume_access(grant_id=grant.pk, by=cast.bob)
    alice, before, seen = signed_in(cast.alice), "", 0
    while before is not None:
        looked = alice.get(page("who_looked", cast.mia.pk), {"before": before}).context["looked"]
        before, seen = looked.before, seen + len(looked.lines)
    assert seen == Entry.objects.filter(chain=cast.mia.pk).count() > 10
    for wrong in ("x", "-1", "9" * 40, "²"):
        assert alice.get(page("who_looked", cast.mia.pk), {"before": wrong}).status_code == 200


def test_each_line_that_the_site_writes_about_a_child_has_words(cast: Cast) -> None:
    root = Path(queries.__file__).parents[1]
    written = {
        event
        for path in root.rglob("*.py")
        for event, facts in re.findall(r'(?:record|line|_move|_tell)\(\s*"([a-z_.]+)"([^\n]*)', path.read_text())
        if "child=" in facts or event.startswith(("child.", "record.")) or event == "moments.kept"
    }
    assert len(written) > 10
    read_and_erased = {"record.read", "record.erased"}  # the one has words of its own; nobody is left to read the other
    assert (written | {_COPIED}) - set(HAPPENED) - read_and_erased == set()


def test_the_words_of_the_pages_are_kind(cast: Cast, signed_in: Browser) -> None:
    grant = brought_to(State.ACCEPTED, cast, doctor())
    alice = signed_in(cast.alice)
    for where in (page("sharing", cast.mia.pk), page("give", cast.mia.pk), page("grant", cast.mia.pk, grant.pk),
                  page("who_looked", cast.mia.pk)):  # fmt: skip
        assert banned_words(text_of(alice.get(where))) == []


@pytest.mark.parametrize(("name", "most"), [("sharing", 6), ("grant", 8), ("who_looked", 7)])
def test_the_pages_take_few_queries(
    cast: Cast, signed_in: Browser, name: str, most: int, django_assert_max_num_queries: Callable
) -> None:
    grant = confirmed(cast, doctor())
    for number in range(5):
        invited(cast.mia, cast.alice, email=f"{number}@example.org")
    alice, more = signed_in(cast.alice), [grant.pk] if name == "grant" else []
    alice.get(page(name, cast.mia.pk, *more))
    with django_assert_max_num_queries(most):
        alice.get(page(name, cast.mia.pk, *more))
