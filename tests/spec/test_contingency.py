"""Contingency, as pictures (a character is half a second, a unit two characters) and against plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.drawn import ATTUNEMENT, STEP, drawn

from attunement.errors import WrongUse
from attunement.events import events_from_rows, join
from attunement.measures import as_json, contingency, measure_all
from attunement.stats.shifts import hits, p_value, products
from attunement.stats.two_by_two import TwoByTwo


def table(picture, **rule):
    found = contingency(drawn(picture), ATTUNEMENT, permutations=0, **rule)[0].table
    return found.a, found.b, found.c, found.d


def test_the_window_runs_from_the_onset_to_five_seconds_after_the_end():
    assert table("""
        baby   ..cc................
        mother ......t.........t...
    """) == (1, 5, 1, 3)  # units 1 to 6 of ten lie in it  # fmt: skip


def test_a_narrower_window():
    assert table("""
        baby   ..cc................
        mother ......t.........t...
    """, window_ms=1_000) == (0, 2, 2, 6)  # fmt: skip


def test_an_act_under_way_does_not_begin_again():
    assert table("""
        baby   ......c.............
        mother ..tttttttttttttt....
    """) == (0, 6, 1, 3)  # fmt: skip


def test_two_acts_in_one_unit_are_one_unit():
    assert table("baby   c...........\nmother ..TT........", window_ms=1_000) == (1, 1, 0, 4)


def test_the_last_unit_may_be_short():
    assert sum(table("baby   c....\nmother ....t")) == 3


def test_several_kinds_of_asking_and_several_caregivers_are_several_pairs():
    events = drawn("""
        baby   cc......ll......
        mother ....t......g....
        father .....h..........
    """)
    pairs = [(p.pair.asking, p.pair.fitting, p.pair.caregiver) for p in contingency(events, ATTUNEMENT, permutations=0)]
    assert pairs == [
        (None, False, None), ("connect", True, None), ("break", True, None), (None, False, "father"),
        (None, False, "mother"),
    ]  # fmt: skip
    assert [p.acts for p in contingency(events, ATTUNEMENT, permutations=0)] == [3, 1, 1, 1, 2]
    assert len(contingency(events, ATTUNEMENT, caregiver="mother", permutations=0)) == 3


RHYTHM = "baby   " + "c..................." * 12 + "\nmother " + "..t................." * 12


def test_acts_that_follow_are_more_than_accident():
    (found,) = contingency(drawn(RHYTHM), ATTUNEMENT)
    assert (found.table.a, found.table.c) == (12, 0)
    assert found.table.corrected
    assert found.table.odds_ratio == pytest.approx(12 * 48 / (60 * 0.5))
    assert found.chance == pytest.approx(12 / 120)
    assert found.p == pytest.approx(0.6, abs=0.07)  # their rhythms are the same: six turns of ten fit as well


def test_little_is_said_of_little():
    (found,) = contingency(drawn("baby   c.......\nmother .t......"), ATTUNEMENT)
    assert (found.told, found.p, found.chance) == (False, None, None)
    told = as_json(measure_all(drawn("baby   c.......\nmother .t......"), ATTUNEMENT))["contingency"]
    assert told["table"] == [1, 3, 0, 0]
    assert {told[key] for key in ("odds_ratio", "log_odds_interval", "yules_q", "phi", "risk_difference", "p")} == {
        None
    }


def test_the_json_says_it_all():
    told = as_json(measure_all(drawn(RHYTHM), ATTUNEMENT))["contingency"]
    assert set(told) == {
        "parameters", "table", "odds_ratio", "log_odds_interval", "yules_q", "phi", "risk_difference",
        "adjusted_residual", "p", "chance",
    }  # fmt: skip
    assert told["table"] == [12, 60, 0, 48]
    assert told["yules_q"] == 1.0
    assert told["parameters"]["corrected"] is True
    two = as_json(measure_all(drawn(RHYTHM.replace("..t", "..h", 1)), ATTUNEMENT))
    assert isinstance(two["contingency"], dict)  # one kind of asking, one caregiver: one pair


def test_a_seed_gives_the_same_p_each_time_and_wrong_rules_are_refused():
    events = drawn(RHYTHM)
    assert contingency(events, ATTUNEMENT, seed=3)[0].p == contingency(events, ATTUNEMENT, seed=3)[0].p
    assert contingency(events, ATTUNEMENT, permutations=0)[0].p is None
    for wrong in ({"window_ms": 0}, {"unit_ms": 0}, {"permutations": -1}, {"caregiver": "nobody"}):
        with pytest.raises(WrongUse):
            contingency(events, ATTUNEMENT, **wrong)


def test_p_is_uniform_when_nothing_follows_anything():
    """Kolmogorov-Smirnov over 200 sessions; ties make the test a little slow to be small, never quick."""
    rng = np.random.default_rng(11)
    ps = []
    for _ in range(200):
        rows = [("baby", "coo", int(t), int(t) + 700) for t in rng.integers(0, 900_000, 90)]
        rows += [("mother", "talk", int(t), int(t) + 700) for t in rng.integers(0, 900_000, 120)]
        events = events_from_rows(rows, codes=ATTUNEMENT.ids, duration_ms=900_000)
        ps.append(contingency(events, ATTUNEMENT, permutations=199)[0].p)
    ordered = np.sort(ps)
    above = np.max(np.arange(1, 201) / 200 - ordered)  # how far small p values run ahead
    assert above < 1.63 / math.sqrt(200)
    assert 0.4 < np.mean(ps) < 0.65


EVENT = st.tuples(st.sampled_from([("baby", "coo"), ("baby", "look-away"), ("mother", "talk"), ("father", "hug-child")]),
                  st.integers(0, 60), st.integers(0, 5))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENT, max_size=20), st.sampled_from([500, 1_000, 1_700]), st.sampled_from([500, 2_000, 5_000]))
def test_the_table_is_that_of_plain_python(session, unit, window):
    length = 33_000
    rows = [(*who, first * STEP, (first + many) * STEP) for who, first, many in session]
    events = events_from_rows(rows, codes=ATTUNEMENT.ids, duration_ms=length)
    found = contingency(events, ATTUNEMENT, unit_ms=unit, window_ms=window, permutations=0)[0]
    counts = [0, 0, 0, 0]
    for at in range(0, length, unit):
        given_ = any(who == "baby" and (start < at + unit and end + window > at) for who, _, start, end in rows)
        target = any(who != "baby" and at <= start < at + unit for who, _, start, _ in rows)
        counts[(not given_) * 2 + (not target)] += 1
    assert [found.table.a, found.table.b, found.table.c, found.table.d] == counts


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(*[st.lists(st.booleans(), min_size=n, max_size=n)] * 2)))
def test_every_shift_at_once_is_every_shift_one_by_one(both):
    fixed, turned = (np.array(each) for each in both)
    one_by_one = [int(np.count_nonzero(fixed & np.roll(turned, shift))) for shift in range(len(fixed))]
    assert hits(fixed, turned).tolist() == one_by_one
    assert np.mean(one_by_one) == pytest.approx(fixed.sum() * turned.sum() / len(fixed))  # the closed form
    np.testing.assert_allclose(products(fixed, turned), one_by_one, atol=1e-9)


def test_many_sessions_as_one_add_up():
    parts = [drawn(RHYTHM, name="one"), drawn(RHYTHM[::1].replace("..t", ".t."), name="two")]
    whole = contingency(join(parts), ATTUNEMENT, permutations=0)[0]
    each = [contingency(part, ATTUNEMENT, permutations=0)[0] for part in parts]
    np.testing.assert_array_equal(whole.per_session, np.concatenate([one.per_session for one in each]))
    np.testing.assert_allclose(whole.by_chance, np.concatenate([one.by_chance for one in each]))


def test_p_counts_the_data_itself():
    assert p_value(3, np.array([1, 2, 3, 4])) == 3 / 5
    assert p_value(3, np.array([], np.int64)) is None


def test_a_table_by_hand():
    """Yoder's C007 (PEERS): odds ratio 1.92, Yule's Q 0.314."""
    yoder = TwoByTwo(214, 1_005, 2_130, 19_165)
    assert round(yoder.odds_ratio, 2) == 1.92
    assert round(yoder.yules_q, 3) == 0.314
    assert yoder.yules_q == pytest.approx((yoder.odds_ratio - 1) / (yoder.odds_ratio + 1))
    low, high = yoder.log_odds_interval()
    error = math.sqrt(1 / 214 + 1 / 1_005 + 1 / 2_130 + 1 / 19_165)
    assert (low, high) == pytest.approx((math.log(yoder.odds_ratio) - 1.959964 * error,
                                         math.log(yoder.odds_ratio) + 1.959964 * error))  # fmt: skip
    assert yoder.risk_difference == pytest.approx(214 / 1_219 - 2_130 / 21_295)
    assert yoder.phi**2 * yoder.n == pytest.approx(yoder.adjusted_residual**2)  # both are chi-square


def test_an_empty_cell_an_empty_row_and_few_expected():
    assert TwoByTwo(5, 0, 5, 10).odds_ratio == pytest.approx(5 * 10 / (0.5 * 5))
    empty = TwoByTwo(0, 0, 5, 10)
    assert (empty.told, empty.odds_ratio, empty.log_odds_interval(), empty.yules_q, empty.phi) == (
        False, None, None, None, None,
    )  # fmt: skip
    assert TwoByTwo(3, 3, 3, 3).adjusted_residual is None
    assert TwoByTwo(0, 0, 0, 0).expected == 0
