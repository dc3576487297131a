"""What follows what, and how time was spent: event lags, transitions, time budgets."""

import itertools
import statistics
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import chdtrc
from tests.spec.drawn import ATTUNEMENT, drawn

from attunement.errors import WrongUse
from attunement.events import events_from_rows, join
from attunement.measures import as_json, budgets, lags, measure_all, transitions
from attunement.measures.lags import lag_table
from attunement.stats import order
from attunement.stats.independence import fit, proportional
from attunement.stats.order import order_p


def test_moves_follow_each_other_whatever_the_time_between():
    found = lags(drawn("baby   c..c....l.\nmother .t...h...g"), ATTUNEMENT)
    assert found.kinds == ("child connect", "child break", "caregiver connect", "caregiver comfort", "caregiver break")
    at = {name: place for place, name in enumerate(found.kinds)}
    assert found.counts[at["child connect"], at["caregiver connect"]] == 1
    assert found.counts[at["child connect"], at["caregiver comfort"]] == 1
    assert (found.steps, found.sequences, found.fit) == (5, 1, None)
    assert lags(drawn("baby   c..c....l.\nmother .t...h...g"), ATTUNEMENT, lag=2).steps == 4


def test_without_repeats_a_kind_never_follows_itself():
    stream, session = np.array([0, 0, 1, 1, 0, 2]), np.zeros(6, np.int64)
    found = lag_table(stream, session, ("a", "b", "c"), repeats=False)
    assert found.counts.tolist() == [[0, 1, 1], [1, 0, 0], [0, 0, 0]]
    assert not found.possible.diagonal().any()
    assert lag_table(stream, session, ("a", "b", "c")).counts.tolist() == [[1, 1, 1], [1, 1, 0], [0, 0, 0]]
    with pytest.raises(WrongUse, match="a lag of 0"):
        lag_table(stream, session, ("a", "b", "c"), lag=0)


def test_quiet_time_is_cut_into_pauses():
    events = drawn("baby   ..cc.....c\nmother ....t.....")
    found = lags(events, ATTUNEMENT, pause_ms=1_000)  # pause, coo, talk, pause, pause, coo
    assert found.kinds == ("child connect", "caregiver connect", "pause")
    assert found.counts.tolist() == [[0, 1, 0], [0, 0, 1], [2, 0, 1]]
    two = join([events, drawn("baby c......", name="two"), drawn("baby .......", name="nothing")])
    assert lags(two, ATTUNEMENT, pause_ms=1_000).counts.tolist() == [[0, 1, 1], [0, 0, 1], [2, 0, 3]]
    assert lags(events, ATTUNEMENT).kinds == ("child connect", "caregiver connect")
    with pytest.raises(WrongUse, match="pause"):
        lags(events, ATTUNEMENT, pause_ms=0)


def test_no_step_leads_into_another_session():
    one = drawn("baby   c...\nmother .t..")
    assert lags(join([one, drawn("baby   c...\nmother .t..", name="two")]), ATTUNEMENT).steps == 2


def test_with_every_cell_possible_the_fit_is_that_by_hand():
    table = np.array([[10, 5, 7], [3, 12, 4], [6, 2, 15]])
    n, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    expected = np.outer(rows, columns) / n
    found = fit(table)
    np.testing.assert_allclose(found.expected, expected)
    by_hand = (table - expected) / np.sqrt(expected * np.outer(1 - rows / n, 1 - columns / n))
    np.testing.assert_allclose(found.residuals, by_hand)
    assert found.g2 == pytest.approx(2 * np.sum(table * np.log(table / expected)))
    assert (found.df, found.p) == (4, pytest.approx(chdtrc(4, found.g2)))


def test_a_published_g2_has_its_published_p():
    """Bakeman & Quera (2011), p. 159: G2 = 30.95 on 16 degrees of freedom, five codes that may repeat; p 0.0136."""
    full = fit(np.arange(1, 26).reshape(5, 5))
    assert full.df == 16
    assert chdtrc(16, 30.95) == pytest.approx(0.0136, abs=1e-4)


def test_structural_zeros_leave_the_margins_and_the_diagonal():
    table = np.array([[0, 20, 5], [9, 0, 12], [16, 7, 0]])
    possible = ~np.eye(3, dtype=bool)
    expected = proportional(table, possible)
    np.testing.assert_allclose(expected.sum(axis=1), table.sum(axis=1))
    np.testing.assert_allclose(expected.sum(axis=0), table.sum(axis=0))
    assert expected.diagonal().tolist() == [0, 0, 0]
    odds = expected[0, 1] * expected[1, 2] * expected[2, 0] / (expected[0, 2] * expected[1, 0] * expected[2, 1])
    assert odds == pytest.approx(1)  # quasi-independence: what is left has no bond
    found = fit(table, possible)
    assert found.df == 1
    off = np.abs(found.residuals[possible])
    np.testing.assert_allclose(off, off[0])  # one free cell: all residuals say the same
    assert np.isnan(found.residuals.diagonal()).all()


def test_residuals_under_structural_zeros_have_a_spread_of_one():
    rng = np.random.default_rng(5)
    rows, columns = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.2, 0.3, 0.4])
    possible = ~np.eye(4, dtype=bool)
    share = np.outer(rows, columns) * possible
    drawn_ = rng.multinomial(400, (share / share.sum()).ravel(), 400).reshape(-1, 4, 4)
    spread = np.array([fit(table, possible).residuals[possible] for table in drawn_]).std(axis=0)
    np.testing.assert_allclose(spread, 1, atol=0.12)


EVENT = st.tuples(st.sampled_from(["baby", "mother"]), st.sampled_from(["coo", "talk", "cry"]), st.integers(0, 60),
                  st.integers(0, 6))  # fmt: skip


def laid(session, name="s"):
    rows = [(who, code, first * 500, (first + many) * 500) for who, code, first, many in session]
    return events_from_rows(rows, name=name, codes=ATTUNEMENT.ids, duration_ms=40_000)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(EVENT, max_size=15), min_size=1, max_size=3))
def test_transitions_are_those_of_plain_python(sessions):
    place = {code: at for at, code in enumerate(ATTUNEMENT.ids)}
    by_hand: dict[tuple[str, str, str], int] = {}
    for session in sessions:
        for who in ("baby", "mother"):
            mine = sorted((e for e in session if e[0] == who), key=lambda e: (e[2], e[2] + e[3], place[e[1]]))
            for one, after in itertools.pairwise(mine):
                by_hand[who, one[1], after[1]] = by_hand.get((who, one[1], after[1]), 0) + 1
    found = transitions(join([laid(session, str(at)) for at, session in enumerate(sessions)]))
    counted = {
        (actor, moves.codes[i], moves.codes[j]): int(moves.counts[i, j])
        for actor, moves in found.by.items() for i, j in np.argwhere(moves.counts).tolist()
    }  # fmt: skip
    assert counted == by_hand


def test_probabilities_wait_for_five():
    moves = transitions(drawn("baby c.l.c.l.c.l.c.l.c.s")).by["baby"]
    assert moves.codes == ("social-smile", "coo", "look-away")
    assert moves.probabilities[1].tolist() == pytest.approx([0.2, 0, 0.8])
    assert np.isnan(moves.probabilities[2]).all()


def test_a_time_budget_as_the_coding_programs_give_it():
    found = budgets(drawn("baby   cc....cccc..cc....\nmother ..T...T..............")).by
    coo = found["baby"]["coo"]
    assert (coo.bouts, coo.total_ms, coo.share) == (3, 4_000, 4_000 / 10_500)
    assert (coo.mean_ms, coo.sd_ms) == (
        pytest.approx(4_000 / 3),
        pytest.approx(statistics.stdev([1_000, 2_000, 1_000])),
    )
    assert (coo.interval_mean_ms, coo.interval_sd_ms) == (1_500, pytest.approx(statistics.stdev([2_000, 1_000])))
    talk = found["mother"]["talk"]
    assert (talk.bouts, talk.total_ms, talk.interval_mean_ms, talk.interval_sd_ms) == (2, 0, 2_000, None)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(EVENT, max_size=15), min_size=1, max_size=3))
def test_budgets_are_those_of_plain_python(sessions):
    by_hand: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for session in sessions:
        for key in {(e[0], e[1]) for e in session}:
            bouts: list[list[int]] = []
            for start, end in sorted((e[2] * 500, (e[2] + e[3]) * 500) for e in session if (e[0], e[1]) == key):
                if bouts and start < bouts[-1][1]:
                    bouts[-1][1] = max(bouts[-1][1], end)
                else:
                    bouts.append([start, end])
            lengths, rests = by_hand.setdefault(key, ([], []))
            lengths += [end - start for start, end in bouts]
            rests += [after[0] - one[1] for one, after in itertools.pairwise(bouts)]
    found = budgets(join([laid(session, str(at)) for at, session in enumerate(sessions)])).by
    assert {(actor, code) for actor, codes in found.items() for code in codes} == set(by_hand)
    for (actor, code), (lengths, rests) in by_hand.items():
        one = found[actor][code]
        assert (one.bouts, one.total_ms) == (len(lengths), sum(lengths))
        assert one.sd_ms == (pytest.approx(statistics.stdev(lengths)) if len(lengths) > 1 else None)
        assert one.interval_mean_ms == (pytest.approx(statistics.mean(rests)) if rests else None)


def test_their_json_has_no_nan():
    told = as_json(measure_all(drawn("baby   c..c....l.\nmother .t...h...g"), ATTUNEMENT))
    assert told["transitions"]["baby"]["probabilities"] == [[None, None], [None, None]]
    assert told["lags"]["g2"] is None
    assert set(told["budgets"]["baby"]["coo"]) == {
        "bouts", "total_ms", "share", "mean_ms", "sd_ms", "interval_mean_ms", "interval_sd_ms"
    }  # fmt: skip


def test_p_counts_shuffles_with_as_large_a_g2():
    """Every order of the moves, by hand: five of one kind, then five of another, is as far from no order as can be."""
    stream = np.array([0] * 5 + [1] * 5)
    sizes, anything = np.array([10]), np.ones((2, 2), np.bool_)

    def g2(moves):
        counts = lag_table(np.array(moves), np.zeros(10, np.int64), ("a", "b")).counts
        return fit(counts).g2

    orders = [[int(at in ones) for at in range(10)] for ones in itertools.combinations(range(10), 5)]
    exact = np.mean([g2(order) >= g2(stream) - 1e-9 for order in orders])
    rng = np.random.default_rng(1)
    p = order_p(stream, sizes, anything, lag=1, repeats=True, times=20_000, rng=rng)
    assert p == pytest.approx(exact, abs=4 * (exact / 20_000) ** 0.5)
    assert order_p(stream, sizes, anything, lag=1, repeats=True, times=0, rng=rng) is None


def test_no_move_leaves_its_session_and_none_repeats_where_none_may():
    rng = np.random.default_rng(2)
    stream, sizes = np.array([0, 0, 0, 1, 2, 1, 2, 3]), np.array([3, 4, 1])
    shuffled = order._shuffled(stream, sizes, 200, rng)
    assert (shuffled[:, :3] == 0).all() and (shuffled[:, 7] == 3).all()
    assert (np.sort(shuffled[:, 3:7]) == [1, 1, 2, 2]).all()
    alternating = np.array([0, 1, 2, 0, 2, 1, 0, 1])
    drawn_ = order._drawn(alternating, np.array([5, 3]), order._chances(alternating, np.array([5, 3]), 3), 200, rng)
    assert (drawn_[:, [0, 5]] == [0, 1]).all()
    apart = np.delete(drawn_[:, 1:] != drawn_[:, :-1], 4, axis=1)
    assert apart.all()


def test_p_of_lags_needs_enough_steps_and_a_seed_gives_it_again():
    events = drawn("baby   " + "c...l...c..." * 12 + "\nmother " + "..t...g...t." * 12)
    told = lags(events, ATTUNEMENT, permutations=99, seed=4)
    assert told.p == lags(events, ATTUNEMENT, permutations=99, seed=4).p == 0.01
    assert lags(events, ATTUNEMENT, permutations=0).p is None
    assert lags(drawn("baby   c...l...\nmother ..t...g."), ATTUNEMENT).p is None


def test_long_sequences_take_chi_square(monkeypatch):
    monkeypatch.setattr(sys.modules["attunement.measures.lags"], "MOST_SHUFFLED", 20)
    found = lags(drawn("baby   " + "c...l...c..." * 12 + "\nmother " + "..t...g...t." * 12), ATTUNEMENT)
    assert found.p == found.fit.p
