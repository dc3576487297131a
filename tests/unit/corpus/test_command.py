"""`attunement corpus measure`: what it prints, where, and the exit code."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.unit.corpus.making import as_table, recordings, some_events

from attunement.cli import main
from attunement.cli._progress import show_progress


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return recordings(tmp_path / "visits")


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(["corpus", *argv])
    return code, *capsys.readouterr()


def test_a_folder_gives_a_table_and_issues_said_in_one_line(folder: Path, capsys) -> None:
    code, out, err = run(capsys, "measure", "visits", "--out", "r.parquet", "--workers", "1", "--window", "2s")
    assert (code, out) == (0, "r.parquet: 13 sessions, 12 with numbers\n")
    assert err == "r.issues.parquet: 3 issues, 2 files among them that could not be read\n"
    assert pl.read_parquet("r.parquet")["window_ms"].unique().to_list() == [2_000]
    code, out, _ = run(
        capsys, "measure", "visits", "--out", "r.parquet", "--workers", "1", "--window", "2s", "--resume"
    )
    assert (code, out) == (0, "r.parquet: 13 sessions, 12 with numbers\n")


def test_a_table_gives_a_table(folder: Path, capsys) -> None:
    as_table(some_events(6)).write_parquet("t.parquet")
    code, out, err = run(capsys, "measure", "t.parquet", "--by", "child,visit", "--out", "r.parquet", "--workers", "1")
    assert (code, out, err) == (0, "r.parquet: 6 sessions, 6 with numbers\n", "")


def test_columns_may_be_named_with_spaces_between(folder: Path, capsys) -> None:
    as_table(some_events(6)).write_parquet("t.parquet")
    code, out, _ = run(capsys, "measure", "t.parquet", "--by", "child, visit", "--out", "r.parquet", "--workers", "1")
    assert (code, out) == (0, "r.parquet: 6 sessions, 6 with numbers\n")


def test_no_number_at_all_is_exit_code_3(folder: Path, capsys) -> None:
    code, out, _ = run(
        capsys, "measure", "visits/strange.csv", "visits/torn.eaf", "--out", "r.parquet", "--workers", "1"
    )
    assert (code, out) == (3, "r.parquet: 1 sessions, 0 with numbers\n")


@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        (["measure", "visits"], 2, "--out"),
        (["measure", "visits", "--out", "r.csv"], 2, "let the name end in .parquet"),
        (["measure", "visits", "--out", "nowhere/r.parquet"], 2, "no such folder"),
        (["measure", "nothing/", "--out", "r.parquet"], 2, "no recording of a kind that we know"),
        (["measure", "visits", "--out", "r.parquet", "--workers", "0"], 2, "at least one"),
        (["measure", "visits", "--out", "r.parquet", "--window", "soon"], 2, "no length of time"),
        (["measure", "visits", "--out", "r.parquet", "--scheme", "zzz"], 2, "no scheme of this name"),
        (["measure", "visits", "--out", "r.parquet", "--by", "child"], 2, "speaks of one event table"),
        (["measure", "visits", "--out", "r.parquet", "--master", "local[1]"], 2, "only Spark"),
        (["measure", "visits", "--out", "r.parquet", "--resume", "--force"], 2, "give one of them"),
        (["measure", "visits/torn.eaf", "--out", "r.parquet", "--by", "child"], 4, "cannot be read as an event table"),
        (["count", "visits"], 2, "there is no “count”"),
    ],
)
def test_wrong_use_is_one_line(folder: Path, capsys, argv: list[str], code: int, says: str) -> None:
    found, out, err = run(capsys, *argv)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert says in err
    assert not list(Path().glob("r.*"))


def test_a_result_is_not_written_over_unasked(folder: Path, capsys) -> None:
    Path("r.parquet").write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "measure", "visits", "--out", "r.parquet", "--workers", "1")
    assert code == 2 and "--force" in err and Path("r.parquet").read_text(encoding="utf-8") == "mine"
    code, _, _ = run(capsys, "measure", "visits", "--out", "r.parquet", "--workers", "1", "--force")
    assert code == 0 and pl.read_parquet("r.parquet").height == 13


@pytest.mark.parametrize("more", [[], ["--resume"], ["--force"]])
@pytest.mark.parametrize("out", ["t.parquet", "./visits/../t.parquet"])
def test_a_result_never_takes_the_place_of_the_table_it_is_made_from(folder: Path, capsys, more, out) -> None:
    as_table(some_events(6)).write_parquet("t.parquet")
    before = Path("t.parquet").read_bytes()
    code, _, err = run(capsys, "measure", "t.parquet", "--by", "child,visit", "--out", out, "--workers", "1", *more)
    assert (code, err.count("\n")) == (2, 1) and "write to another name" in err
    assert Path("t.parquet").read_bytes() == before and not Path("t.parquet.journal").exists()


@pytest.mark.parametrize(
    ("place", "own"),
    [("visits", "t.parquet"), ("visits/t.parquet", "t.parquet"), ("visits/t.issues.parquet", "t.issues.parquet")],
)
def test_a_result_never_takes_the_place_of_a_recording(folder: Path, capsys, place: str, own: str) -> None:
    as_table(some_events(1)).write_parquet(folder / own)
    before = (folder / own).read_bytes()
    code, _, err = run(capsys, "measure", place, "--out", "visits/t.parquet", "--workers", "1", "--force")
    assert code == 2 and f"visits/{own}" in err and (folder / own).read_bytes() == before


def test_nothing_to_go_on_with_is_no_leave_to_write_over(folder: Path, capsys) -> None:
    Path("r.parquet").write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "measure", "visits", "--out", "r.parquet", "--workers", "1", "--resume")
    assert code == 2 and "no journal" in err and Path("r.parquet").read_text(encoding="utf-8") == "mine"


def test_the_command_explains_itself(capsys) -> None:
    code, out, _ = run(capsys, "measure", "--help")
    assert code == 0 and "--resume" in out and "examples:" in out
    assert run(capsys)[0] == 2


def test_progress_is_for_a_terminal_only(capsys, monkeypatch) -> None:
    show_progress(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    show_progress(1, 2)
    show_progress(2, 2)
    half, full = capsys.readouterr().err.split("\r")[1:]
    assert half == f"[{'#' * 15}{'.' * 15}] 1 of 2 parts" and full == f"[{'#' * 30}] 2 of 2 parts\n"
