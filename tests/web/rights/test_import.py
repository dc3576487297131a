"""A copy comes back as it was, or not at all; whatever somebody put into it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.web.rights.family import full_family, note

from attunement.copies import open_copy
from attunement.errors import NotReadable
from attunement_web.accounts.models import User
from attunement_web.diary.actions import summaries_that_differ
from attunement_web.diary.models import Moment
from attunement_web.families.models import Child, Family, Membership
from attunement_web.rights import actions, queries
from attunement_web.rights.models.kinds import KINDS

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def copy(db: None, tmp_path: Path) -> Path:
    full = full_family()
    return written(tmp_path / "copy.zip", full.family.pk)


def written(path: Path, family: Any) -> Path:
    with path.open("w+b") as file:
        queries.write_copy(file, queries.about_family(family), now=timezone.now())
    return path


def emptied() -> None:
    """The database as on a new server; the ledger, which nobody can empty, goes with its table's name."""
    for kind in reversed(KINDS):
        if kind.name != "ledger":
            kind.table.objects.all().delete()
    Family.objects.all().delete()
    User.objects.all().delete()


def hashes(path: Path) -> dict[str, str]:
    with open_copy(path) as found:
        return {kind: file.sha256 for kind, file in found.files.items()}


def altered(path: Path, change: Change, *, mend: bool = True) -> Path:
    """The archive with its members changed, and a manifest that counts them as they are."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if mend:
        about = json.loads(members["manifest.json"])
        for name, content in members.items():
            if name.startswith("data/"):
                digest = hashlib.sha256(content).hexdigest()
                about["files"][name[5:-6]] = {"rows": content.count(b"\n"), "sha256": digest}
        members["manifest.json"] = json.dumps(about).encode()
    other = path.with_name("altered.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return other


def first_row(kind: str, **values: Any) -> Change:
    def change(members: dict[str, bytes]) -> None:
        name = f"data/{kind}.jsonl"
        first, *rest = members[name].splitlines(keepends=True)
        row = {**json.loads(first), **values}
        members[name] = json.dumps(row).encode() + b"\n" + b"".join(rest)

    return change


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Family, Child, Membership, Moment, User))


def test_a_copy_comes_back_with_the_same_hashes(copy: Path, tmp_path: Path) -> None:
    before = hashes(copy)
    emptied()
    brought = actions.bring_in(copy)
    assert not brought.with_new_ids and brought.rows["moments"] == 6
    again = hashes(written(tmp_path / "again.zip", brought.family))
    differing = {kind for kind in before if before[kind] != again[kind]}
    assert differing == {"ledger", "ledger_before"}  # what was the ledger there stands here as the one before
    assert again["ledger_before"] == before["ledger"]


def test_a_copy_of_before_parts_were_in_children_gives_each_child_the_same_part(copy: Path, tmp_path: Path) -> None:
    old = altered(copy, as_format_1)
    emptied()
    brought = actions.bring_in(old)
    parts = Membership.objects.values_list("child__name", "user__name", "role")
    assert brought.rows["memberships"] == 6
    assert set(parts) == {
        (child, name, role)
        for child in Child.objects.values_list("name", flat=True)
        for _, name, role in parts
    }  # fmt: skip
    again = hashes(written(tmp_path / "again.zip", brought.family))
    assert {kind for kind, sha256 in hashes(old).items() if again[kind] != sha256} == {
        "memberships",
        "ledger",
        "ledger_before",
    }


def as_format_1(members: dict[str, bytes]) -> None:
    """Somebody belonged to the family, and to each of its children by that."""
    about = json.loads(members["manifest.json"])
    rows = {}
    for line in members["data/memberships.jsonl"].splitlines():
        told = json.loads(line)
        rows[told["user"]] = {name: told[name] for name in told if name != "child"} | {"family": about["family"]}
    members["data/memberships.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows.values())
    members["manifest.json"] = json.dumps(about | {"attunement_copy": 1}).encode()


def test_what_was_only_packed_anew_comes_in(copy: Path) -> None:
    emptied()  # so that the refusals below are about what was changed
    assert actions.bring_in(altered(copy, lambda members: None)).rows["moments"] == 6


def test_nobody_can_sign_in_with_what_a_copy_brought(copy: Path) -> None:
    emptied()
    actions.bring_in(copy)
    assert [person for person in User.objects.all() if person.has_usable_password() or person.email] == []


def test_the_days_add_up_after_a_copy_came_in(copy: Path) -> None:
    emptied()
    actions.bring_in(copy)
    assert summaries_that_differ() == 0 and Moment.objects.live().count() == 4


def test_beside_other_families_a_copy_becomes_a_family_of_its_own(copy: Path) -> None:
    families, children, memberships, moments, _ = counted()
    brought = actions.bring_in(copy)
    assert brought.with_new_ids
    assert counted()[:4] == (families + 1, children + 2, memberships + 6, moments + 6)
    there = set(Membership.objects.exclude(child__family=brought.family).values_list("user", flat=True))
    assert not there & set(Membership.objects.filter(child__family=brought.family).values_list("user", flat=True))
    with_mark = Moment.objects.filter(child__family=brought.family).exclude(field_revisions={}).first()
    assert with_mark is not None
    writer = with_mark.field_revisions["words"][2]
    assert Membership.objects.filter(child__family=brought.family, user=writer).exists()


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("moments", {"words": "x" * 2001}),
        ("moments", {"words": 7}),
        ("moments", {"words": "half \ud800 a letter"}),
        ("moments", {"signal": "no-such-code"}),
        ("moments", {"asks": "explore"}),
        ("moments", {"acts": ["rock"] * 40}),
        ("moments", {"happened_at": "yesterday"}),
        ("moments", {"happened_at": "9999-12-31T23:59:59+00:00"}),
        ("moments", {"calm": True}),
        ("moments", {"calm": 9}),
        ("moments", {"revision": 1.5}),
        ("moments", {"revision": 2**60}),
        ("moments", {"revision": float("nan")}),
        ("moments", {"field_revisions": {"words": [1, "x", "y"]}}),
        ("moments", {"child": "00000000-0000-0000-0000-000000000000"}),
        ("moments", {"more": 1}),
        ("children", {"name": ""}),
        ("children", {"shape": "skull"}),
        ("children", {"gestation_weeks": 99}),
        ("children", {"born": "2025-02-30"}),
        ("memberships", {"role": "owner"}),
        ("memberships", {"user": "00000000-0000-0000-0000-000000000000"}),
        ("family", {"time_zone": "Mars/Olympus"}),
        ("people", {"id": "not-an-id"}),
        ("recordings", {"shown": [{"report": "<script>"}]}),
        ("recordings", {"sha256": "short"}),
        ("other_versions", {"field": "password", "value": "x"}),
        ("milestones", {"moment": "00000000-0000-0000-0000-000000000000"}),
        ("grants", {"kinds": ["everything"]}),
        ("ledger", {"facts": {"note": "a whole sentence of words"}}),
        ("tokens", {"right": "admin"}),
    ],
)  # fmt: skip
def test_a_value_that_is_not_as_ours_are_is_refused_and_nothing_changes(
    copy: Path, kind: str, values: dict[str, Any]
) -> None:
    emptied()
    before = counted()
    with pytest.raises(NotReadable) as refused:
        actions.bring_in(altered(copy, first_row(kind, **values)))
        connection.check_constraints()
    assert "\n" not in str(refused.value)
    assert counted() == before


def test_a_copy_cannot_reach_into_another_family(copy: Path) -> None:
    theirs = Moment.objects.exclude(child__family=Family.objects.get(pk=json.loads(
        zipfile.ZipFile(copy).read("manifest.json"))["family"])).first()  # fmt: skip
    assert theirs is not None
    ours = Family.objects.exclude(pk=theirs.child.family_id).get()
    ours.children.all().delete()
    ours.delete()  # so that the copy's own ids are free, and only the neighbours are here
    for kind, values in (
        ("moments", {"child": str(theirs.child_id)}), ("moments", {"id": str(theirs.pk)}),
        ("milestones", {"moment": str(theirs.pk)}), ("other_versions", {"moment": str(theirs.pk)}),
        ("memberships", {"child": str(theirs.child_id)}),
        ("memberships", {"user": str(theirs.noted_by_id)}),
    ):  # fmt: skip
        before = counted()
        with pytest.raises(NotReadable):
            actions.bring_in(altered(copy, first_row(kind, **values)))
            connection.check_constraints()
            raise AssertionError((kind, values))
        assert counted() == before


def _replace(name: str, content: bytes) -> Change:
    return lambda members: members.update({name: content})


@pytest.mark.parametrize(
    ("change", "mend"),
    [
        (_replace("data/moments.jsonl", b""), False),
        (_replace("data/../../etc.jsonl", b"{}\n"), False),
        (_replace("data/extra.jsonl", b"{}\n"), True),
        (_replace("data/moments.jsonl", b"[]\n"), True),
        (_replace("data/moments.jsonl", b'{"id": 1, "id": 2}\n'), True),
        (_replace("data/moments.jsonl", b"[" * 5_000 + b"]" * 5_000 + b"\n"), True),
        (_replace("data/moments.jsonl", b'{"id": Infinity}\n'), True),
        (_replace("data/moments.jsonl", b"\xff\xfe\n"), True),
        (_replace("data/moments.jsonl", b"{}"), True),
        (_replace("data/moments.jsonl", b" " * 17_000_000 + b"\n"), True),
        (_replace("manifest.json", b'{"attunement_copy": 3}'), False),
        (_replace("manifest.json", b"[]"), False),
        (_replace("data/family.jsonl", b""), True),
        (lambda members: members.pop("manifest.json") and None, False),
        (lambda members: members.pop("data/tokens.jsonl") and None, False),
    ],
)
def test_a_hostile_archive_is_refused_with_one_line(copy: Path, change: Change, mend: bool) -> None:
    emptied()
    before = counted()
    with pytest.raises(NotReadable) as refused:
        actions.bring_in(altered(copy, change, mend=mend))
    assert "\n" not in str(refused.value) and counted() == before


@pytest.mark.parametrize("content", [b"", b"PK\5\6", b"no zip at all" * 99, b"PK\5\6" + b"\xff" * 18])
def test_what_is_no_archive_is_refused(db: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "copy.zip"
    path.write_bytes(content)
    with pytest.raises(NotReadable):
        actions.bring_in(path)


def test_a_copy_cut_off_anywhere_is_refused(copy: Path) -> None:
    whole = copy.read_bytes()
    emptied()
    for part in range(1, 10):
        copy.write_bytes(whole[: len(whole) * part // 10])
        with pytest.raises(NotReadable):
            actions.bring_in(copy)


def test_a_locked_archive_and_a_member_twice_are_refused(copy: Path, tmp_path: Path) -> None:
    emptied()
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(copy, "a") as archive:
        archive.writestr("manifest.json", "{}")
    with pytest.raises(NotReadable):
        actions.bring_in(copy)


def test_many_moments_come_back_in_several_pieces(db: None, tmp_path: Path) -> None:
    full = full_family()
    note(full.mia, 1_100, "again")
    path = written(tmp_path / "copy.zip", full.family.pk)
    emptied()
    assert actions.bring_in(path).rows["moments"] == 1_106
