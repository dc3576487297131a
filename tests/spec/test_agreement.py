"""Agreement: two coders drawn one below the other, published tables, and plain Python."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.drawn import ATTUNEMENT, STEP, drawn

from attunement.clock import Span
from attunement.errors import WrongUse
from attunement.measures import agreement, agreement_json
from attunement.measures.agreement import NOTHING, shared
from attunement.moments.aligning import align
from attunement.moments.covering import covering
from attunement.schemes import Coding, scheme
from attunement.stats.alpha import alpha
from attunement.stats.kappa import kappa, kappa_of_events, kappa_of_units, tally


def coded(track, *, observed=None, by=ATTUNEMENT):
    events = drawn(f"baby {track}")
    spans = (Span(0, int(events.duration_ms[0])),) if observed is None else observed
    return Coding(events, by, spans, (), np.arange(len(events)))


def between(first, second, **rule):
    (baby,) = agreement(coded(first), coded(second), unit_ms=STEP, **rule).actors
    return baby


def test_the_same_coding_twice_agrees_on_everything():
    track = "cccc....llll....cccc....yyyy...."
    baby = between(track, track)
    assert baby.codes == ("coo", "look-away", "cry", NOTHING)
    assert (baby.units.agreement, baby.units.value, baby.alpha) == (1, 1, 1)
    assert (baby.events.linked, baby.events.same) == (4, 4)


def test_unit_by_unit_with_its_table_and_margins():
    baby = between("cccccccc........", "cccc............")
    assert baby.units.table.tolist() == [[4, 4], [0, 8]]
    assert baby.units.agreement == 0.75
    assert [margin.tolist() for margin in baby.units.margins] == [[0.5, 0.5], [0.25, 0.75]]
    assert baby.units.value == pytest.approx((0.75 - 0.5) / 0.5)


def test_tolerance_forgives_an_onset_that_is_a_little_off():
    first, second = "..cccccc..........", "...cccccc........."
    assert between(first, second, tolerance_ms=0).within[0].agreement == pytest.approx(16 / 18)
    assert [one.agreement for one in between(first, second, tolerance_ms=STEP).within] == [1, 1]


def test_tolerance_is_seen_from_each_coder():
    baby = between("cccccccccc..........", "..........cccccccccc", tolerance_ms=2 * STEP)
    assert [one.agreement for one in baby.within] == [4 / 20, 4 / 20]
    lone = between("....................", "....C..........C....", tolerance_ms=STEP)
    assert [one.agreement for one in lone.within] == [1, 18 / 20]


def test_events_are_linked_within_the_tolerance_and_the_rest_is_missed_by_one():
    baby = between("C....L....C....Y....S....C....L....", ".C...L....L....Y.........C.....L...", tolerance_ms=STEP)
    events = baby.events
    assert (events.first, events.second, events.linked, events.same) == (7, 6, 6, 5)
    nothing = baby.codes.index(NOTHING)
    assert events.kappa.table[baby.codes.index("social-smile"), nothing] == 1
    assert events.kappa.table[nothing, nothing] == 0
    assert between("C....L....C", "......L...C", tolerance_ms=0).events.linked == 1


def test_the_same_code_is_linked_before_the_nearest_onset():
    here, there = align(np.array([1_000]), np.array([0]), np.array([900, 1_000, 1_400]), np.array([1, 1, 0]),
                        tolerance_ms=500)  # fmt: skip
    assert (here.tolist(), there.tolist()) == ([0], [2])


def test_links_do_not_cross():
    here, there = align(np.array([0, 100]), np.array([0, 1]), np.array([0, 100]), np.array([1, 0]), tolerance_ms=500)
    assert (here.tolist(), there.tolist()) in (([0], [1]), ([1], [0]))


def test_only_time_that_both_watched_counts():
    first = coded("cccccccc........", observed=(Span(0, 5_000),))
    second = coded("cccccccc......cc", observed=(Span(2_000, 8_000),))
    found = agreement(first, second, unit_ms=STEP)
    assert (found.both_ms, found.outside) == (3_000, 3)
    assert shared((Span(0, 5), Span(8, 9)), (Span(2, 10),)) == (Span(2, 5), Span(8, 9))
    assert agreement(coded("c"), coded("c", observed=())).actors == ()


def test_an_actor_whom_only_one_coded_is_there_too():
    both = agreement(
        coded("cccccccccc"), Coding(drawn("mother tttttttttt"), ATTUNEMENT, (Span(0, 5_000),), (), np.arange(1))
    )
    assert [one.actor for one in both.actors] == ["baby", "mother"]
    assert [one.units.agreement for one in both.actors] == [0, 0]


def test_little_gives_no_kappa_and_wrong_rules_are_refused():
    assert between("cc..", "c...").units.value is None
    assert between("cc..", "c...").units.agreement == 0.75
    with pytest.raises(WrongUse, match="two schemes"):
        agreement(coded("cc"), coded("cc", by=scheme("aclew")))
    for wrong in ({"unit_ms": 0}, {"tolerance_ms": -1}):
        with pytest.raises(WrongUse):
            agreement(coded("cc"), coded("cc"), **wrong)


def test_the_json_has_margins_beside_each_kappa():
    told = agreement_json(agreement(coded("cccc....llll...."), coded("cccc....cccc....")))
    (baby,) = told["actors"]
    assert set(told["parameters"]) == {"unit_ms", "tolerance_ms", "both_ms", "outside", "nothing"}
    for part in (baby["time_units"], baby["within_tolerance"]["from_first"], baby["events"]):
        assert {"kappa", "interval", "agreement", "by_chance", "n", "table", "margins"} <= set(part)


# The statistics themselves


COHEN = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])  # Cohen 1960, table of 200 cases


def test_cohens_own_example():
    found = kappa(COHEN)
    assert (round(found.value, 3), found.agreement, found.by_chance) == (0.492, 0.70, pytest.approx(0.41))
    low, high = found.interval
    assert low < found.value < high


def test_weights_are_those_by_hand():
    n, k = COHEN.sum(), 3
    for name, power in (("linear", 1), ("quadratic", 2)):
        distance = np.array([[abs(i - j) ** power for j in range(k)] for i in range(k)])
        by_chance = np.outer(COHEN.sum(axis=1), COHEN.sum(axis=0)) / n
        assert kappa(COHEN, weights=name).value == pytest.approx(
            1 - (distance * COHEN).sum() / (distance * by_chance).sum()
        )
    assert kappa(np.array([[3, 1], [2, 4]]), weights="linear").value == pytest.approx(
        kappa(np.array([[3, 1], [2, 4]])).value
    )


def test_the_interval_of_kappa_holds_the_truth_nineteen_times_in_twenty():
    shares = COHEN / COHEN.sum()
    tables = np.random.default_rng(2).multinomial(200, shares.ravel(), 600).reshape(-1, 3, 3)
    truth = kappa(COHEN).value
    held = np.mean([low <= truth <= high for low, high in (kappa(table).interval for table in tables)])
    assert 0.93 <= held <= 0.97


def two_series(rng, units, flips=0.2):
    """Bouts of about eight units; each coder takes fives of them for the other category."""
    truth = np.repeat(rng.integers(0, 2, units), rng.geometric(1 / 8, units))[:units]
    return [np.where(np.repeat(rng.random(units // 5 + 1) < flips, 5)[:units], 1 - truth, truth) for _ in range(2)]


@pytest.mark.parametrize("flips", [0.2, 0.03])
def test_the_interval_of_time_units_holds_it_when_neighbours_are_alike(flips):
    """Stretches of 60; the truth by a very long series."""
    rng = np.random.default_rng(4)
    truth = kappa_of_units(*two_series(rng, 400_000, flips), 2, block=60).value
    found = [kappa_of_units(*two_series(rng, 1_800, flips), 2, block=60).interval for _ in range(1_000)]
    assert 0.93 <= np.mean([low <= truth <= high for low, high in found]) <= 0.97


@pytest.mark.parametrize("units", [600, 607, 659])
def test_the_interval_of_time_units_is_the_jackknife_by_hand(units):
    first, second = two_series(np.random.default_rng(5), units)
    found = kappa_of_units(first, second, 2, block=60)
    stretch = [at * 10 // units for at in range(units)]
    assert min(stretch.count(one) for one in range(10)) >= 60
    left = [[at for at in range(units) if stretch[at] != one] for one in range(10)]
    without = [kappa(tally(first[rest], second[rest], 2)).value for rest in left]
    error = (9 / 10 * sum((each - sum(without) / 10) ** 2 for each in without)) ** 0.5
    reach = 2.262157 * error / (1 - found.value**2)  # Student's t of nine degrees
    middle = np.arctanh(found.value)
    assert found.interval == pytest.approx((np.tanh(middle - reach), np.tanh(middle + reach)))


def test_the_interval_of_time_units_stays_inside_when_kappa_is_near_one():
    """One slip in one of twenty stretches: the error is 1 - kappa, so the reach on Fisher's z is about t / 2."""
    series = np.arange(1_200) // 7 % 2
    found = kappa_of_units(series, np.where(np.arange(1_200) == 500, 1 - series, series), 2, block=60)
    middle = np.arctanh(found.value)
    assert found.interval == pytest.approx((np.tanh(middle - 2.093 / 2), np.tanh(middle + 2.093 / 2)), abs=1e-4)
    assert 0.98 < found.interval[0] < found.value < found.interval[1] < 1


ALTERNATING = np.arange(600) % 2
LONE = np.where(np.arange(600) < 30, ALTERNATING, 0)  # one code everywhere but in the first stretch
IN_STEP = np.where(np.arange(600) % 60 < 6, 1 - ALTERNATING, ALTERNATING)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        (ALTERNATING[:599], IN_STEP[:599], 0.8),  # nine stretches and a bit
        (ALTERNATING, ALTERNATING, 1),
        (ALTERNATING, 1 - ALTERNATING, -1),
        (ALTERNATING, IN_STEP, 0.8),  # all stretches alike: no spread to see
        (LONE, np.roll(LONE, 2), 1 - 2 / 30),
        (np.zeros(600, np.int64), np.zeros(600, np.int64), None),
    ],
    ids=["few", "one", "minus one", "alike", "rare", "one code"],
)
def test_where_the_interval_of_time_units_cannot_be_told(first, second, value):
    found = kappa_of_units(first, second, 2, block=60)
    assert found.value == (None if value is None else pytest.approx(value, abs=0.01))
    assert found.interval is None


def test_chance_that_agrees_on_everything_leaves_no_kappa():
    assert kappa(np.array([[9, 0], [0, 0]])).value is None
    assert kappa(np.zeros((2, 2), np.int64)).agreement is None
    possible = np.array([[True, True], [True, False]])
    assert kappa_of_events(np.array([[9, 2], [3, 0]]), possible).value is None  # one code: nothing is free to vary


def test_without_misses_events_have_the_plain_kappa():
    table = np.zeros((4, 4), np.int64)
    table[:3, :3] = COHEN
    possible = np.ones((4, 4), bool)
    possible[3, 3] = False
    assert kappa_of_events(table, possible).value == pytest.approx(kappa(COHEN).value)


_ = np.nan
KRIPPENDORFF = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]).T  # fmt: skip


@pytest.mark.parametrize(
    ("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_four_by_twelve(level, value):
    found = alpha(KRIPPENDORFF, level=level)
    assert (round(found.value, 3), found.units, int(found.counts.sum())) == (value, 11, 40)
    low, high = found.interval
    assert low < found.value < high
    assert alpha(KRIPPENDORFF, level=level).interval == found.interval
    assert alpha(KRIPPENDORFF, level=level, seed=1).interval != found.interval


def alpha_by_hand(judgements, level):
    """One pair of judgements at a time."""
    units = [[v for v in row if not np.isnan(v)] for row in judgements]
    units = [row for row in units if len(row) > 1]
    every = sorted(v for row in units for v in row)

    def distance(a, b):
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        if level == "ratio":
            return ((a - b) / (a + b)) ** 2 if a + b else 0.0
        low, high = min(a, b), max(a, b)
        between_ = sum(low <= v <= high for v in every) - (every.count(a) + every.count(b)) / 2
        return float(between_**2) if a != b else 0.0

    inside = sum(distance(a, b) / (len(row) - 1) for row in units for a, b in itertools.permutations(row, 2))
    outside = sum(distance(a, b) for a, b in itertools.permutations(every, 2))
    return 1 - (len(every) - 1) * inside / outside if outside else None


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda coders: st.lists(
            st.lists(st.sampled_from([0.0, 1.0, 2.0, 4.0, np.nan]), min_size=coders, max_size=coders), max_size=8
        )
    ),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
)
def test_alpha_is_that_of_plain_python(rows, level):
    found = alpha(np.array(rows).reshape(len(rows), len(rows[0]) if rows else 2), level=level, replicates=5)
    by_hand = alpha_by_hand(rows, level)
    assert found.value == (None if by_hand is None else pytest.approx(by_hand))


def test_what_alpha_cannot_take():
    with pytest.raises(WrongUse):
        alpha([1, 2, 3])
    with pytest.raises(WrongUse):
        alpha([[1, 2]], level="odd")
    with pytest.raises(WrongUse):
        alpha([[-1, 2]], level="ratio")


def best_alignment(first, second, tolerance):
    """Every order-keeping set of links, tried out: (same code, links, - time between onsets) of the best."""
    best = (0, 0, 0)

    def grow(i, j, so_far):
        nonlocal best
        best = max(best, so_far)
        for here in range(i, len(first)):
            for there in range(j, len(second)):
                apart = abs(first[here][0] - second[there][0])
                if apart <= tolerance:
                    same = first[here][1] == second[there][1]
                    grow(here + 1, there + 1, (so_far[0] + same, so_far[1] + 1, so_far[2] - apart))

    grow(0, 0, best)
    return best


MOMENT = st.tuples(st.integers(0, 12), st.integers(0, 1))


@settings(max_examples=80, deadline=None)
@given(st.lists(MOMENT, max_size=5), st.lists(MOMENT, max_size=5), st.integers(0, 4))
def test_the_alignment_is_the_best_there_is(first, second, tolerance):
    first, second = sorted(first), sorted(second)
    columns = [np.array([row[at] for row in rows], np.int64) for rows in (first, second) for at in (0, 1)]
    here, there = align(*columns, tolerance_ms=tolerance)
    links = list(zip(here.tolist(), there.tolist(), strict=True))
    same = sum(first[i][1] == second[j][1] for i, j in links)
    assert (same, len(links), -sum(abs(first[i][0] - second[j][0]) for i, j in links)) == best_alignment(
        first, second, tolerance
    )
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(links))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12), st.integers(0, 2)), max_size=8), st.integers(1, 7))
def test_each_unit_has_what_fills_most_of_it(rows, unit):
    units = 60 // unit
    by_hand = []
    for at in range(0, units * unit, unit):
        filled = [0, 0, 0]
        for start, many, kind in rows:
            filled[kind] += max(0, min(max(start + many, start + 1), at + unit) - max(start, at))
        by_hand.append(filled.index(max(filled)) if max(filled) else 3)
    start, many, kind = (np.array([row[at] for row in rows], np.int64) for at in range(3))
    assert covering(start, start + many, kind, nothing=3, units=units, unit_ms=unit).tolist() == by_hand


def test_tally():
    assert tally(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist() == [[1, 1], [0, 1]]
