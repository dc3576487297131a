"""Other programs note, read, change and take away moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.universe import Cast
from tests.web.api.conftest import Program, made

from attunement_web.accounts.models import SessionStore, User
from attunement_web.api.bridge import ACTS, OUTCOMES, SIGNALS
from attunement_web.diary.actions import Tap, change_moment, keep_moments
from attunement_web.diary.models import Moment, OtherVersion, new_id
from attunement_web.families.models import Child

pytestmark = pytest.mark.django_db
In = Callable[[User], Client]


def at(child: Child, moment: object = "") -> str:
    return f"/children/{child.pk}/moments" + (f"/{moment}" if moment else "")


def noted(button: Program, child: Child, **fields: Any) -> dict[str, Any]:
    answer = button("POST", at(child), fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_empty_body_notes_a_good_moment_now(cast: Cast, button: Program) -> None:
    told = noted(button, cast.mia)
    moment = Moment.objects.get()
    assert (str(moment.pk), moment.signal, moment.precision) == (told["id"], "", "now")
    assert (moment.noted_by, moment.child) == (cast.alice, cast.mia)


def test_all_fields_are_kept_and_told(cast: Cast, button: Program) -> None:
    yesterday = (timezone.now() - timedelta(days=1)).replace(microsecond=0)
    sent = {
        "id": str(new_id()), "signal": SIGNALS[0], "acts": list(ACTS[:3]), "outcome": OUTCOMES[0], "mended": True,
        "calm": 2, "with_child": "Nana", "feeling": "tired", "words": "in the kitchen\n<b>",
    }  # fmt: skip
    told = noted(button, cast.mia, **sent, happened_at=yesterday.isoformat())
    assert {name: told[name] for name in sent} == sent
    assert told["happened_at"] == yesterday.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert told["local_day"] == str(yesterday.astimezone(cast.family.zone).date())
    assert (told["zone"], told["precision"]) == ("Europe/Madrid", "clock")
    assert button("GET", at(cast.mia, told["id"])).json() == told


def test_the_same_id_again_keeps_one(cast: Cast, button: Program) -> None:
    told = noted(button, cast.mia, id=str(new_id()), words="one")
    again = button("POST", at(cast.mia), {"id": told["id"], "words": "two"})
    assert (again.status_code, again.json()) == (200, told)
    assert Moment.objects.count() == 1


def test_an_id_of_another_child_is_as_unknown_and_changes_nothing(cast: Cast, button: Program) -> None:
    theirs = new_id()
    keep_moments(child=cast.strangers_child, taps=[Tap(id=theirs, words="ours")], by=cast.charlie)
    assert button("POST", at(cast.mia), {"id": str(theirs)}).status_code == 404
    assert Moment.objects.get().words == "ours"


def test_only_the_fields_given_are_changed(cast: Cast, button: Program) -> None:
    told = noted(button, cast.mia, words="as it was", calm=1)
    answer = button("PATCH", at(cast.mia, told["id"]), {"calm": None, "mended": False})
    assert answer.status_code == 200
    assert (answer.json()["words"], answer.json()["calm"], answer.json()["mended"]) == ("as it was", None, False)
    assert answer.json()["revision"] > told["revision"]


def test_what_somebody_set_that_a_program_had_not_read_is_kept_beside_it(cast: Cast, button: Program) -> None:
    told = noted(button, cast.mia, words="as it was")
    one = at(cast.mia, told["id"])
    button("PATCH", one, {"words": "by the program"})
    for base, story, others in (({}, "his", 1), ({"base": 0}, "his again", 2), ({"base": told["revision"]}, "more", 3)):
        change_moment(moment=Moment.objects.get(), by=cast.bob, words=story)
        assert button("PATCH", one, base | {"words": f"over {story}"}).json()["words"] == f"over {story}"
        assert OtherVersion.objects.filter(field="words", value=story, by=cast.bob).count() == 1
        assert OtherVersion.objects.count() == others
    change_moment(moment=Moment.objects.get(), by=cast.bob, words="read")
    button("PATCH", one, {"words": "knowingly", "base": button("GET", one).json()["revision"]})
    assert OtherVersion.objects.count() == 3


def test_one_taken_away_is_gone_and_does_not_come_back_by_itself(cast: Cast, button: Program) -> None:
    told = noted(button, cast.mia, words="x")
    assert button("DELETE", at(cast.mia, told["id"])).status_code == 204
    for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
        assert button(method, at(cast.mia, told["id"]), body).status_code == 404
    assert button("POST", at(cast.mia), {"id": told["id"]}).status_code == 410
    assert Moment.objects.get().removed_at is not None


def test_reading_on_and_on_gives_each_once_newest_first(cast: Cast, button: Program) -> None:
    start = datetime.now(UTC) - timedelta(days=4)
    for hours in range(0, 60, 7):
        noted(button, cast.mia, happened_at=(start + timedelta(hours=hours - hours % 14)).isoformat())
    read: list[str] = []
    query = "?limit=2"
    while query:
        page = button("GET", at(cast.mia) + query).json()
        read += [one["happened_at"] for one in page["moments"]]
        query = page["next"] and f"?limit=2&before={page['next']}"
    assert len(read) == 9
    assert read == sorted(read, reverse=True)
    day = read[0][:10]
    chosen = button("GET", f"{at(cast.mia)}?first_day={day}&last_day={day}").json()["moments"]
    assert {one["local_day"] for one in chosen} == {day}
    assert button("GET", f"{at(cast.mia)}?before={uuid4()}").json() == {"moments": [], "next": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"signal": "not-a-signal"}, {"signal": None}, {"acts": ["smile"] * 13}, {"acts": "smile"}, {"outcome": 3},
        {"mended": "yes"}, {"mended": 1}, {"calm": 4}, {"calm": "2"}, {"calm": True}, {"calm": 10**400},
        {"words": "x" * 2001}, {"words": "\0"}, {"words": "\ud800"},
        {"with_child": "x" * 81}, {"feeling": "proud"}, {"id": "1"}, {"id": 5},
        {"happened_at": "yesterday"}, {"happened_at": "2026-03-31T14:05:00"}, {"happened_at": 1_700_000_000},
        {"happened_at": "9999-12-31T23:59:59-14:00"}, {"happened_at": "0001-01-01T00:00:00+14:00"},
        {"child": str(uuid4())}, {"noted_by": str(uuid4())}, {"revision": 9}, [], "text", 7, None,
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_and_nothing_is_kept(cast: Cast, button: Program, wrong: object) -> None:
    told = noted(button, cast.mia)
    for method, path in (("POST", at(cast.mia)), ("PATCH", at(cast.mia, told["id"]))):
        answer = button(method, path, wrong) if wrong is not None else button(method, path)
        assert answer.status_code in {400, 422}, answer.text
        assert set(answer.json()) == {"code", "message"}
    assert Moment.objects.count() == 1
    assert button("GET", at(cast.mia, told["id"])).json() == told


def test_a_moment_to_come_and_one_before_the_birth_are_refused(cast: Cast, button: Program) -> None:
    for when in (timezone.now() + timedelta(hours=1), timezone.now() - timedelta(days=97)):
        answer = button("POST", at(cast.mia), {"happened_at": when.isoformat()})
        assert (answer.status_code, answer.json()["code"]) == (422, "not-then")
    ahead = timezone.now() + timedelta(minutes=4)  # a clock may be ahead of ours
    assert button("POST", at(cast.mia), {"happened_at": ahead.isoformat()}).status_code == 201


def test_a_stranger_learns_nothing_of_what_there_is(cast: Cast) -> None:
    there = new_id()
    keep_moments(child=cast.mia, taps=[Tap(id=there, words="canary")], by=cast.alice)
    stranger = Program(made(cast.charlie, cast.strangers_child))
    for method, body in (("GET", None), ("PATCH", {"words": "mine"}), ("DELETE", None)):
        answers = [
            stranger(method, path, body)
            for path in (at(cast.mia, there), at(cast.mia, uuid4()), f"/children/{uuid4()}/moments/{there}")
        ]
        assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    assert Moment.objects.get().words == "canary"


def test_somebody_signed_in_brings_the_token_of_our_own_pages(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.alice)
    path = f"/api/v1{at(cast.mia)}"
    assert browser.get(path).status_code == 200
    bare = browser.post(path, "{}", content_type="application/json")
    assert (bare.status_code, bare.json()["code"]) == (403, "csrf")
    browser.get("/")
    browser.get(f"/child/{cast.mia.pk}/about/")
    csrf = browser.cookies["csrftoken"].value
    kept = browser.post(path, "{}", content_type="application/json", headers={"X-CSRFToken": csrf})
    assert kept.status_code == 201
    foreign = {"X-CSRFToken": csrf, "Sec-Fetch-Site": "cross-site"}
    assert browser.post(path, "{}", content_type="application/json", headers=foreign).status_code == 403
    assert Moment.objects.count() == 1


def test_a_wrong_token_is_not_made_good_by_a_cookie(cast: Cast, signed_in: In) -> None:
    browser = signed_in(cast.alice)
    answer = browser.get(f"/api/v1{at(cast.mia)}", headers={"Authorization": "Bearer att_" + "x" * 43})
    assert answer.status_code == 401


def test_a_session_that_is_over_opens_nothing(cast: Cast, signed_in: In) -> None:
    path = f"/api/v1{at(cast.mia)}"
    browser = signed_in(cast.alice)
    assert browser.get(path).status_code == 200
    User.objects.filter(pk=cast.alice.pk).update(password="another")
    assert browser.get(path).status_code == 401
    sessions = SessionStore.get_model_class().objects
    away, out, late, garbage = (signed_in(cast.bob) for _ in range(4))
    out.post("/sign-out/")
    sessions.filter(session_key=late.cookies["sessionid"].value).update(expire_date=timezone.now())
    sessions.filter(session_key=garbage.cookies["sessionid"].value).update(session_data="x:y:z")
    assert away.get(path).status_code == 200
    assert [one.get(path).status_code for one in (out, late, garbage)] == [401, 401, 401]
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert away.get(path).status_code == 401
    away.cookies["sessionid"] = "a" * 300
    assert away.get(path).status_code == 401


def test_a_relative_signed_in_is_told_that_the_record_is_for_others(cast: Cast, signed_in: In) -> None:
    browser = signed_in(cast.ruth)
    assert browser.get(f"/api/v1{at(cast.mia)}").status_code == 403
    answer = browser.post(f"/api/v1{at(cast.mia)}", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
