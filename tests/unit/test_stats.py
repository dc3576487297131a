"""Intervals, waiting times and accident, against published values and by hand."""

import numpy as np
import pytest
from scipy.special import stdtrit

from attunement.stats.clusters import log_odds_reach, share_interval
from attunement.stats.intervals import exact, wilson
from attunement.stats.rotation import circle_gaps, overlaps
from attunement.stats.shifts import hits, spread
from attunement.stats.survival import kaplan_meier, quantiles

# Newcombe (1998), Statistics in Medicine 17, 857-872, table I: methods 3 (Wilson) and 5 (Clopper-Pearson).
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("k", "n", "score", "tails"), NEWCOMBE)
def test_intervals_are_the_published_ones(k, n, score, tails):
    assert wilson(k, n) == pytest.approx(score, abs=5e-5)
    assert exact(k, n) == pytest.approx(tails, abs=5e-5)


def test_intervals_at_the_edges():
    assert wilson(0, 0) is None and exact(0, 0) is None
    assert exact(5, 5)[1] == 1.0
    assert wilson(5, 5)[1] == 1.0


# Remission in weeks under 6-MP (Freireich et al. 1963; Gehan 1965), the textbook example; False: still in remission.
WEEKS = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35])
RELAPSED = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], np.bool_)
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_kaplan_meier_is_the_textbook_one():
    when, still = kaplan_meier(WEEKS, RELAPSED)
    assert dict(zip(when.tolist(), still.tolist(), strict=True)) == pytest.approx(PUBLISHED, abs=5e-4)
    assert quantiles(WEEKS, RELAPSED) == [13, 23, None]


@pytest.mark.parametrize("scale", [1, 1_000_000])  # counted, or sorted: the table is found in two ways
def test_close_and_far_times_give_the_same_table(scale):
    when, still = kaplan_meier(WEEKS * scale - 7, RELAPSED)
    assert ((when + 7) // scale).tolist() == list(PUBLISHED)
    assert still.tolist() == pytest.approx(list(PUBLISHED.values()), abs=5e-4)


def test_without_anything_unseen_the_median_is_the_plain_one():
    times = np.array([-300, 100, 200, 400, 900])
    assert quantiles(times, np.ones(5, np.bool_)) == [100, 200, 400]


def test_exactly_half_is_half():
    assert quantiles(np.array([1, 2, 3, 4]), np.ones(4, np.bool_), (0.5,)) == [2]


def test_nothing_seen_nothing_said():
    assert quantiles(np.array([5, 6]), np.zeros(2, np.bool_)) == [None, None, None]
    assert quantiles(np.empty(0, np.int64), np.empty(0, np.bool_)) == [None, None, None]


def test_gaps_go_round_the_circle():
    times, group = np.array([10, 30, 1_005]), np.array([0, 0, 2])
    assert circle_gaps(times, group, np.array([100, 100, 50])).tolist() == [80, 20, 50]
    assert circle_gaps(np.empty(0, np.int64), np.empty(0, np.int64), np.array([100])).tolist() == []


def test_overlaps_are_sums_of_the_smaller():
    rng = np.random.default_rng(3)
    gaps, reaches = rng.integers(0, 50, 40), rng.integers(0, 70, 30)
    mine, theirs = rng.integers(0, 4, 40), rng.integers(0, 5, 30)
    by_hand = [sum(min(int(g), int(r)) for g in gaps[mine == at] for r in reaches[theirs == at]) for at in range(5)]
    assert overlaps(gaps, mine, reaches, theirs, 5).tolist() == by_hand
    assert overlaps(gaps[:0], mine[:0], reaches, theirs, 5).tolist() == [0] * 5


def test_the_interval_of_a_share_over_sessions_is_the_jackknife_by_hand():
    k, n = np.array([3, 9, 2, 0, 14]), np.array([10, 12, 8, 0, 15])
    p, many = 28 / 45, 4
    without = [(28 - a) / (45 - b) for a, b in ((3, 10), (9, 12), (2, 8), (14, 15))]
    v = (many - 1) / many * sum((each - p) ** 2 for each in without)
    degrees = 45**2 / (10**2 + 12**2 + 8**2 + 15**2) - 1
    effective = p * (1 - p) / v * (1.959964 / float(stdtrit(degrees, 0.975))) ** 2
    assert share_interval(k, n) == pytest.approx(wilson(p * effective, effective))


def test_sessions_that_differ_make_the_interval_wider_and_one_alone_has_none():
    n = np.full(10, 20)
    alike, apart = share_interval(np.full(10, 10) + np.arange(10) % 2, n), share_interval(np.arange(0, 20, 2), n)
    assert alike[1] - alike[0] < 0.05 < 0.25 < apart[1] - apart[0]
    assert share_interval(n[:1] // 2, n[:1]) is None
    assert share_interval(np.zeros(10, np.int64), n) == pytest.approx(wilson(0, 200 * (1.959964 / 2.262157) ** 2))


def test_the_reach_of_log_odds_is_woolfs_with_a_cluster_for_each_unit():
    table = np.array([214, 205, 130, 1_165])
    units = np.repeat(np.eye(4, dtype=np.int64), table, axis=0)
    error = sum(1 / table) ** 0.5
    assert log_odds_reach(units) == pytest.approx(1.96 * error, rel=2e-3)
    together = np.repeat(units, 4, axis=0)  # each unit four times: the same odds, but four units are one cluster
    assert log_odds_reach(4 * units) == pytest.approx(log_odds_reach(units))
    assert log_odds_reach(together) == pytest.approx(log_odds_reach(units) / 2, rel=2e-3)
    assert np.isnan(log_odds_reach(np.array([[4, 3, 0, 2], [5, 1, 0, 2]])))
    assert np.isnan(log_odds_reach(table[None]))


@pytest.mark.parametrize("n", [10, 11, 600, 601])
def test_the_spread_over_shifts_is_that_of_the_hits(n):
    first, second = np.random.default_rng(n).random((2, n)) < 0.4
    assert spread(first, second) == pytest.approx(np.var(hits(first, second)))
