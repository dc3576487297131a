"""Our statistics are right about made-up dyads whose truth is known; and each check turns red when a fault is planted.

The long form, ten times as many sessions: `script/soak calibration`.
"""

import sys
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from soak.calibration import CHECKS, coded, contingent, notes, orders, two_coders

from attunement import measures
from attunement.insights import Tally
from attunement.measures import comfort, turns
from attunement.stats.beta import beta_interval, chance_larger
from attunement.stats.clusters import log_odds_reach
from attunement.stats.intervals import wilson
from attunement.stats.kappa import _without_each
from attunement.stats.rotation import overlaps
from attunement.stats.shifts import p_value


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_what_we_say_is_true_of_made_up_dyads(check):
    found = list(check(1))
    print(*found, sep="\n")
    assert found
    assert [str(each) for each in found if not each.holds] == []


def too_sure(k: int, n: int) -> tuple[float, float] | None:
    """Wilson with half its reach."""
    low, high = wilson(k, n) or (0.0, 0.0)
    return (3 * low + high) / 4, (low + 3 * high) / 4


def of_the_seen(times, seen, at=(0.25, 0.5, 0.75)):
    """Quantiles that forget who was still waiting."""
    return [int(np.quantile(times[seen], share)) for share in at]


def one_gap_less(gaps, *rest):
    """The chance of replies, with every gap before an act a tenth too short."""
    return overlaps(gaps * 9 // 10, *rest)


def half_as_far(parts) -> float:
    return log_odds_reach(parts) / 2


def of_units(parts) -> float:
    """As if each unit of time were independent of all others, and sessions alike (Woolf)."""
    return 1.96 * sum(1 / max(cell, 0.5) for cell in parts.sum(axis=0)) ** 0.5


def signals_alone(k, n):
    """As if sessions did not differ."""


def of_many_stretches(first, second, categories, stretches):
    """Ten times as many, a tenth as long."""
    return _without_each(first, second, categories, 10 * stretches)


def half_the_p(observed, turned):
    return p_value(observed, turned) / 2 if len(turned) else None


def sure_at_eighty(before: Tally, after: Tally) -> str:
    larger = chance_larger((before.k_eff, before.n_eff), (after.k_eff, after.n_eff))
    return "no-clear-change" if 0.2 < larger < 0.8 else "more-often"


FAULTS: list[tuple[Callable, object, str, object]] = [
    (coded.replies_intervals, sys.modules["attunement.measures.replies"], "wilson", too_sure),
    (coded.replies_intervals, sys.modules["attunement.measures.replies"], "share_interval", signals_alone),
    (coded.returns_intervals, coded, "wilson", too_sure),
    (coded.returns_intervals, sys.modules["attunement.measures.serve_return"], "share_interval", signals_alone),
    (coded.replies_by_chance, sys.modules["attunement.measures.replies"], "overlaps", one_gap_less),
    (coded.turns_by_chance, sys.modules["attunement.measures.turns"], "_GOLDEN", 1e-9),  # rotations that do not rotate
    (coded.talk_counts, measures, "turns", partial(turns, gap_ms=2_000)),
    (coded.waiting, sys.modules["attunement.measures.latency"], "quantiles", of_the_seen),
    (coded.match_and_repair, sys.modules["attunement.measures.repair"], "quantiles", of_the_seen),
    (coded.endings, measures, "comfort", partial(comfort, calm_ms=5_000)),
    (contingent.log_odds, sys.modules["attunement.measures.contingency"], "log_odds_reach", half_as_far),
    (contingent.log_odds, sys.modules["attunement.measures.contingency"], "log_odds_reach", of_units),
    (contingent.log_odds, sys.modules["attunement.measures.contingency"], "EXPECTED_LEAST", 0.1),  # of bursts, too
    (contingent.rotation_p, sys.modules["attunement.measures.contingency"], "p_value", half_the_p),
    (contingent.synchrony_p, sys.modules["attunement.measures.synchrony"], "p_value", half_the_p),
    (orders.lags_p, sys.modules["attunement.stats.order"], "p_value", half_the_p),
    (two_coders.tallies, sys.modules["attunement.stats.kappa"], "ndtri", lambda at: 0.98),
    (two_coders.recordings, sys.modules["attunement.stats.kappa"], "ndtri", lambda at: 0.98),
    (two_coders.recordings, sys.modules["attunement.stats.kappa"], "stdtrit", lambda degrees, at: 0.98),
    (two_coders.recordings, sys.modules["attunement.stats.kappa"], "_without_each", of_many_stretches),
    (two_coders.recordings, sys.modules["attunement.measures.agreement"], "STRETCH_EVENTS", 1),
    (notes.six_in_ten, Tally, "band", lambda tally: beta_interval(tally.k, tally.n, confidence=0.2)),
    (notes.bands, Tally, "design_effect", property(lambda tally: 1.0)),
    (notes.false_changes, notes, "change", sure_at_eighty),
]


@pytest.mark.parametrize(("check", "where", "name", "fault"), FAULTS, ids=lambda part: getattr(part, "__name__", ""))
def test_a_planted_fault_turns_a_check_red(check, where, name, fault, monkeypatch):
    monkeypatch.setattr(where, name, fault)
    assert any(not found.holds for found in check(1))


def test_every_check_has_a_planted_fault():
    assert {check for check, *_ in FAULTS} == set(CHECKS)
