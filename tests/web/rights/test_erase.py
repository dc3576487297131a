"""A record is closed for a week, can come back, and then is gone from every table; the ledger keeps its ids."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.web.rights.family import CANARY, Full, full_family

from attunement_web.accounts.models import User
from attunement_web.diary.models import DaySummary, Moment
from attunement_web.families.actions import accept_part, invite
from attunement_web.families.models import Child, Family, Grant, Invitation, Membership
from attunement_web.ledger.models import Entry
from attunement_web.ledger.queries import breaks
from attunement_web.rights import actions, reading
from attunement_web.rights.models import WEEK, Erasure
from attunement_web.rights.models.kinds import of_ours
from attunement_web.sync.models import Device, Operation

SignedIn = Callable[[User], Client]
LATER = WEEK + timedelta(minutes=1)


@pytest.fixture
def full(db: None) -> Full:
    return full_family()


@pytest.fixture
def asked(full: Full) -> Erasure:
    erasure = actions.ask_erasure(family=full.family, by=full.cast.alice)
    assert erasure is not None
    return erasure


def words_left() -> list[str]:
    """Every row of ours, as text, in which a word of the family stands."""
    return [f"{model._meta.label}.{name}" for model in of_ours() for row in model._base_manager.values()
            for name, value in row.items() if CANARY.lower() in f"{value}".lower()]  # fmt: skip


def erased(outside: tuple[Path, ...] = (), after: timedelta = LATER) -> int:
    return actions.erase_due(now=timezone.now() + after, outside=outside)


def test_a_record_that_waits_is_closed_to_everybody(full: Full, asked: Erasure, signed_in: SignedIn) -> None:
    for person in (full.cast.alice, full.cast.bob, full.cast.ruth):
        for page in ("moments", "about", "copy", "erase", "recordings", "note"):
            answer = signed_in(person).get(f"/child/{full.mia.pk}/{page}/")
            assert answer.status_code == 404
    assert signed_in(full.cast.charlie).get(f"/child/{full.cast.strangers_child.pk}/about/").status_code == 200


def test_each_guardian_sees_it_and_may_undo_it(full: Full, asked: Erasure, signed_in: SignedIn) -> None:
    bob = signed_in(full.cast.bob)
    page = bob.get("/erasing/").content.decode()
    assert f"{CANARY}001" in page and f"{CANARY}030 asked for this" in page
    assert bob.post(f"/erasing/{asked.pk}/undo/").status_code == 302
    assert bob.get(f"/child/{full.mia.pk}/about/").status_code == 200
    assert erased() == 0 and Moment.objects.filter(child=full.mia).count() == 3


def test_a_guardian_of_one_of_two_may_undo_it_and_learns_nothing_of_the_other(full: Full, signed_in: SignedIn) -> None:
    Membership.objects.filter(child=full.cast.noah, user=full.cast.bob).delete()
    both = actions.ask_erasure(family=full.family, by=full.cast.alice)
    assert both is not None
    names = [Child.objects.get(pk=one.pk).name for one in (full.mia, full.cast.noah)]
    page = signed_in(full.cast.bob).get("/erasing/").content.decode()
    assert [name in page for name in names] == [True, False]
    assert signed_in(full.cast.bob).post(f"/erasing/{both.pk}/undo/").status_code == 302
    noahs = actions.ask_erasure(child=full.cast.noah, by=full.cast.alice)
    assert noahs is not None
    assert signed_in(full.cast.bob).post(f"/erasing/{noahs.pk}/undo/").status_code == 404


def test_who_belonged_to_the_erased_child_alone_is_forgotten(full: Full) -> None:
    Membership.objects.filter(child=full.cast.noah, user=full.cast.bob).delete()
    actions.ask_erasure(child=full.mia, by=full.cast.alice)
    erased()
    assert not User.objects.filter(pk=full.cast.bob.pk).exists()
    assert User.objects.filter(pk__in=[full.cast.alice.pk, full.cast.ruth.pk]).count() == 2


def test_who_is_no_guardian_neither_sees_nor_undoes_it(full: Full, asked: Erasure, signed_in: SignedIn) -> None:
    for person in (full.cast.ruth, full.cast.charlie):
        assert CANARY not in signed_in(person).get("/erasing/").content.decode().replace(person.name, "")
        assert signed_in(person).post(f"/erasing/{asked.pk}/undo/").status_code == 404


def test_nothing_is_erased_before_the_week_is_over(asked: Erasure) -> None:
    assert erased(after=WEEK - timedelta(minutes=1)) == 0 and words_left()


def test_after_the_week_no_word_of_the_family_is_left_in_any_table(full: Full, asked: Erasure) -> None:
    assert words_left()
    assert erased() == 1
    assert words_left() == []
    assert not User.objects.filter(pk__in=[full.cast.alice.pk, full.cast.bob.pk, full.cast.ruth.pk]).exists()
    assert not Family.objects.filter(pk=full.family.pk).exists()
    assert Child.objects.get() == full.cast.strangers_child and Moment.objects.count() == 2
    assert erased() == 0


def test_the_ledger_stays_whole_and_tells_when(full: Full, asked: Erasure) -> None:
    before = Entry.objects.filter(chain=full.mia.pk).count()
    erased()
    assert list(breaks()) == []
    assert Entry.objects.filter(chain=full.mia.pk).count() == before + 1
    assert Entry.objects.filter(event="record.erased", about_id=full.mia.pk, by_id=None).exists()


def test_one_child_goes_and_the_other_stays_whole(full: Full) -> None:
    actions.ask_erasure(child=full.mia, by=full.cast.bob)
    assert erased() == 1
    assert [one.pk for one in full.family.children.all()] == [full.cast.noah.pk]
    assert Moment.objects.filter(child=full.cast.noah).count() == 3
    assert DaySummary.objects.filter(child=full.cast.noah).exists() and not DaySummary.objects.filter(child=full.mia.pk)
    assert Membership.objects.filter(child__family=full.family).count() == 3
    assert not any(f"{CANARY}{number:03d}" in str(rows) for number in (1, 10, 20, 50, 60, 70, 80, 90, 92, 99)
                   for rows in (list(model._base_manager.values()) for model in of_ours()))  # fmt: skip


def test_who_belongs_elsewhere_stays_a_person(full: Full) -> None:
    Membership.objects.create(child=full.cast.strangers_child, user=full.cast.ruth, role="relative")
    actions.ask_erasure(family=full.family, by=full.cast.alice)
    erased()
    assert set(User.objects.values_list("pk", flat=True)) == {full.cast.ruth.pk, full.cast.charlie.pk}


def test_an_invitation_to_one_of_two_stays_for_the_other_and_whoever_waits_for_a_yes_stays_a_person(full: Full) -> None:
    alice, ruth = full.cast.alice, full.cast.ruth
    both, _ = invite(children=[full.mia, full.cast.noah], role="relative", called="x", email="x@example.org", by=alice)
    _, token = invite(
        children=[full.cast.strangers_child], role="relative", called="x", email=ruth.email, by=full.cast.charlie
    )
    assert accept_part(token=token, by=ruth)
    actions.ask_erasure(child=full.mia, by=alice)
    erased()
    assert [*both.children.all()] == [full.cast.noah]
    actions.ask_erasure(child=full.cast.noah, by=alice)
    erased()
    assert not Invitation.objects.filter(pk=both.pk).exists()
    assert User.objects.filter(pk=ruth.pk).exists() and not User.objects.filter(pk=full.cast.bob.pk).exists()


def test_what_a_phone_sends_of_it_later_is_not_kept(full: Full, asked: Erasure) -> None:
    erased()
    phone = Device.objects.create(person=full.cast.charlie)
    text = json.dumps({"child": str(full.mia.pk), "fields": {"words": f"{CANARY}500"}})
    Operation.objects.create(device=phone, seq=1, hash="b" * 64, verdict="refused", reason="not-found", text=text)
    erased()
    assert words_left() == []


def test_a_grant_gives_nothing_while_the_record_waits(full: Full) -> None:
    other = full.cast.charlie
    until = timezone.now() + timedelta(days=9)
    Grant.objects.create(child=full.mia, called="Dora", email="x@example.org", person=other, kinds=["moments"],
                         purpose="to help", until=until, state="confirmed")  # fmt: skip
    assert Grant.objects.giving_rights().filter(person=other).exists()
    actions.ask_erasure(child=full.mia, by=full.cast.alice)
    assert not Grant.objects.giving_rights().filter(person=other).exists()


def test_a_restored_backup_is_erased_again(full: Full, asked: Erasure, tmp_path: Path) -> None:
    data, stick = tmp_path / "data", tmp_path / "stick"
    data.mkdir(), stick.mkdir()
    erasure = Erasure.objects.filter(pk=asked.pk).values().get()
    erased((data, stick))
    assert (data / reading.NAME).read_text() == (stick / reading.NAME).read_text()
    assert CANARY not in (data / reading.NAME).read_text()
    Erasure.objects.all().delete()  # as in a backup from before anybody asked
    back = Family.objects.create(pk=erasure["family_id"], name=f"{CANARY}003", time_zone="UTC")
    child = Child.objects.create(pk=UUID(erasure["children"][0]), family=back, name=f"{CANARY}001", born="2026-01-01")
    person = User.objects.create(name=f"{CANARY}030")
    Membership.objects.create(child=child, user=person, role="guardian")
    assert actions.erase_again(now=timezone.now(), outside=[stick]) == 1
    assert words_left() == [] and not Family.objects.filter(pk=back.pk).exists()
    assert actions.erase_again(now=timezone.now(), outside=[stick]) == 0


def test_a_list_of_erasures_with_a_line_cut_off_is_still_read(tmp_path: Path) -> None:
    one, other = (reading.Erased(uuid4(), uuid4(), None, (uuid4(),), timezone.now()) for _ in range(2))
    reading.write_erased([tmp_path], [one])
    with (tmp_path / reading.NAME).open("a") as file:
        file.write('{"id": "cut of')
    reading.write_erased([tmp_path], [one, other])
    assert [found.id for found in reading.read_erased([tmp_path])] == [one.id, other.id]


def test_the_name_has_to_be_typed(full: Full, signed_in: SignedIn) -> None:
    alice, page = signed_in(full.cast.alice), f"/child/{full.mia.pk}/erase/"
    assert alice.post(page, {"whose": "family", "name": "Somebody"}).status_code == 422
    assert not Erasure.objects.exists()
    assert alice.post(page, {"whose": "child", "name": f" {CANARY}001".lower()}).status_code == 302
    assert [one.children for one in Erasure.objects.all()] == [[str(full.mia.pk)]]


def test_whoever_is_no_guardian_erases_nothing(full: Full, signed_in: SignedIn) -> None:
    for person, status in ((full.cast.ruth, 403), (full.cast.charlie, 404)):
        answer = signed_in(person).post(f"/child/{full.mia.pk}/erase/", {"whose": "child", "name": f"{CANARY}001"})
        assert answer.status_code == status and not Erasure.objects.exists()


def test_copy_and_erasure_ask_again_who_it_is(full: Full, signed_in: SignedIn) -> None:
    alice = signed_in(full.cast.alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        for page in ("copy", "erase"):
            for answer in (alice.get(f"/child/{full.mia.pk}/{page}/"), alice.post(f"/child/{full.mia.pk}/{page}/")):
                assert answer.status_code == 302 and "/again" in answer["Location"]


def test_the_last_hour_to_undo_is_told_on_the_familys_clock(full: Full, asked: Erasure, signed_in: SignedIn) -> None:
    Family.objects.filter(pk=asked.family_id).update(time_zone="Pacific/Auckland")
    page = signed_in(full.cast.bob).get("/erasing/").text
    assert f"{timezone.localtime(asked.due_at, ZoneInfo('Pacific/Auckland')):%H:%M}" in page


def test_a_guardian_with_another_family_is_told_on_today_and_on_the_page_of_a_child(
    full: Full, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """He opens / and lands on his other child: what the other guardian asked for is said there."""
    stranger = full.cast.strangers_child
    Membership.objects.create(child=stranger, user=full.cast.bob, role="guardian")
    Membership.objects.create(child=stranger, user=full.cast.ruth, role="guardian")
    pages = [f"/child/{stranger.pk}/about/", f"/child/{stranger.pk}/"]
    bob, told = signed_in(full.cast.bob), f"The record of {CANARY}001 is closed"
    assert not any(told in bob.get(page).content.decode() for page in pages)
    actions.ask_erasure(child=full.mia, by=full.cast.alice)
    home = bob.get("/", follow=True)
    assert home.redirect_chain and told in home.content.decode() and "/erasing/" in home.content.decode()
    assert all(told in bob.get(page).content.decode() for page in pages)
    with django_assert_num_queries(4):
        bob.get(pages[0])
    assert told not in signed_in(full.cast.ruth).get(pages[0]).content.decode()  # a relative of Mia
