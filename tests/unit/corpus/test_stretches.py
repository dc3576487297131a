"""Recordings of which only stretches were coded: a corpus says the same of them as one file at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from tests.unit.corpus.test_flat import FROM_JSON, _at

from attunement.corpus.flat import Stretches, flat
from attunement.events import join, session_from_rows
from attunement.measures import as_json, measure_all
from attunement.schemes import Coding, code_session, scheme

COMPARED = (
    "replies_signals", "replies_answered", "replies_late", "replies_missed", "latency_median_ms", "turns_sounds",
    "turns_pairs", "turns_lena_like", "turns_conversations", "comfort_episodes", "contingency_a", "contingency_d",
    "contingency_odds_ratio", "contingency_chance",
)  # fmt: skip


def coded(name: str, seed: int) -> Coding:
    """Ten minutes of sounds, of which two or three stretches were coded."""
    rng = np.random.default_rng(seed)
    marks = [("code_periodic", str(at), at * 150_000, at * 150_000 + 60_000) for at in range(2 + seed % 2)]
    starts = np.sort(rng.integers(0, 600_000, 300))
    sounds = [
        (str(rng.choice(["CHI", "FA1", "MA1"])), "0.", int(at), int(at + rng.integers(0, 4_000))) for at in starts
    ]
    rows = [*marks, *sounds]
    session = session_from_rows(rows, name=name, ids=[str(at) for at in range(len(rows))], duration_ms=610_000)
    return code_session(session, scheme("aclew"))


def test_recordings_cut_at_their_stretches_equal_each_measured_alone() -> None:
    codings = [coded(f"day {seed}", seed) for seed in range(6)]
    spans = [(at, span.start, span.end) for at, one in enumerate(codings) for span in one.observed]
    session, begins, ends = np.array(spans, np.int64).T
    events = join([one.events for one in codings])
    rows = flat(events, scheme("aclew"), window_ms=5_000, stretches=Stretches(session, begins, ends))
    for row, one in zip(rows.to_dicts(), codings, strict=True):
        alone = as_json(measure_all(one, rotations=0, permutations=0))
        if isinstance(alone["contingency"], list):
            alone["contingency"] = alone["contingency"][0]
        for column in COMPARED:
            assert row[column] == _at(alone, FROM_JSON[column].split()), column


def test_cutting_changes_what_is_said() -> None:
    one = coded("day", 1)
    whole = flat(one.events, scheme("aclew"), window_ms=5_000).to_dicts()[0]
    spans = np.array([(0, span.start, span.end) for span in one.observed], np.int64).T
    cut = flat(one.events, scheme("aclew"), window_ms=5_000, stretches=Stretches(*spans)).to_dicts()[0]
    assert cut["replies_signals"] < whole["replies_signals"]


def test_a_table_and_files_agree_on_stretches(tmp_path: Path) -> None:
    from attunement.cli import main

    one = coded("day", 1)
    rows = [("code_periodic", str(at), span.start, span.end) for at, span in enumerate(one.observed)]
    names, events = one.events.actors, one.events
    tiers = ["CHI" if names[actor] == "child" else names[actor] for actor in events.actor.tolist()]
    rows += list(zip(tiers, ["0."] * len(tiers), events.start.tolist(), events.end.tolist(), strict=True))
    frame = pl.DataFrame(rows, schema=["tier", "value", "start_ms", "end_ms"], orient="row")
    frame.with_columns(session=pl.lit("day")).write_parquet(tmp_path / "t.parquet")
    out = tmp_path / "out.parquet"
    assert main(["corpus", "measure", str(tmp_path / "t.parquet"), "--by", "session", "--out", str(out)]) == 0
    (row,) = pl.read_parquet(out).to_dicts()
    alone = as_json(measure_all(one, rotations=0))
    assert row["observed_ms"] == sum(span.length for span in one.observed)
    for column in ("replies_signals", "replies_answered", "replies_late", "turns_pairs", "comfort_episodes"):
        assert row[column] == _at(alone, FROM_JSON[column].split()), column
