"""A row of the flat table is what the measures say of that session alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.corpus.making import random_sessions

from attunement.corpus import MEASURES, flat
from attunement.events import split
from attunement.measures import as_json, measure_all
from attunement.schemes import scheme
from attunement.stats.grouped import medians, wilson_each
from attunement.stats.intervals import wilson
from attunement.stats.survival import quantiles

SIZES = [0, 1, 4, 700, 0, 30, 12, 90, 250, 3, 33_000, 60]  # one beyond a block, some with too little to say
FROM_JSON = {
    "replies_signals": "replies signals", "replies_answered": "replies answered", "replies_late": "replies late",
    "replies_misread": "replies misread", "replies_missed": "replies missed", "replies_share": "replies share",
    "replies_low": "replies interval 0", "replies_high": "replies interval 1", "replies_chance": "replies chance",
    "latency_signals": "latency parameters signals", "latency_answered": "latency parameters answered",
    "latency_median_ms": "latency median_ms", "turns_sounds": "turns parameters sounds", "turns_pairs": "turns pairs",
    "turns_lena_like": "turns lena_like_count", "turns_conversations": "turns conversations number",
    "turns_opened_by_child": "turns conversations opened_by_child", "repair_both_ms": "repair parameters both_ms",
    "repair_match_ms": "repair parameters match_ms", "repair_repairs": "repair parameters repairs",
    "repair_match_share": "repair match_share", "repair_per_minute": "repair repairs_per_minute",
    "repair_median_ms": "repair median_ms", "comfort_episodes": "comfort episodes", "comfort_together": "comfort together",
    "comfort_alone": "comfort alone", "comfort_unresolved": "comfort unresolved",
    "comfort_to_comfort_median_ms": "comfort parameters to_comfort_median_ms", "comfort_median_ms": "comfort median_ms",
    "contingency_a": "contingency table 0", "contingency_b": "contingency table 1", "contingency_c": "contingency table 2",
    "contingency_d": "contingency table 3", "contingency_odds_ratio": "contingency odds_ratio",
    "contingency_log_odds_low": "contingency log_odds_interval 0",
    "contingency_log_odds_high": "contingency log_odds_interval 1", "contingency_yules_q": "contingency yules_q",
    "contingency_phi": "contingency phi", "contingency_risk_difference": "contingency risk_difference",
    "contingency_adjusted_residual": "contingency adjusted_residual", "contingency_chance": "contingency chance",
}  # fmt: skip


def test_every_column_is_compared() -> None:
    assert list(FROM_JSON) == list(MEASURES)


@pytest.mark.parametrize("name", ["attunement", "aclew", "lena"])
@pytest.mark.parametrize("window_ms", [2_000, 5_000])
def test_many_sessions_in_one_call_equal_each_alone_to_the_bit(name: str, window_ms: int) -> None:
    by = scheme(name)
    events = random_sessions(by, SIZES)
    together = flat(events, by, window_ms=window_ms)
    assert together.schema == pl.Schema(dict(MEASURES))
    numbers = 0
    for row, alone in zip(together.to_dicts(), split(events), strict=True):
        said = as_json(measure_all(alone, by, window_ms=window_ms, rotations=0, permutations=0))
        if isinstance(said["contingency"], list):
            said["contingency"] = said["contingency"][0]  # all signals with all acts come first
        for column, keys in FROM_JSON.items():
            expected = _at(said, keys.split())
            if column in row and not _only_a_rule(said, column):
                assert row[column] == expected, (column, len(alone))
                numbers += expected is not None
    assert numbers > 100


def _at(said: Any, keys: list[str]) -> Any:
    for key in keys:
        said = said[int(key)] if isinstance(said, list) else said and said[key]
    return said


def _only_a_rule(said: Any, column: str) -> bool:
    """A measure that the scheme cannot speak of: the JSON keeps its parameters, the table is null."""
    measure = said[column.partition("_")[0]]
    return measure is None or all(value is None for key, value in measure.items() if key != "parameters")


def test_a_scheme_that_cannot_tell_gives_null_and_not_zero() -> None:
    by = scheme("aclew")  # it has no states that match
    row = flat(random_sessions(by, [200]), by, window_ms=5_000).to_dicts()[0]
    assert row["repair_both_ms"] is None and row["repair_repairs"] is None
    assert row["replies_signals"] > 0


TIMES = st.tuples(st.integers(-50, 60), st.booleans())


@given(st.lists(st.lists(TIMES, max_size=40), max_size=12))
def test_medians_of_many_groups_are_those_of_each(groups: list[list[tuple[int, bool]]]) -> None:
    rows = [row for group in groups for row in group]
    times, seen = np.array([r[0] for r in rows], np.int64), np.array([r[1] for r in rows], np.bool_)
    found, known = medians(times, seen, np.array([len(group) for group in groups], np.int64))
    alone = [
        quantiles(np.array([r[0] for r in group], np.int64), np.array([r[1] for r in group], np.bool_), (0.5,))[0]
        for group in groups
    ]
    assert [int(value) if there else None for value, there in zip(found, known, strict=True)] == alone


def test_wilson_bounds_of_many_groups_are_those_of_each() -> None:
    n = np.repeat(np.arange(60), 61)
    k = np.minimum(np.tile(np.arange(61), 60), n)
    low, high = wilson_each(k, n)
    for at in range(len(n)):
        alone = wilson(int(k[at]), int(n[at]))
        assert (None if np.isnan(low[at]) else (low[at], high[at])) == alone
