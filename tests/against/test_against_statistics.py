"""Tables, kappa and alpha against SciPy, and against a second way in plain Python on the judgements of real listeners.

Tolerance: pytest's 1e-6 of the number, for rounding; none for counts. Eight listeners judged how far each child segment of
one day is the target child's, on a short scale, so there are ties and disagreement of every kind.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy import stats  # noqa: TID251 -- the authority that the library itself is held to

from attunement import formats
from attunement.measures import measure_all
from attunement.reports import measure_file
from attunement.schemes import coding_of
from attunement.stats.alpha import alpha
from attunement.stats.independence import fit
from attunement.stats.kappa import kappa, tally
from attunement.stats.two_by_two import TwoByTwo

SHARED = Path(__file__).parents[3] / "shared" / "data"
RATERS = sorted((SHARED / "csv" / "raters").glob("*.csv"))
DAY = SHARED / "its" / "0344_000913.its"
TABLES = [(214, 1_005, 2_130, 19_165), (8, 12, 20, 60), (30, 5, 7, 40), (100, 100, 100, 101)]

with_raters = pytest.mark.skipif(
    len(RATERS) != 8, reason="no judgements in ../shared/data/csv/raters beside this checkout"
)
with_day = pytest.mark.skipif(not DAY.exists(), reason="no recording in ../shared/data/its beside this checkout")


@pytest.mark.parametrize("cells", TABLES)
def test_a_two_by_two_table_is_scipys(cells: tuple[int, int, int, int]) -> None:
    table, columns = TwoByTwo(*cells), np.reshape(cells, (2, 2))
    theirs = stats.contingency.odds_ratio(columns, kind="sample")
    assert table.odds_ratio == pytest.approx(theirs.statistic)
    low, high = theirs.confidence_interval()
    assert table.log_odds_interval() == pytest.approx((np.log(low), np.log(high)))
    chi2 = stats.chi2_contingency(columns, correction=False)
    assert table.phi is not None and table.adjusted_residual is not None
    assert table.phi**2 * table.n == pytest.approx(chi2.statistic)
    assert table.adjusted_residual**2 == pytest.approx(chi2.statistic)
    assert abs(table.phi) == pytest.approx(stats.contingency.association(columns, "cramer"))
    assert table.expected == pytest.approx(chi2.expected_freq[0, 0])


@pytest.mark.parametrize("seed", range(5))
def test_g2_of_a_table_is_scipys(seed: int) -> None:
    counts = np.random.default_rng(seed).integers(1, 30, (4, 6))
    theirs = stats.chi2_contingency(counts, correction=False, lambda_="log-likelihood")
    found = fit(counts)
    assert (found.g2, found.df, found.p) == pytest.approx((theirs.statistic, theirs.dof, theirs.pvalue))
    np.testing.assert_allclose(found.expected, theirs.expected_freq)


def judgements() -> np.ndarray:
    """(segments, listeners)"""
    listed = []
    for path in RATERS:
        with path.open(encoding="utf-8") as file:
            listed.append(list(csv.DictReader(file)))
    assert len({tuple(row["startSeconds"] for row in rows) for rows in listed}) == 1  # row by row the same segments
    return np.array([[float(row["targetChildProminence"]) for row in rows] for rows in listed]).T


@with_raters
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_of_eight_listeners_is_that_of_a_second_way(level: str) -> None:
    given = judgements()
    assert given.shape == (2_144, 8)
    every = Counter(given.ravel().tolist())
    values = sorted(every)
    middle, below = {}, 0
    for value in values:
        middle[value] = below + every[value] / 2
        below += every[value]

    def distance(a: float, b: float) -> float:
        return {"nominal": float(a != b), "ordinal": (middle[a] - middle[b]) ** 2, "interval": (a - b) ** 2}[level]

    table = {pair: distance(*pair) for pair in itertools.product(values, values)}
    inside = sum(
        times * table[a, b]
        for row in given.tolist()
        for counted in [Counter(row)]
        for a, n in counted.items() for b, m in counted.items()
        for times in [n * (m - (a == b)) / (len(row) - 1)]
    )  # fmt: skip
    outside = sum(every[a] * (every[b] - (a == b)) * table[a, b] for a, b in table)
    found = alpha(given, level=level)  # type: ignore[arg-type]  # pytest's parameters are plain strings
    assert found.value == pytest.approx(1 - (given.size - 1) * inside / outside)
    assert found.interval is not None
    low, high = found.interval
    assert low < found.value < high and high - low < 0.1


@with_raters
def test_kappa_of_every_two_listeners_is_that_of_a_second_way() -> None:
    given = judgements()
    values = np.unique(given)
    place = np.searchsorted(values, given)
    for one, other in itertools.combinations(range(given.shape[1]), 2):
        found = kappa(tally(place[:, one], place[:, other], len(values)))
        n = len(given)
        same = sum(a == b for a, b in zip(given[:, one], given[:, other], strict=True)) / n
        first, second = Counter(given[:, one].tolist()), Counter(given[:, other].tolist())
        by_chance = sum(first[v] * second[v] for v in first) / n**2
        assert found.agreement == pytest.approx(same)
        assert found.value == pytest.approx((same - by_chance) / (1 - by_chance))


@with_raters
def test_quadratic_kappa_goes_with_the_correlation_that_it_is_known_to_be() -> None:
    """Quadratic weights: 2 cov / (var + var + (difference of means)^2), the concordance of Lin (1989)."""
    given = judgements()
    values = np.unique(given)
    place = np.searchsorted(values, given)
    for one, other in itertools.combinations(range(3), 2):
        x, y = place[:, one].astype(float), place[:, other].astype(float)
        lin = 2 * np.mean((x - x.mean()) * (y - y.mean())) / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
        assert kappa(tally(place[:, one], place[:, other], len(values)), weights="quadratic").value == pytest.approx(
            lin
        )


@with_day
def test_measuring_a_lena_file_gives_lenas_own_count() -> None:
    (measured,) = measure_file(DAY)
    assert measured.measures is not None and measured.measures.turns is not None
    assert measured.measures.turns.lena_count == 116  # as LENA's own program wrote it


@with_day
def test_other_files_have_no_count_of_lenas() -> None:
    coding = coding_of(formats.read(SHARED / "eaf" / "childproject_example.eaf").session)
    turns = measure_all(coding, only=("turns",), rotations=0).turns
    assert turns is not None and turns.lena_count is None and turns.lena_like_count
