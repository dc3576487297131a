"""What a phone pulls: everything once, in order, nothing skipped, nothing that is not its family's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.utils import timezone
from tests.universe import Cast
from tests.web.sync.phone import Phone

from attunement_web.accounts.models import User
from attunement_web.diary import actions as diary
from attunement_web.diary.models import Moment
from attunement_web.families.actions import begin_new_history, join_child
from attunement_web.families.models import Child, Family, Role
from attunement_web.milestones.actions import take_back_milestone, tell_milestone
from attunement_web.sync import queries


def pulled(cast: Cast, after: int = 0, **more: Any) -> dict[str, Any]:
    return queries.changes(cast.alice.pk, cast.family.pk, after=after, **more)


def everything(cast: Cast, limit: int) -> list[str]:
    found, page = [], {"cursor": 0, "more": True}
    while page["more"]:
        page = pulled(cast, page["cursor"], limit=limit)
        assert len(page["moments"]) <= limit
        found += [moment["id"] for moment in page["moments"]]
    return found


def test_pages_bring_every_moment_once_in_the_order_of_changes(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    noted = [str(phone.note(child=child)) for child in (cast.mia, cast.noah) * 5]
    phone.change(UUID(noted[0]), words="changed last")
    phone.push()
    for limit in (1, 3, 500):
        assert everything(cast, limit) == [*noted[1:], noted[0]]
    assert pulled(cast, 11) | {"epoch": ""} == {"epoch": "", "cursor": 11, "more": False, "moments": []}


def test_what_pages_wrote_is_pulled_too(cast: Cast) -> None:
    tap = diary.Tap(id=uuid4(), signal="cry", words="on the page")
    moment = diary.note_moment(child=cast.mia, tap=tap, by=cast.bob)
    first = pulled(cast)
    diary.change_moment(moment=moment, by=cast.bob, words="changed")
    assert [one["words"] for page in (first, pulled(cast, first["cursor"])) for one in page["moments"]] == [
        "on the page",
        "changed",
    ]


def test_of_a_removed_moment_only_that_it_is_gone(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    gone = phone.note(words="private")
    phone.push()
    first = pulled(cast)
    phone.remove(gone)
    phone.push()
    [told] = pulled(cast, first["cursor"])["moments"]
    assert told == {"id": str(gone), "child": str(cast.mia.pk), "revision": 2, "removed": True}


def test_a_fresh_beginning_is_one_page_of_the_last_days(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    today = cast.family.today()
    for days_ago in (0, 29, 30, 400):
        day = (today - timedelta(days=days_ago)).isoformat()
        phone.note(local_day=day, happened_at=f"{day}T10:00:00Z", words=str(days_ago))
    phone.remove(phone.note(local_day=today.isoformat()))
    phone.push()
    page = pulled(cast, days=30, limit=1)
    assert [one["words"] for one in page["moments"]] == ["0", "29"]
    assert (page["cursor"], page["more"]) == (6, False)
    assert pulled(cast, page["cursor"])["moments"] == []
    assert len(pulled(cast, 1, days=30)["moments"]) == 4  # from then on all that changes, however old


def test_of_too_many_the_last_days_are_in_a_fresh_beginning(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_IN_SNAPSHOT", 3)
    phone, today = Phone(cast.alice, cast.mia), cast.family.today()
    for days_ago, child in ((0, cast.mia), (1, cast.mia), (2, cast.noah), (3, cast.noah), (20, cast.noah)):
        day = (today - timedelta(days=days_ago)).isoformat()
        phone.note(child=child, local_day=day, happened_at=f"{day}T10:00:00Z", words=str(days_ago))
    phone.push()
    page = pulled(cast, days=30)
    assert [one["words"] for one in page["moments"]] == ["0", "1", "2"]
    assert (page["cursor"], page["more"]) == (5, False)


def commits_meanwhile(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment that is committed after the rows of a page were read comes with the next page."""
    phone, late = Phone(cast.alice, cast.mia), Phone(cast.bob, cast.mia)
    phone.note()
    phone.push()
    read = queries._read

    def read_then_another_commits(slices: Any) -> list[Any]:
        rows = list(read(slices))
        if late.seq == 0:
            late.note(words="just now")
            late.push()
        return rows

    monkeypatch.setattr(queries, "_read", read_then_another_commits)
    first = pulled(cast)
    assert len(first["moments"]) == 1
    assert [one["words"] for one in pulled(cast, first["cursor"])["moments"]] == ["just now"]


def test_what_is_committed_meanwhile_comes_with_the_next_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    commits_meanwhile(cast, monkeypatch)


def test_a_cursor_read_after_the_rows_would_skip_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    page = queries._page

    def cursor_of_now(ask: Any, home: Any, *rest: Any) -> dict[str, Any]:
        return page(ask, replace(home, revision=Family.objects.get(pk=cast.family.pk).revision), *rest)

    monkeypatch.setattr(queries, "_page", cursor_of_now)
    with pytest.raises(AssertionError):
        commits_meanwhile(cast, monkeypatch)


def test_a_cursor_of_a_future_that_a_backup_took_away_begins_anew(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    phone.note()
    phone.push()
    before = pulled(cast)
    assert len(pulled(cast, 99)["moments"]) == 1
    begin_new_history()
    assert pulled(cast)["epoch"] != before["epoch"]


def test_the_epoch_changes_with_the_rights(cast: Cast) -> None:
    seen = [pulled(cast)["epoch"]]
    mine = cast.mia.memberships.get(user=cast.alice)
    mine.role = Role.RELATIVE
    mine.save()
    seen.append(pulled(cast)["epoch"])
    assert queries.me(cast.alice.pk)["families"][0]["epoch"] == seen[-1]
    assert len(set(seen)) == 2
    assert queries.changes(cast.bob.pk, cast.family.pk)["epoch"] not in seen


def test_the_epoch_changes_with_a_part_in_any_child_and_for_nobody_else(cast: Cast) -> None:
    bobs, seen = cast.noah.memberships.get(user=cast.bob), [queries.changes(cast.bob.pk, cast.family.pk)["epoch"]]
    alices = pulled(cast)["epoch"]
    bobs.delete()
    seen.append(queries.changes(cast.bob.pk, cast.family.pk)["epoch"])
    join_child(child=cast.noah, person=cast.bob, role=Role.GUARDIAN, by=cast.alice)
    seen.append(queries.changes(cast.bob.pk, cast.family.pk)["epoch"])
    assert len(set(seen)) == 3
    assert pulled(cast)["epoch"] == alices


def test_a_moment_that_moved_out_of_reach_leaves_the_phones_that_had_it(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    moment = phone.note()
    phone.push()
    cast.noah.memberships.filter(user=cast.bob).delete()
    before, alices = queries.changes(cast.bob.pk, cast.family.pk), pulled(cast)["epoch"]
    assert len(before["moments"]) == 1
    phone.operation("change", moment, {"child": str(cast.noah.pk)})
    phone.push()
    after = queries.changes(cast.bob.pk, cast.family.pk, after=before["cursor"])
    assert (after["epoch"] == before["epoch"], after["moments"]) == (False, [])
    assert queries.me(cast.bob.pk)["families"][0]["epoch"] == after["epoch"]
    assert pulled(cast)["epoch"] == alices


def test_one_that_moved_away_while_another_came_back_leaves_the_phones_too(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    away, back = phone.note(), phone.note()
    phone.operation("change", back, {"child": str(cast.noah.pk)}, base=99)
    phone.push()
    cast.noah.memberships.filter(user=cast.bob).delete()
    before = queries.changes(cast.bob.pk, cast.family.pk)
    assert [one["id"] for one in before["moments"]] == [str(away)]
    phone.operation("change", away, {"child": str(cast.noah.pk)}, base=99)
    phone.operation("change", back, {"child": str(cast.mia.pk)}, base=99, child=cast.noah)
    phone.push()
    after = queries.changes(cast.bob.pk, cast.family.pk, after=before["cursor"])
    assert (after["epoch"] == before["epoch"], [one["id"] for one in after["moments"]]) == (False, [str(back)])


def test_a_person_pulls_only_children_that_she_has_a_part_in(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    for child in (cast.mia, cast.noah):
        phone.note(child=child, words=child.name)
    phone.push()
    cast.noah.memberships.filter(user=cast.bob).delete()
    for ask in ({}, {"days": 366}):
        assert [one["words"] for one in queries.changes(cast.bob.pk, cast.family.pk, **ask)["moments"]] == ["Mia"]
    [home] = queries.me(cast.bob.pk)["families"]
    assert [child["name"] for child in home["children"]] == ["Mia"]


def test_who_only_notes_pulls_what_she_noted_and_nothing_else(cast: Cast) -> None:
    for person in (cast.alice, cast.ruth):
        phone = Phone(person, cast.mia)
        phone.note(words=person.name)
        phone.push()
    for ask in ({}, {"days": 366}):
        page = queries.changes(cast.ruth.pk, cast.family.pk, **ask)
        assert [one["words"] for one in page["moments"]] == ["Ruth"]
        assert page["cursor"] == 2


def test_a_closed_record_is_pulled_by_nobody(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    for child in (cast.mia, cast.noah):
        phone.note(child=child, words=child.name)
    phone.push()
    before = pulled(cast)["epoch"]
    Child.objects.filter(pk=cast.mia.pk).update(closed_at=timezone.now())
    assert [one["words"] for one in pulled(cast)["moments"]] == ["Noah"]
    assert pulled(cast)["epoch"] != before


def strangers_get_nothing(cast: Cast) -> None:
    Phone(cast.alice, cast.mia).push()
    for family in (cast.family.pk, uuid4()):
        with pytest.raises(Http404):
            queries.changes(cast.charlie.pk, family)
    cast.bob.memberships.all().delete()
    with pytest.raises(Http404):
        queries.changes(cast.bob.pk, cast.family.pk)


def test_a_strangers_family_is_as_one_that_is_not_there(cast: Cast) -> None:
    strangers_get_nothing(cast)


def test_without_asking_for_rights_a_stranger_would_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = queries._homes

    def anybodys(people: set[UUID], families: set[UUID]) -> dict[Any, Any]:
        alices = homes({cast.alice.pk}, families)
        return {(person, family): home for (_, family), home in alices.items() for person in people}

    monkeypatch.setattr(queries, "_homes", anybodys)
    with pytest.raises(pytest.fail.Exception):
        strangers_get_nothing(cast)


def test_a_token_reads_its_own_child_only(cast: Cast) -> None:
    phone = Phone(cast.alice, cast.mia)
    for child in (cast.mia, cast.noah):
        phone.note(child=child, words=child.name)
    phone.push()
    for ask in ({}, {"days": 366}):
        page = pulled(cast, child=cast.noah.pk, **ask)
        assert [one["words"] for one in page["moments"]] in (["Noah"], [])
        assert page["cursor"] == 2
    assert [one["words"] for one in pulled(cast, child=cast.noah.pk)["moments"]] == ["Noah"]
    [home] = queries.me(cast.alice.pk, child=cast.noah.pk)["families"]
    assert [child["name"] for child in home["children"]] == ["Noah"]


def test_what_is_told_of_milestones_leaves_another_mark_on_the_child(
    cast: Cast, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    def marks(person: User) -> dict[str, str]:
        [home] = queries.me(person.pk)["families"]
        return {one["name"]: one["told"] for one in home["children"]}

    seen = [marks(cast.alice)]
    for milestone in ("waves-bye-12", "coos-and-gurgles-3", "waves-bye-12"):
        tell_milestone(child=cast.mia, milestone=milestone, stage="often", by=cast.bob)
        seen.append(marks(cast.alice))
    take_back_milestone(child=cast.mia, milestone="coos-and-gurgles-3", by=cast.bob)
    seen.append(marks(cast.alice))
    assert len({one["Mia"] for one in seen}) == 5
    assert {one["Noah"] for one in seen} == {""}
    assert set(marks(cast.ruth).values()) == {""}, "who only notes learns nothing of what was told"
    with django_assert_max_num_queries(4):  # person, parts, how many children there are, marks
        marks(cast.alice)


def test_who_is_here_with_whom(cast: Cast) -> None:
    told = queries.me(cast.ruth.pk)
    assert told["person"] == {"id": str(cast.ruth.pk), "name": "Ruth"}
    [home] = told["families"]
    assert home["id"] == str(cast.family.pk)
    assert [(one["name"], one["role"], one["zone"]) for one in home["children"]] == [
        ("Noah", "relative", "Europe/Madrid"),
        ("Mia", "relative", "Europe/Madrid"),
    ]


def test_a_pull_costs_as_many_queries_for_many_as_for_one(
    cast: Cast, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    phone = Phone(cast.alice, cast.mia)
    for _ in range(60):
        phone.note()
    phone.push()
    with django_assert_max_num_queries(5):
        assert len(pulled(cast)["moments"]) == 60
    asks = [queries.Ask(person.pk, cast.family.pk) for person in (cast.alice, cast.bob, cast.charlie)] * 10
    with django_assert_max_num_queries(5):
        pages = queries.changes_of_many(asks)
    assert [len(page["moments"]) if page else None for page in pages] == [60, 60, None] * 10


def test_a_long_history_is_read_by_its_index(cast: Cast) -> None:
    plan = Moment.objects.filter(child=cast.mia, revision__gt=5, revision__lte=9).order_by("revision")[:3].explain()
    assert "diary_by_revision" in plan or "Seq Scan" in plan  # PostgreSQL reads a tiny table whole
