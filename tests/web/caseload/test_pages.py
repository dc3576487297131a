"""A practitioner's pages show what consent covers and nothing else, and each opening is one line in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.consents import ALL, brought_to, confirmed, doctor
from tests.recordings import kept_recording
from tests.strong import strong_browser
from tests.universe import Cast

from attunement_web.accounts.models import User
from attunement_web.api.actions import make_token
from attunement_web.caseload import actions as opening
from attunement_web.caseload import queries
from attunement_web.diary.actions import keep_moments
from attunement_web.diary.actions.noting import Tap
from attunement_web.diary.models import new_id
from attunement_web.families import actions
from attunement_web.families.models import Child, Grant, Kind, State
from attunement_web.ledger.models import Entry
from attunement_web.milestones.actions import tell_milestone
from attunement_web.milestones.models import Stage

CANARIES = ("canary-words", "canary-with", "canary-alice", "canary-milestone", "visit.csv")
PAGES = {
    "child": None, "moments": Kind.MOMENTS, "picture": Kind.MOMENTS, "milestones": Kind.MILESTONES,
    "recordings": Kind.RECORDINGS, "reports": Kind.REPORTS, "report": Kind.REPORTS,
}  # fmt: skip
HIDDEN = [kind for kind in ALL if kind not in (Kind.WORDS, Kind.REPORTS)]


@pytest.fixture
def bloom(cast: Cast) -> User:
    return doctor()


@pytest.fixture
def told(cast: Cast) -> Child:
    """Mia's record, with a word of its own in each place where people write."""
    User.objects.filter(pk=cast.alice.pk).update(name="canary-alice")
    tap = Tap(id=new_id(), signal="fuss", acts=("sing",), with_child="canary-with", words="canary-words")
    keep_moments(child=cast.mia, taps=[tap], by=cast.alice)
    tell_milestone(
        child=cast.mia, milestone="waves-bye-12", stage=Stage.STARTING, words="canary-milestone", by=cast.alice
    )
    kept_recording(cast.mia)
    return cast.mia


def test_a_practitioner_reads_no_words_that_mean_the_family(cast: Cast, told: Child, bloom: User) -> None:
    keep_moments(child=told, taps=[Tap(id=new_id(), signal="cry", acts=("no-response",), mended=True)], by=cast.alice)
    grant = confirmed(cast, bloom)
    browser = strong_browser(bloom)
    assert "Milestones that the family told" in browser.get(address("child", told)).text
    moments = browser.get(address("moments", told)).text
    assert "Found each other again" in moments
    for page in (moments, browser.get(address("child", told)).text):
        assert "You found" not in page and "you told" not in page
    assert grant.kind_names[2] == "Milestones that the family told"


def address(page: str, child: Child, recording: object = None) -> str:
    return reverse(f"caseload:{page}", args=[child.pk, recording] if page == "report" else [child.pk])


def addresses(child: Child) -> dict[str, str]:
    recording = child.recordings.get().pk
    return {page: address(page, child, recording) for page in PAGES}


def readings() -> int:
    return Entry.objects.filter(event="record.read").count()


@pytest.mark.parametrize("kind", Kind.values)
def test_each_kind_opens_its_own_pages_and_a_line_tells_of_each(
    cast: Cast, bloom: User, told: Child, kind: str
) -> None:
    kinds = [Kind.WORDS, kind] if kind == Kind.REPORTS else [kind]
    grant, browser = confirmed(cast, bloom, kinds), strong_browser(bloom)
    for page, where in addresses(told).items():
        before, opens = readings(), PAGES[page] in (None, *kinds)
        assert browser.get(where).status_code == (200 if opens else 403), page
        assert readings() - before == int(opens), page
        if opens:
            line = Entry.objects.filter(chain=told.pk).latest("number")
            assert (line.event, line.by_id, line.facts["grant"]) == ("record.read", bloom.pk, str(grant.pk))


def not_told(person: User, child: Child) -> list[str]:
    """The pages that opened and left no line of their own, or more than one."""
    browser, found = strong_browser(person), []
    for page, where in addresses(child).items():
        before = readings()
        assert browser.get(where).status_code == 200
        if readings() != before + 1:
            found.append(page)
    return found


def test_every_opening_is_one_line_and_one_that_is_forgotten_is_found(
    cast: Cast, bloom: User, told: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(cast, bloom)
    assert not_told(bloom, told) == []
    write = opening.note_opening
    monkeypatch.setattr(opening, "note_opening", lambda **said: None if said["page"] == "picture" else write(**said))
    assert not_told(bloom, told) == ["picture"]


def test_what_cannot_be_written_down_is_not_shown(
    cast: Cast, bloom: User, told: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    confirmed(cast, bloom)
    monkeypatch.setattr(opening, "record", full_disk)
    browser = strong_browser(bloom)
    browser.raise_request_exception = False
    for page, where in addresses(told).items():
        answer = browser.get(where)
        assert answer.status_code >= 500, page
        assert not [word for word in (*CANARIES, "Mia") if word in answer.content.decode()]


@pytest.mark.parametrize("state", [state for state in State.values if state != State.CONFIRMED])
def test_in_any_other_state_it_is_as_if_there_were_no_child(cast: Cast, bloom: User, told: Child, state: str) -> None:
    brought_to(state, cast, bloom)
    browser = strong_browser(bloom)
    for page, where in addresses(told).items():
        assert browser.get(where).status_code == 404, page
    assert readings() == 0
    assert told.name not in browser.get(reverse("caseload:children")).content.decode()


def as_told(answer: HttpResponse, *, about: str) -> tuple[int, dict[str, str], str]:
    """All that reaches the reader; the form's own token and the address asked for differ at each request."""
    text = answer.content.decode().replace(about, "")
    token = answer.context["csrf_token"] if answer.context else ""
    return answer.status_code, {**answer.headers, "Content-Length": ""}, text.replace(str(token), "")


def test_foreign_and_nonexistent_are_equal_to_the_byte(cast: Cast, bloom: User, told: Child) -> None:
    ended, browser, recording = brought_to(State.ENDED, cast, bloom), strong_browser(bloom), uuid4()
    assert ended.child == told
    for page in PAGES:
        seen = []
        for child_id in (told.pk, cast.strangers_child.pk, uuid4()):
            args = [child_id, recording] if page == "report" else [child_id]
            seen.append(as_told(browser.get(reverse(f"caseload:{page}", args=args)), about=str(child_id)))
        assert seen[0][0] == 404
        assert seen[0] == seen[1] == seen[2], page


def test_no_word_and_no_name_is_shown_without_consent_for_words(cast: Cast, bloom: User, told: Child) -> None:
    confirmed(cast, bloom, HIDDEN)
    assert shown_words(bloom, told) == {}


@pytest.mark.parametrize("plant", ["timeline", "milestones_told", "recordings"])
def test_a_page_that_forgets_to_hide_words_is_found(
    cast: Cast, bloom: User, told: Child, plant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(cast, bloom, HIDDEN)
    forgetful = getattr(queries, plant)

    def with_words(grant: Grant, **more: object) -> object:
        grant.kinds = [*grant.kinds, Kind.WORDS]
        return forgetful(grant, **more)

    monkeypatch.setattr(queries, plant, with_words)
    assert shown_words(bloom, told)


def shown_words(person: User, child: Child) -> dict[str, list[str]]:
    """Which canaries each page that opens shows."""
    browser, found = strong_browser(person), {}
    for page, where in addresses(child).items():
        answer = browser.get(where)
        text = answer.content.decode()
        assert answer.status_code == 200 or PAGES[page] == Kind.REPORTS
        if shown := [word for word in CANARIES if word in text]:
            found[page] = shown
    return found


def test_with_words_the_pages_show_them(cast: Cast, bloom: User, told: Child) -> None:
    confirmed(cast, bloom)
    found = shown_words(bloom, told)
    assert set(found["moments"]) == {"canary-words", "canary-with", "canary-alice"}
    assert found["milestones"] == ["canary-milestone"]
    assert found["recordings"] == found["reports"] == ["visit.csv"]


@pytest.mark.parametrize("step", ["end", "pause", "day"])
def test_what_ends_is_refused_at_the_next_request_in_the_same_session(
    cast: Cast, bloom: User, told: Child, step: str
) -> None:
    grant, browser = confirmed(cast, bloom), strong_browser(bloom)
    assert all(browser.get(where).status_code == 200 for where in addresses(told).values())
    now = timezone.now()
    if step == "end":
        actions.end_access(grant_id=grant.pk, by=cast.bob)
    elif step == "pause":
        actions.pause_access(grant_id=grant.pk, by=cast.bob)
    else:
        Grant.objects.filter(pk=grant.pk).update(until=now + timedelta(minutes=5))
        assert browser.get(address("moments", told)).status_code == 200
        now += timedelta(minutes=5)
    before = readings()
    with time_machine.travel(now, tick=False):
        for page, where in addresses(told).items():
            assert browser.get(where).status_code == 404, page
    assert readings() == before


def test_she_finds_the_children_shared_with_her_and_what_waits(cast: Cast, bloom: User) -> None:
    grant, browser = brought_to(State.ACCEPTED, cast, bloom), strong_browser(bloom)
    page = browser.get(reverse("caseload:children")).content.decode()
    assert "Sleep and feeding" in page and "Mia" not in page
    actions.confirm_access(grant_id=grant.pk, by=cast.alice)
    page = browser.get(reverse("caseload:children")).content.decode()
    assert "Mia" in page and "Noah" not in page
    assert browser.get(reverse("families:home")).headers["Location"] == reverse("caseload:children")


def test_one_proof_is_not_enough(cast: Cast, bloom: User, told: Child) -> None:
    confirmed(cast, bloom)
    weak = Client()
    weak.force_login(bloom)
    for where in (*addresses(told).values(), reverse("caseload:children")):
        assert weak.get(where).headers["Location"] == reverse("accounts:surer")
    assert readings() == 0


def test_she_changes_nothing(cast: Cast, bloom: User, told: Child) -> None:
    confirmed(cast, bloom)
    browser = strong_browser(bloom)
    for where in addresses(told).values():
        assert browser.post(where).status_code in (404, 405)
    for name in ("diary:moments", "diary:note", "today:today", "families:child", "families:sharing", "families:give",
                 "families:who_looked", "coding:recordings", "api:tokens", "milestones:list"):  # fmt: skip
        where = reverse(name, args=[told.pk])
        assert {browser.get(where).status_code, browser.post(where).status_code} <= {404, 405}, name


def test_phones_and_programs_are_for_members_alone(cast: Cast, bloom: User, told: Child) -> None:
    confirmed(cast, bloom)
    browser, moments = strong_browser(bloom), f"/api/v1/children/{told.pk}/moments"
    assert browser.get("/api/v1/me").json()["families"] == []
    assert browser.get(f"/api/v1/families/{told.family_id}/changes").status_code == 404
    assert browser.get(moments).status_code == 404
    planted = make_token_of(bloom, told)
    assert planted.get(moments).status_code in (401, 404)
    assert planted.post(moments, {}, content_type="application/json").status_code in (401, 404)
    assert told.moments.count() == 1


def make_token_of(person: User, child: Child) -> Client:
    """A key that should never have come to be: it opens no more than its person may."""
    lasts = timedelta(days=1)
    text = make_token(id=uuid4(), child=child, name="planted", right="write", lasts=lasts, by=person)
    return Client(headers={"Authorization": f"Bearer {text}"})


# session, person, grant, the line in the ledger, then what the page shows
@pytest.mark.parametrize(
    ("page", "most"),
    [("child", 12), ("moments", 13), ("picture", 13), ("milestones", 13), ("recordings", 13), ("report", 13)],
)
def test_the_number_of_queries_does_not_grow(
    cast: Cast, bloom: User, told: Child, page: str, most: int, django_assert_max_num_queries: Callable
) -> None:
    confirmed(cast, bloom)
    browser, where = strong_browser(bloom), addresses(told)[page]
    browser.get(where)
    taps = [Tap(id=new_id(), signal="fuss", words=f"number {number}") for number in range(30)]
    keep_moments(child=told, taps=taps, by=cast.alice)
    with django_assert_max_num_queries(most):
        assert browser.get(where).status_code == 200


def test_the_list_takes_four_queries(cast: Cast, bloom: User, told: Child, django_assert_num_queries: Callable) -> None:
    confirmed(cast, bloom)
    browser = strong_browser(bloom)
    browser.get(reverse("caseload:children"))
    with django_assert_num_queries(4):  # session, person, grants, what waits
        browser.get(reverse("caseload:children"))
