"""One big event table: whatever it is cut into, the results are the same; what is wrong in it is said."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.unit.corpus.making import as_table, some_events

from attunement.corpus import Rule, flat, here, measure_corpus, processes
from attunement.corpus.table import cut, open_table
from attunement.errors import AttunementError, NotReadable, WrongUse
from attunement.events import Events
from attunement.schemes import scheme

BY = ["child", "visit"]
ABOUT = ["file", "sha256"]  # which say what was read, and so differ


@pytest.fixture
def events() -> Events:
    return some_events()


def measured(
    frame: pl.DataFrame, folder: Path, name: str = "table", *, ending: str = ".parquet", **how
) -> pl.DataFrame:
    path, out = folder / f"{name}{ending}", folder / f"{name}-results.parquet"
    frame.write_parquet(path) if ending == ".parquet" else frame.write_csv(path)
    measure_corpus([str(path)], out, by=how.pop("by", BY), **{"engine": here, "force": True} | how)
    return pl.read_parquet(out)


def issues(folder: Path, name: str = "table") -> list[dict[str, object]]:
    return pl.read_parquet(folder / f"{name}-results.issues.parquet").to_dicts()


def test_each_row_is_what_the_columns_give(events, tmp_path: Path) -> None:
    found = measured(as_table(events), tmp_path)
    alone = flat(events, scheme("attunement"), window_ms=5_000)
    assert_frame_equal(found.sort(pl.col("child").str.slice(1).cast(pl.Int64), "visit").select(alone.columns), alone)
    assert found["duration_ms"].sum() == events.duration_ms.sum()
    assert found["events"].sum() == len(events)
    assert found.select("file", *BY).equals(found.select("file", *BY).sort("file", *BY))


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_the_number_of_parts_changes_nothing(events, tmp_path: Path, parts: int) -> None:
    frame = as_table(events)
    whole = measured(frame, tmp_path)
    table = open_table(tmp_path / "table.parquet", BY, Rule(), store=tmp_path)
    cuts = cut(table, store=tmp_path, most=next(n for n in range(1, 10_000) if _many(table, tmp_path, n) == parts))
    rows = pl.concat([part.measure(Rule()).rows for part in cuts]).drop("_item").sort("file", *BY)
    assert len(cuts) == parts
    assert rows.equals(whole, null_equal=True)


def _many(table, store: Path, most: int) -> int:
    return len(cut(table, store=store, most=most))


def test_rows_in_any_order_and_sessions_in_pieces_give_the_same(events, tmp_path: Path) -> None:
    frame = as_table(events)
    whole = measured(frame, tmp_path)
    for seed in range(3):
        found = measured(frame.sample(fraction=1, shuffle=True, seed=seed), tmp_path, f"shuffled{seed}", workers=3)
        assert found.drop(ABOUT).equals(whole.drop(ABOUT), null_equal=True)
        assert not (tmp_path / f"shuffled{seed}-results.parquet.journal" / "store").exists()


def test_processes_text_and_the_words_of_a_file_give_the_same(events, tmp_path: Path) -> None:
    frame = as_table(events)
    whole = measured(frame, tmp_path).drop(ABOUT)
    assert measured(frame, tmp_path, "b", engine=processes(2), workers=3).drop(ABOUT).equals(whole, null_equal=True)
    assert (
        measured(frame, tmp_path, "c", ending=".csv")
        .drop(ABOUT)
        .equals(whole.with_columns(pl.col("visit").cast(pl.Int64)), null_equal=True)
    )
    as_file = frame.rename({"actor": "tier", "code": "value"}).with_columns(
        tier=pl.col("tier").replace({"caregiver": "parent"})
    )
    told = measured(as_file, tmp_path, "e").drop(ABOUT)
    assert told.equals(whole, null_equal=True)


def test_keys_words_and_times_of_any_kind_and_keys_that_are_missing(events, tmp_path: Path) -> None:
    frame = as_table(events).with_columns(child=pl.when(pl.col("child") != "c1").then("child"))
    whole = measured(frame, tmp_path)
    other = frame.with_columns(
        pl.col("child", "actor", "code").cast(pl.Categorical), pl.col("start_ms").cast(pl.Float64),
        pl.col("end_ms").cast(pl.Int32), visit=pl.date(2026, 1, pl.col("visit") + 1),
    ).sample(fraction=1, shuffle=True, seed=5)  # fmt: skip
    found = measured(other, tmp_path, "other", workers=2)
    assert found.schema["visit"] == pl.Date and found["child"].null_count() == 2
    assert found.drop(*ABOUT, *BY).equals(whole.drop(*ABOUT, *BY), null_equal=True)


def test_a_session_may_have_its_own_observed_time(tmp_path: Path) -> None:
    frame = as_table(some_events(4)).with_columns(observed_ms=pl.when(pl.col("visit") == 0).then(30_000))
    found = measured(frame, tmp_path)
    assert found["observed_ms"].to_list() == [30_000, found["duration_ms"][1], 30_000, found["duration_ms"][3]]


def test_stretches_that_were_watched_are_the_denominator(tmp_path: Path) -> None:
    rows = [("a", "CHI", "0", 500, 900), ("a", "FA1", "0", 2_000, 3_000), ("b", "CHI", "0", 0, 100)]
    watched = [("a", "code", "x", 0, 5_000), ("a", "code", "x", 4_000, 6_000), ("a", "code", "x", 8_000, 9_000)]
    frame = pl.DataFrame(rows + watched, ["s", "tier", "value", "start_ms", "end_ms"], orient="row")
    found = measured(frame, tmp_path, by=["s"])
    assert found.select("scheme", "observed_ms", "duration_ms", "events").rows() == [
        ("aclew", 7_000, 9_000, 2), ("aclew", 100, 100, 1),
    ]  # fmt: skip


def test_impossible_times_cost_their_own_session_its_numbers_and_are_counted(tmp_path: Path) -> None:
    frame = as_table(some_events(6))
    off = {"child": "c1", "visit": 0, "actor": "child", "code": "coo", "duration_ms": 0}
    wrong = [(5, 3), (-5, 3), (-9, 1), (200_000_000, 200_000_000), (None, 5)]
    frame = pl.concat(
        [frame, pl.DataFrame([{**off, "start_ms": a, "end_ms": b} for a, b in wrong])], how="diagonal_relaxed"
    )
    found = measured(frame, tmp_path)
    assert found.filter(~pl.col("measured")).select(BY).rows() == [("c1", 0)]
    assert found.filter(~pl.col("measured"))["replies_signals"].to_list() == [None]
    said = [(one["child"], one["visit"], one["code"], one["severity"], one["times"]) for one in issues(tmp_path)]
    assert said == [
        ("c1", 0, "time-negative", "error", 2), ("c1", 0, "time-not-readable", "warning", 1),
        ("c1", 0, "time-too-late", "error", 1), ("c1", 0, "times-reversed", "error", 1),
    ]  # fmt: skip
    despite = measured(frame, tmp_path, "despite", rule=Rule(despite_issues=True))
    assert despite["measured"].all()


def test_codes_that_the_scheme_does_not_know_are_counted_once_for_all_parts(tmp_path: Path) -> None:
    frame = as_table(some_events(20)).with_columns(
        code=pl.when(pl.int_range(pl.len()) % 10 == 0).then(pl.lit("hiccup?")).otherwise("code")
    )
    measured(frame, tmp_path, workers=4)
    (said,) = issues(tmp_path)
    assert (said["code"], said["place"], said["times"]) == ("not-in-scheme", "code hiccup?", (len(frame) + 9) // 10)


@pytest.mark.parametrize(
    ("change", "by", "says"),
    [
        (lambda frame: frame, ["child", "day"], "no column day"),
        (lambda frame: frame.drop("start_ms"), BY, "no column start_ms"),
        (lambda frame: frame.drop("code"), BY, "no column actor and code, or tier and value"),
        (lambda frame: frame.with_columns(code=pl.lit("zzz")), BY, "none of our schemes"),
        (lambda frame: frame.rename({"visit": "events"}), ["child", "events"], "a column of that name"),
        (lambda frame: frame, ["child", "child"], "names a column twice"),
        (lambda frame: frame.rename({"actor": "code2"}), BY, "no column actor"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused_in_one_line(change, by, says: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=says) as caught:
        measured(change(as_table(some_events(2))), tmp_path, by=by)
    assert "\n" not in str(caught.value)


def test_a_table_with_other_kinds_of_keys_takes_the_place_of_the_one_before(events, tmp_path: Path) -> None:
    frame = as_table(events)
    measured(frame, tmp_path)
    changed = frame.with_columns(pl.col("visit").cast(pl.String), pl.col("end_ms") + 1)
    found = measured(changed, tmp_path, resume=True, force=False)
    assert found.schema["visit"] == pl.String and len(found) == 40


@pytest.mark.parametrize("content", [b"", b"PAR1 torn", b"\0" * 50])
def test_a_torn_table_is_not_readable(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "torn.parquet").write_bytes(content)
    with pytest.raises(AttunementError) as caught:
        measure_corpus([str(tmp_path / "torn.parquet")], tmp_path / "out.parquet", by=BY, engine=here)
    assert isinstance(caught.value, NotReadable)
    assert not (tmp_path / "out.parquet").exists()


def test_a_table_without_rows_has_no_sessions(tmp_path: Path) -> None:
    empty = as_table(some_events(1)).clear()
    assert len(measured(empty, tmp_path, rule=Rule("attunement"))) == 0
