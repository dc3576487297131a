"""Many phones at once: one commit for those who wait together, nothing doubled, nothing skipped, one breaks alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from tests.universe import Cast
from tests.web.sync.conftest import Thread
from tests.web.sync.phone import Phone

from attunement_web.actor import unscoped
from attunement_web.diary.models import DaySummary, Moment
from attunement_web.families.actions import end_membership, join_child
from attunement_web.families.models import Family, Role
from attunement_web.rights.actions import ask_erasure
from attunement_web.sync import queries
from attunement_web.sync.actions import Committer, Push, Reply, pushing
from attunement_web.sync.actions.pushing import Prepared, push_prepared
from attunement_web.sync.models import Device, Operation

pytestmark = [pytest.mark.django_db(transaction=True)] if connection.vendor == "postgresql" else []


class Counting:
    """Commits for real, and remembers how many pushes shared each commit."""

    def __init__(self) -> None:
        self.groups: list[int] = []

    def __call__(self, group: Sequence[Prepared]) -> list[Reply]:
        self.groups.append(len(group))
        return push_prepared(group)


def test_those_who_wait_together_share_a_commit_and_each_gets_its_own_answer(
    apart: type[Thread], far_cast: Cast
) -> None:
    commit = Counting()
    committer = Committer(commit)
    phones = [Phone(far_cast.alice, far_cast.mia) for _ in range(12)]

    def work(phone: Phone) -> list[int]:
        seen = []
        for _ in range(6):
            phone.note(signal="coo")
            seen.append(committer.push(phone.sends(phone.waiting[-1:])).last_seq)
        return seen

    threads = [apart(lambda phone=phone: work(phone)) for phone in phones]  # type: ignore[misc]  # bound now
    assert [thread.done() for thread in threads] == [[1, 2, 3, 4, 5, 6]] * 12
    assert sum(commit.groups) == 72
    assert len(commit.groups) < 72
    counted = apart(lambda: (Moment.objects.count(), sorted(Moment.objects.values_list("revision", flat=True)))).done()
    assert counted == (72, list(range(1, 73)))  # and no two moments share a revision


def test_a_storm_of_retries_leaves_each_moment_once(apart: type[Thread], far_cast: Cast) -> None:
    committer = Committer()
    phones = [Phone(far_cast.alice, far_cast.mia) for _ in range(8)]
    for phone in phones:
        for _ in range(20):
            phone.note(signal="cry")

    def send(phone: Phone) -> None:
        for begin in range(0, 20, 5):
            reply = committer.push(phone.sends(phone.waiting[: begin + 5]))
            assert {one.verdict for one in reply.results} <= {"kept", "already"}

    threads = [apart(lambda phone=phone: send(phone)) for phone in phones for _ in range(3)]  # type: ignore[misc]
    for thread in threads:
        thread.done()

    def count() -> Any:
        noted = sum(int(line.split()[1]) for day in DaySummary.objects.all() for line in day.noted.split("\n"))
        last = set(Device.objects.values_list("last_seq", flat=True))
        return Moment.objects.count(), Operation.objects.count(), noted, last

    assert apart(count).done() == (160, 160, 160, {20})


def slow_committer(apart: type[Thread], cast: Cast, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What a phone has after a pull, a commit that took long, one that came after it, and a second pull."""
    in_the_middle, go_on = threading.Event(), threading.Event()
    phones = [Phone(cast.alice, cast.mia), Phone(cast.bob, cast.noah)]
    for phone in phones:
        phone.note(signal="coo")
    record = pushing._record

    def slow_record(*args: Any) -> None:
        record(*args)
        if not in_the_middle.is_set():
            in_the_middle.set()
            assert go_on.wait(30)

    monkeypatch.setattr(pushing, "_record", slow_record)
    slow = apart(phones[0].push)
    assert in_the_middle.wait(30)
    quick = apart(phones[1].push)
    quick.join(timeout=1)
    first = apart(lambda: queries.changes(cast.alice.pk, cast.family.pk)).done()
    go_on.set()
    slow.done(), quick.done()
    then = apart(lambda: queries.changes(cast.alice.pk, cast.family.pk, after=first["cursor"])).done()
    return {moment["id"] for page in (first, then) for moment in page["moments"]}


def test_a_slow_commit_hides_no_moment(apart: type[Thread], far_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(slow_committer(apart, far_cast, monkeypatch)) == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time, whatever we forget")
def test_without_holding_the_family_a_slow_commit_would_hide_one(
    apart: type[Thread], far_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unheld(families: set[Any]) -> dict[Any, int]:
        return dict(Family.objects.filter(pk__in=families).values_list("pk", "revision"))

    def jump(revisions: dict[Any, int]) -> None:
        pass  # a family whose row nobody holds

    monkeypatch.setattr(pushing, "hold_families", unheld)
    monkeypatch.setattr(pushing, "set_revisions", jump)
    assert len(slow_committer(apart, far_cast, monkeypatch)) < 2


@pytest.mark.parametrize("what", ["record closed", "part ended"])
def test_a_push_that_waited_for_the_family_has_the_rights_of_the_end_of_its_wait(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    phone, hold = Phone(cast.ruth, cast.mia), pushing.hold_families
    phone.note(words="after the end")

    def once_held(families: set[Any]) -> dict[Any, int]:
        with unscoped("others, whom the push waited for"):
            if what == "record closed":
                ask_erasure(child=cast.mia, by=cast.alice)
            else:
                end_membership(membership=cast.mia.memberships.get(user=cast.ruth), by=cast.alice)
        return hold(families)

    monkeypatch.setattr(pushing, "hold_families", once_held)
    assert phone.verdicts() == [("refused", "not-found")]
    assert not Moment.objects.exists()


def test_a_part_begun_during_the_wait_counts_from_the_next_push_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, hold = Phone(cast.ruth, cast.mia), pushing.hold_families
    phone.note(child=cast.mia)
    phone.note(child=cast.strangers_child)

    def once_held(families: set[Any]) -> dict[Any, int]:
        with unscoped("others, whom the push waited for"):
            join_child(child=cast.strangers_child, person=cast.ruth, role=Role.CAREGIVER, by=cast.charlie)
        return hold(families)

    with monkeypatch.context() as patched:
        patched.setattr(pushing, "hold_families", once_held)
        assert phone.verdicts() == [("kept", ""), ("refused", "not-found")]
    phone.note(child=cast.strangers_child)
    assert phone.verdicts() == [("kept", "")]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time: no part ends meanwhile")
def test_a_part_that_ends_while_a_push_is_written_is_told_as_ended(
    apart: type[Thread], far_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, write, ended = Phone(far_cast.ruth, far_cast.mia), pushing.diary.write_moments, []
    phone.note(words="after the end")

    def end() -> bool:
        return end_membership(membership=far_cast.mia.memberships.get(user=far_cast.ruth), by=far_cast.alice)

    def slow_write(**what: Any) -> None:
        if not ended:
            ended.append(apart(end).done())
        write(**what)

    def send() -> list[tuple[str, str]]:
        return [(one.verdict, one.reason) for one in Committer().push(phone.sends()).results]

    monkeypatch.setattr(pushing.diary, "write_moments", slow_write)
    assert apart(send).done() == [("refused", "not-found")]
    assert (ended, apart(Moment.objects.count).done()) == ([True], 0)


def sends(number: int) -> Push:
    """A push that needs no database; its number stands in the person's id."""
    from uuid import UUID

    from django.utils import timezone

    return Push(UUID(int=number), UUID(int=number), timezone.now(), [])


def all_at_once(committer: Committer, numbers: Sequence[int], started: threading.Event) -> list[Any]:
    """Push the first, wait until its commit has begun, then push all others while it waits; their replies or errors."""
    found: dict[int, Any] = {}

    def work(number: int) -> None:
        try:
            found[number] = committer.push(sends(number))
        except BaseException as trouble:
            found[number] = trouble

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in numbers]
    threads[0].start()
    assert started.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(committer._queue) < len(numbers) - 1:
        pass
    committer.go_on.set()  # type: ignore[attr-defined]  # set by `staged`
    for thread in threads:
        thread.join(timeout=10)
    return [found.get(number) for number in numbers]


def staged(commit: Any, always: bool = False) -> tuple[Committer, threading.Event, list[list[int]]]:
    """A committer whose first commit waits until all others stand in line; the groups it was given."""
    started, go_on, groups = threading.Event(), threading.Event(), []

    def first_waits(group: Sequence[Prepared]) -> list[Reply]:
        groups.append([one.push.person.int for one in group])
        if not started.is_set():
            started.set()
            go_on.wait(10)
        return commit(group)

    committer = Committer(first_waits)
    committer.go_on = go_on  # type: ignore[attr-defined]  # for the test
    if always:
        committer.lead_always()
    return committer, started, groups


def replies(group: Sequence[Prepared]) -> list[Reply]:
    return [Reply(one.push.device, True, one.push.person.int) for one in group]


def test_the_thread_that_leads_always_sleeps_and_wakes_for_each_that_comes() -> None:
    committer = Committer(replies)
    committer.lead_always()
    found: list[list[int]] = []

    def work(number: int) -> None:
        found.append([committer.push(sends(number)).last_seq for _ in range(200)])

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(found) == [[number] * 200 for number in range(1, 9)]


@pytest.mark.parametrize("always", [False, True], ids=["in turn", "always the same"])
def test_whoever_comes_during_a_commit_is_in_the_next_one(always: bool) -> None:
    committer, started, groups = staged(replies, always)
    found = all_at_once(committer, range(1, 101), started)
    assert [reply.last_seq for reply in found] == list(range(1, 101))
    assert [len(group) for group in groups] == [1, 64, 35]


@pytest.mark.parametrize("always", [False, True], ids=["in turn", "always the same"])
def test_a_push_that_breaks_breaks_only_itself(always: bool) -> None:
    def breaks(group: Sequence[Prepared]) -> list[Reply]:
        if any(one.push.person.int == 3 for one in group):
            raise IntegrityError("three")
        return replies(group)

    committer, started, groups = staged(breaks, always)
    found = all_at_once(committer, range(1, 6), started)
    assert [getattr(one, "last_seq", type(one)) for one in found] == [1, 2, IntegrityError, 4, 5]
    assert [sorted(group) for group in groups][1] == [2, 3, 4, 5]
    assert len(groups) == 6


def test_a_push_that_another_process_was_faster_with_is_tried_once_more() -> None:
    tries: list[int] = []

    def second_time(group: Sequence[Prepared]) -> list[Reply]:
        tries.append(len(group))
        if len(tries) == 1:
            raise IntegrityError("this device was begun meanwhile")
        return replies(group)

    assert Committer(second_time).push(sends(7)).last_seq == 7
    assert tries == [1, 1]


@pytest.mark.parametrize("always", [False, True], ids=["in turn", "always the same"])
def test_when_the_disk_is_full_nobody_is_told_that_it_was_kept(always: bool) -> None:
    def full(group: Sequence[Prepared]) -> list[Reply]:
        raise OperationalError("database or disk is full")

    committer, started, groups = staged(full, always)
    found = all_at_once(committer, range(1, 9), started)
    assert {type(one) for one in found} == {OperationalError}
    assert len(groups) == 3  # the others do not wait for the same


@pytest.mark.parametrize("always", [False, True], ids=["in turn", "always the same"])
def test_a_leader_that_is_stopped_leaves_nobody_waiting(always: bool) -> None:
    def stopped(group: Sequence[Prepared]) -> list[Reply]:
        if group[0].push.person.int == 1:
            raise KeyboardInterrupt
        return replies(group)

    committer, started, _ = staged(stopped, always)
    found = all_at_once(committer, range(1, 4), started)
    assert type(found[0]) is (RuntimeError if always else KeyboardInterrupt)
    assert [one.last_seq for one in found[1:]] == [2, 3]
