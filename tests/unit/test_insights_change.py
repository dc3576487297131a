"""Whether two periods differ: the chance behind it, and how seldom we say so."""

from math import comb, exp, lgamma, log

import numpy as np
import pytest

from attunement.insights import Tally, change
from attunement.stats.beta import beta_interval, beta_quantile, chance_larger


def spread(k: int, n: int) -> Tally:
    return Tally(k, n, n)


@pytest.mark.parametrize(("k", "n"), [(0, 8), (3, 10), (20, 20), (31, 60)])
def test_quantiles_are_those_of_the_binomial(k, n):
    """Beta(1 + k, 1 + n - k) lies below x as often as a binomial of n + 1 draws with share x exceeds k."""
    for at in (0.1, 0.5, 0.9):
        x = beta_quantile(k, n, at)
        assert sum(comb(n + 1, j) * x**j * (1 - x) ** (n + 1 - j) for j in range(k + 1, n + 2)) == pytest.approx(at)


def test_an_interval_holds_its_confidence():
    assert beta_interval(7, 12, confidence=0.8) == pytest.approx((beta_quantile(7, 12, 0.1), beta_quantile(7, 12, 0.9)))


def test_the_chance_of_the_larger_share_by_its_closed_form():
    """P(B > A) for whole counts is a finite sum: sum over i < b1 of B(a + i, ...) (Evan Miller 2010)."""

    def lbeta(a: float, b: float) -> float:
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    for before, after in [((3, 10), (6, 11)), ((40, 90), (52, 95)), ((0, 8), (8, 8)), ((100, 150), (90, 150))]:
        (ka, na), (kb, nb) = before, after
        a1, b1, a2, b2 = ka + 1, na - ka + 1, kb + 1, nb - kb + 1
        exact = sum(exp(lbeta(a1 + i, b1 + b2) - log(b2 + i) - lbeta(1 + i, b2) - lbeta(a1, b1)) for i in range(a2))
        assert chance_larger(before, after) == pytest.approx(exact, abs=1e-6)
        assert chance_larger(before, after) + chance_larger(after, before) == pytest.approx(1)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (spread(5, 10), spread(6, 10), "no-clear-change"),
        (spread(2, 10), spread(9, 10), "more-often"),
        (spread(9, 10), spread(2, 10), "less-often"),
        (spread(0, 7), spread(40, 40), "no-clear-change"),  # a silent period shows no change
        (Tally(0, 30, 2), spread(40, 40), "no-clear-change"),
        (spread(40, 90), spread(52, 90), "no-clear-change"),  # chance .963
        (spread(40, 90), spread(54, 90), "more-often"),  # chance .981
        (Tally(40, 90, 30), Tally(54, 90, 30), "no-clear-change"),  # 90 notes, 75 effective
        (spread(45, 90), spread(46, 90), "no-clear-change"),
    ],
)
def test_a_change_is_said_only_when_it_is_sure(before, after, code):
    assert change(before, after) == code


def test_periods_that_do_not_differ_seldom_seem_to():
    rng = np.random.default_rng(11)
    said = [change(spread(int(a), 20), spread(int(b), 20)) for a, b in rng.binomial(20, 0.5, (400, 2))]
    assert 1 - said.count("no-clear-change") / 400 <= 0.08  # .025 a side, and a little for counts being whole


def test_more_of_the_same_notes_make_it_surer():
    chances = [chance_larger((0.4 * n, n), (0.6 * n, n)) for n in (5, 20, 80, 320)]
    assert chances == sorted(chances)
    assert chances[-1] > 0.999
