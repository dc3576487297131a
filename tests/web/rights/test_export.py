"""A copy holds every field of every table of a family, or says why not; whoever reads it needs nothing of ours."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.rights.family import CANARY, Full, full_family, note

from attunement.cli import main
from attunement.copies import diary_of, open_copy
from attunement_web.accounts.models import User
from attunement_web.diary.models import CLOCKED, Moment
from attunement_web.ledger.models import Entry
from attunement_web.rights import queries
from attunement_web.rights.models.kinds import KINDS, NOT_COPIED, About, of_ours
from attunement_web.rights.queries.page import page_of

SignedIn = Callable[[User], Client]


@pytest.fixture
def full(db: None) -> Full:
    return full_family()


def written(path: Path, about: About) -> Path:
    with path.open("w+b") as file:
        queries.write_copy(file, about, now=timezone.now())
    return path


def everything(full: Full) -> About:
    return queries.about_family(full.family.pk)


def test_every_field_of_every_table_is_in_a_copy_or_has_its_reason() -> None:
    said = {kind.model: {*kind.fields, *kind.left_out} for kind in KINDS}
    for model in of_ours():
        label = model._meta.label
        if label not in NOT_COPIED:
            here = {field.name for field in model._meta.concrete_fields}
            assert said.get(label, set()) == here, f"{label}: say in rights/models/kinds.py what becomes of its fields"
    assert not NOT_COPIED.keys() & said.keys()
    assert all(reason for kind in KINDS for reason in kind.left_out.values())


def test_a_field_that_nobody_decided_about_is_noticed() -> None:
    label = "families.Child"
    kind = next(kind for kind in KINDS if kind.model == label)
    here = {field.name for field in kind.table._meta.concrete_fields}
    assert {*kind.fields, *kind.left_out} - {"name"} != here  # what the test above compares


def test_a_copy_holds_every_word_of_the_family_and_none_of_the_neighbours(full: Full, tmp_path: Path) -> None:
    path = written(tmp_path / "copy.zip", everything(full))
    with zipfile.ZipFile(path) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("data/"))
    wanted = {f"{CANARY}{number:03d}" for number in (1, 2, 3, 10, 11, 20, 21, 30, 31, 32, 50, 60, 70, 80, 90, 95, 99)}
    assert {word for word in wanted if word not in text} == set()
    assert f"{CANARY}098" not in text  # what a stranger sent and was refused is no part of the record
    assert "neighbour" not in text and "Charlie" not in text and "Zoe" not in text
    assert str(full.cast.strangers_child.pk) not in text


def test_no_secret_and_no_address_of_the_family_is_in_a_copy(full: Full, tmp_path: Path) -> None:
    path = written(tmp_path / "copy.zip", everything(full))
    with zipfile.ZipFile(path) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    hashes = [*full.mia.tokens.values_list("token_hash", flat=True), full.cast.alice.password, full.cast.alice.email]
    assert [one for one in hashes if str(one) in text] == []


def test_a_copy_of_one_child_holds_nothing_of_the_other(full: Full, tmp_path: Path) -> None:
    path = written(tmp_path / "copy.zip", queries.about_child(full.mia))
    with open_copy(path) as copy:
        rows = {kind: list(copy.rows(kind)) for kind in copy.files}
    assert len(rows["children"]) == 1 and len(rows["moments"]) == 3 and rows["ledger"]
    assert str(full.cast.noah.pk) not in json.dumps({kind: told for kind, told in rows.items() if kind != "family"})


def test_the_page_of_a_copy_shows_what_people_wrote_and_runs_none_of_it(full: Full, tmp_path: Path) -> None:
    note(full.mia, 1, "<script>alert(1)</script><img src=x onerror=alert(2)>")
    path = written(tmp_path / "copy.zip", everything(full))
    with zipfile.ZipFile(path) as archive:
        page = archive.read("index.html").decode()
    assert "&lt;script&gt;alert(1)" in page and "laughed" in page
    assert "<script" not in page and "<img" not in page and "default-src" in page


def test_the_page_of_a_copy_tells_moments_as_they_came_with_their_clock_times(full: Full, tmp_path: Path) -> None:
    page = "".join(page_of(everything(full), timezone.now()))
    moments = page.partition("<h2>Moments</h2>")[2].partition("<h2>")[0]
    told = re.findall(r"<small>(\d{4}-\d\d-\d\d)(?: · (\d\d:\d\d))? · ", moments)
    assert len(told) > 3 and told == sorted(told)
    mia = Moment.objects.filter(child=full.mia, precision__in=CLOCKED).earliest("happened_at")
    there = timezone.localtime(mia.happened_at, timezone=full.mia.zone)
    assert (f"{there:%Y-%m-%d}", f"{there:%H:%M}") in told


def test_the_library_reads_a_copy_as_a_diary(full: Full, tmp_path: Path) -> None:
    path = written(tmp_path / "copy.zip", everything(full))
    with open_copy(path) as copy:
        both, mine = diary_of(copy), diary_of(copy, child=str(full.mia.pk))
    assert (len(both), len(mine)) == (4, 2)  # one of each child's three was taken away
    assert {mine.codes[code] for code in mine.act_code} == {"rock"}


def test_the_command_diary_writes_a_table(full: Full, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note(full.mia, 1, "=1+1")
    path = written(tmp_path / "copy.zip", everything(full))
    assert main(["diary", str(path)]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].startswith("child,moment,day") and len(table) == 6
    assert any(line.endswith("'=1+1") for line in table)
    assert main(["diary", str(path), "--child", "nobody"]) == 2
    assert "holds no such child" in capsys.readouterr().err


def test_a_guardian_takes_a_copy_and_the_ledger_says_so(full: Full, signed_in: SignedIn) -> None:
    browser = signed_in(full.cast.alice)
    assert browser.get(f"/child/{full.mia.pk}/copy/").status_code == 200
    answer = browser.post(f"/child/{full.mia.pk}/copy/", {"whose": "family"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert json.loads(archive.read("manifest.json"))["files"]["moments"]["rows"] == 6
    assert Entry.objects.filter(event="record.copied", by_id=full.cast.alice.pk).count() == 2


def test_whoever_is_no_guardian_takes_no_copy(full: Full, signed_in: SignedIn) -> None:
    for person, status in ((full.cast.ruth, 403), (full.cast.charlie, 404)):
        for method in ("get", "post"):
            answer = getattr(signed_in(person), method)(f"/child/{full.mia.pk}/copy/", {"whose": "child"})
            assert answer.status_code == status
            assert "laughed" not in answer.content.decode() and "zip" not in answer["Content-Type"]


def test_a_sixth_copy_within_the_hour_has_to_wait(full: Full, signed_in: SignedIn) -> None:
    browser = signed_in(full.cast.alice)
    codes = [browser.post(f"/child/{full.mia.pk}/copy/", {"whose": "child"}).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


@pytest.mark.slow
def test_ten_thousand_moments_are_copied_within_a_minute(full: Full, tmp_path: Path) -> None:
    note(full.mia, 10_000, "she laughed and we laughed too")
    began = time.perf_counter()
    written(tmp_path / "copy.zip", everything(full))
    assert time.perf_counter() - began < 60
