"""Folders of recordings: each as if it were measured alone, in any number of parts; what cannot be read ends nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.unit.corpus.making import VISIT, EndsTheProcess, recordings

from attunement import formats
from attunement.corpus import Done, Rule, files, here, measure_corpus, processes
from attunement.corpus.parts import Found
from attunement.errors import WrongUse
from attunement.reports import as_record, measure_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return recordings(tmp_path / "visits")


def measured(folder: Path, out: Path, **how) -> Done:
    return measure_corpus([str(folder)], out, **{"engine": here} | how)


def tables(out: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    return pl.read_parquet(out), pl.read_parquet(out.with_suffix(".issues.parquet"))


def same(one: Path, other: Path) -> bool:
    return all(a.equals(b, null_equal=True) for a, b in zip(tables(one), tables(other), strict=True))


def test_each_file_is_measured_as_if_alone(folder: Path, tmp_path: Path) -> None:
    done = measured(folder, tmp_path / "out.parquet")
    rows, _ = tables(done.out)
    assert (done.sessions, done.with_numbers, done.lost) == (13, 12, 2)
    for row in rows.filter("measured").to_dicts():
        (found,) = measure_file(row["file"])
        alone = as_record(found)
        replies = alone["measures"]["replies"]
        assert row["sha256"] == alone["file"]["sha256"] and row["scheme"] == alone["scheme"]["name"]
        assert row["duration_ms"] == alone["session"]["duration_ms"] and row["events"] == alone["session"]["events"]
        assert [row["replies_low"], row["replies_high"]] == (replies["interval"] or [None, None])
        assert (row["replies_share"], row["replies_chance"]) == (replies["share"], replies["chance"])
        assert row["turns_lena_like"] == alone["measures"]["turns"]["lena_like_count"]


def test_what_cannot_be_read_is_a_row_among_the_issues(folder: Path, tmp_path: Path) -> None:
    rows, issues = tables(measured(folder, tmp_path / "out.parquet").out)
    lost = issues.filter(pl.col("code") == "not-readable")
    assert [Path(file).name for file in lost["file"]] == ["torn.eaf", "zeros.csv"]
    assert lost["session"].to_list() == [None, None] and lost["message"].str.len_chars().min() > 20
    unknown = rows.filter(~pl.col("measured")).row(0, named=True)
    assert (Path(unknown["file"]).name, unknown["events"], unknown["replies_signals"]) == ("strange.csv", 3, None)
    assert issues.filter(pl.col("file") == unknown["file"])["code"].to_list() == ["no-scheme"]


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_the_number_of_parts_changes_nothing(folder: Path, tmp_path: Path, workers: int) -> None:
    measured(folder, tmp_path / "one.parquet", workers=1)
    seen: list[int] = []
    measured(folder, tmp_path / "more.parquet", workers=workers, told=lambda done, of: seen.append(of))
    assert len(seen) == seen[0] >= workers
    assert same(tmp_path / "one.parquet", tmp_path / "more.parquet")


def test_processes_give_the_same(folder: Path, tmp_path: Path) -> None:
    measured(folder, tmp_path / "one.parquet")
    measured(folder, tmp_path / "two.parquet", engine=processes(2), workers=2)
    assert same(tmp_path / "one.parquet", tmp_path / "two.parquet")


def test_a_process_that_is_ended_costs_its_file_alone(folder: Path, tmp_path: Path, monkeypatch) -> None:
    (folder / "deadly.csv").write_text(VISIT, encoding="utf-8")
    monkeypatch.setattr(
        files, "cut", lambda items, workers: [EndsTheProcess(tuple(items[:3])), EndsTheProcess(tuple(items[3:]))]
    )
    done = measured(folder, tmp_path / "out.parquet", engine=processes(2))
    _, issues = tables(done.out)
    assert (done.sessions, done.with_numbers, done.lost) == (13, 12, 3)
    (said,) = issues.filter(pl.col("code") == "not-measured").to_dicts()
    assert Path(said["file"]).name == "deadly.csv" and "was ended" in said["message"]


SCRIPT = """
from pathlib import Path
from attunement.corpus import measure_corpus
print(measure_corpus(["visits"], Path("out.parquet"), workers={workers}, force=True).with_numbers)
"""


@pytest.mark.parametrize("saved", [True, False])
def test_a_script_as_it_stands_in_the_docs_measures(folder: Path, saved: bool) -> None:
    run = ran(SCRIPT.format(workers=1), folder.parent, saved=saved)
    assert (run.returncode, run.stdout, run.stderr) == (0, "12\n", "")


@pytest.mark.parametrize("saved", [True, False])
def test_a_script_whose_workers_cannot_begin_is_told_why(folder: Path, saved: bool) -> None:
    run = ran(SCRIPT.format(workers=2), folder.parent, saved=saved)
    assert run.returncode and run.stdout == ""
    assert '__name__ == "__main__"' in run.stderr.splitlines()[-1]
    assert not (folder.parent / "out.parquet").exists()


def ran(script: str, where: Path, *, saved: bool) -> subprocess.CompletedProcess[str]:
    """The script from a file, or from standard input."""
    (where / "script.py").write_text(script, encoding="utf-8")
    given = ([sys.executable, "script.py"], "") if saved else ([sys.executable, "-"], script)
    return subprocess.run(given[0], input=given[1], cwd=where, capture_output=True, text=True, check=False)


def test_a_reader_that_breaks_costs_its_file_alone(folder: Path, tmp_path: Path, monkeypatch) -> None:
    real = formats.readings

    def breaking(path):
        if "visit03" in str(path):
            raise ZeroDivisionError("of our own making")
        return real(path)

    monkeypatch.setattr(formats, "readings", breaking)
    done = measured(folder, tmp_path / "out.parquet")
    (said,) = tables(done.out)[1].filter(pl.col("code") == "reader-broke").to_dicts()
    assert done.with_numbers == 11 and "ZeroDivisionError: of our own making" in said["message"]


def test_a_second_run_measures_only_what_is_missing_or_has_changed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    measured(folder, out)
    before = tables(out)
    assert again(folder, out) == []
    assert all(a.equals(b, null_equal=True) for a, b in zip(before, tables(out), strict=True))

    (folder / "visit02.csv").write_text(VISIT.replace("60800", "69800"), encoding="utf-8")
    (folder / "new.csv").write_text(VISIT, encoding="utf-8")
    (folder / "visit05.csv").unlink()
    (folder / "torn.eaf").unlink()
    assert again(folder, out) == ["new.csv", "visit02.csv"]
    measured(folder, tmp_path / "afresh.parquet")
    assert same(out, tmp_path / "afresh.parquet")


def test_a_file_that_was_saved_again_is_measured_again(folder: Path, tmp_path: Path) -> None:
    measured(folder, tmp_path / "out.parquet")
    os.utime(folder / "visit07.csv", ns=(1, 1))
    assert again(folder, tmp_path / "out.parquet") == ["visit07.csv"]


def again(folder: Path, out: Path) -> list[str]:
    """The files that a run with `resume` measures."""
    names: list[str] = []

    def watching(parts, rule):
        names.extend(Path(item.name).name for part in parts for item in part.items)
        return here(parts, rule)

    measured(folder, out, engine=watching, resume=True)
    return sorted(names)


def test_a_run_that_was_stopped_goes_on_where_it_was(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"

    def stopped(parts, rule):
        for number, (part, found) in enumerate(here(parts, rule)):
            if number == 2:
                raise KeyboardInterrupt
            yield part, found

    with pytest.raises(KeyboardInterrupt):
        measured(folder, out, engine=stopped, workers=2)
    assert not out.exists()
    with pytest.raises(WrongUse, match="a run that was stopped lies there"):
        measured(folder, out)
    assert 0 < len(again(folder, out)) < 15
    measured(folder, tmp_path / "afresh.parquet")
    assert same(out, tmp_path / "afresh.parquet")


def test_a_part_that_was_half_written_is_not_taken_for_done(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    measured(folder, out, workers=2)
    last = sorted((tmp_path / "out.parquet.journal").glob("*.items.parquet"))[-1]
    missing = pl.read_parquet(last)["_item"].str.extract(r"([^/]+)$").sort().to_list()
    last.unlink()
    assert again(folder, out) == missing
    assert tables(out)[0].height == 13


def test_going_on_with_other_arguments_is_refused(folder: Path, tmp_path: Path) -> None:
    measured(folder, tmp_path / "out.parquet")
    with pytest.raises(WrongUse, match=r"asked for otherwise \(window\)"):
        measured(folder, tmp_path / "out.parquet", rule=Rule(window_ms=2_000), resume=True)


def test_a_scheme_that_was_edited_is_another_scheme(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    lines = [
        'name = "own"',
        'version = "1"',
        'title = "Own"',
        "rules = []",
        "codes = []",
        "[serves]",
        "[matching]",
        "pairs = []",
    ]
    own.write_text("\n".join(lines), encoding="utf-8")
    measured(folder, tmp_path / "out.parquet", rule=Rule(str(own)))
    own.write_text("\n".join([*lines, "# edited"]), encoding="utf-8")
    with pytest.raises(WrongUse, match="scheme's text"):
        measured(folder, tmp_path / "out.parquet", rule=Rule(str(own)), resume=True)


def test_folders_patterns_and_names_are_found_once(folder: Path, tmp_path: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "VISIT.CSV").write_text(VISIT, encoding="utf-8")
    (folder / ".hidden.csv").write_text(VISIT, encoding="utf-8")
    (folder / "notes.docx").write_bytes(b"x")
    measured(folder, folder / "results.parquet")
    found = files.find([str(folder), str(folder / "visit0*.csv"), str(folder / "visit01.csv")])
    names = [Path(item.name).name for item in found]
    assert len(names) == 16 and "VISIT.CSV" in names
    assert not {".hidden.csv", "notes.docx", "results.parquet", "results.issues.parquet"} & set(names)
    assert [Path(item.name).name for item in files.find([str(folder / "**" / "*.CSV")])] == ["VISIT.CSV"]


def test_parts_are_bounded(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(files, "PART_FILES", 4)
    parts = files.cut(files.find([str(recordings(tmp_path / "many", 30))]), workers=1)
    assert max(len(part.items) for part in parts) <= 4
    monkeypatch.setattr(files, "PART_BYTES", 1_000)
    parts = files.cut(files.find([str(tmp_path / "many")]), workers=1)
    assert all(sum(item.size for item in part.items) <= 1_000 or len(part.items) == 1 for part in parts)


def test_a_file_with_several_recordings_gives_a_row_for_each(tmp_path: Path) -> None:
    lines = [f"SPEAKER {name} 1 {at}.0 0.5 <NA> <NA> {who} <NA> <NA>" for name in ("b", "a")
             for at, who in enumerate(["KCHI", "FEM"] * 6)]  # fmt: skip
    (tmp_path / "two.rttm").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows, _ = tables(measured(tmp_path / "two.rttm", tmp_path / "out.parquet").out)
    assert rows.select("session", "scheme", "events", "replies_signals").rows() == [
        ("a", "vtc", 12, 6),
        ("b", "vtc", 12, 6),
    ]


def test_what_a_part_gives_can_be_sent(folder: Path) -> None:
    import pickle

    (part,) = files.cut(files.find([str(folder / "visit01.csv")]), workers=1)
    found = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(part)).measure(Rule())))
    assert isinstance(found, Found) and found.rows.height == 1


def test_an_empty_file_is_an_issue_and_not_an_end(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    rows, issues = tables(measured(tmp_path, tmp_path / "out.parquet").out)
    assert len(rows) == 0
    assert issues["code"].to_list() == ["not-readable"]
