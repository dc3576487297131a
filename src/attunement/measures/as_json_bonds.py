"""What goes with what, under the project's JSON keys; null where it is too little to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from attunement.measures.agreement import NOTHING, ActorAgreement, Agreement
from attunement.measures.budgets import Budgets
from attunement.measures.contingency import Contingency
from attunement.measures.lags import Lags
from attunement.measures.rules import FEWEST, Json
from attunement.measures.secure_base import SecureBase
from attunement.measures.serve_return import RULE, ServeReturn
from attunement.measures.synchrony import Synchrony
from attunement.measures.transitions import Transitions
from attunement.stats.kappa import Kappa


def contingency_json(found: Sequence[Contingency]) -> Json:
    """One object, or a list where there are several pairs of tracks: all signals with all acts come first."""
    each: list[Json] = [dict(_pair(one)) for one in found]
    return each[0] if len(each) == 1 else each


def _pair(found: Contingency) -> dict[str, Json]:
    table, pair = found.table, found.pair
    parameters: dict[str, Json] = {
        "signals": "all" if pair.asking is None else str(pair.asking), "acts": "fitting" if pair.fitting else "all",
        "caregiver": pair.caregiver, "window_ms": found.window_ms,
        "from": "a signal's onset to the window after its end", "unit_ms": found.unit_ms, "units": table.n,
        "signal_count": found.signals, "act_count": found.acts, "corrected": table.corrected,
        "permutations": found.permutations, "seed": found.seed, "p_of": "as many units or more, one-sided",
        "observed_ms": found.observed_ms, "fewest": FEWEST,
    }  # fmt: skip
    told = found.told
    return {
        "parameters": parameters, "table": [table.a, table.b, table.c, table.d],
        "odds_ratio": table.odds_ratio if told else None,
        "log_odds_interval": _both(found.log_odds_interval),
        "yules_q": table.yules_q if told else None, "phi": table.phi if told else None,
        "risk_difference": table.risk_difference if told else None,
        "adjusted_residual": table.adjusted_residual if told else None, "p": found.p, "chance": found.chance,
    }  # fmt: skip


def lags_json(found: Lags) -> dict[str, Json]:
    fit = found.fit
    return {
        "parameters": {
            "lag": found.lag, "repeats": found.repeats, "steps": found.steps, "sequences": found.sequences,
            "permutations": found.permutations, "seed": found.seed, "observed_ms": found.observed_ms, "fewest": FEWEST,
        },
        "kinds": list(found.kinds), "counts": numbers(found.counts), "probabilities": numbers(found.probabilities),
        "expected": None if fit is None else numbers(fit.expected),
        "adjusted_residuals": None if fit is None else numbers(fit.residuals),
        "g2": None if fit is None else fit.g2, "df": None if fit is None else fit.df, "p": found.p,
    }  # fmt: skip


def serve_return_json(found: ServeReturn) -> dict[str, Json]:
    return {
        "parameters": {
            "rule": RULE, "window_ms": found.window_ms, "caregiver": found.caregiver, "observed_ms": found.observed_ms,
            "fewest": FEWEST,
        },
        "bids": found.bids, "returned": found.returned, "rounds": found.rounds, "share": found.share,
        "interval": _both(found.interval), "rounds_per_exchange": found.rounds_per_exchange,
    }  # fmt: skip


def secure_base_json(found: SecureBase) -> dict[str, Json]:
    return {
        "parameters": {
            "gap_ms": found.gap_ms, "calm_ms": found.calm_ms, "observed_ms": found.observed_ms, "fewest": FEWEST,
        },
        "bouts": found.bouts, "exploring_ms": found.exploring_ms, "check_backs": found.check_backs,
        "check_backs_per_minute": found.check_backs_per_minute, "upsets": found.upsets, "returns": found.returns,
        "return_share": found.return_share,
    }  # fmt: skip


def synchrony_json(found: Synchrony) -> dict[str, Json]:
    return {
        "parameters": {
            "window_ms": found.window_ms, "unit_ms": found.unit_ms, "windows": found.windows,
            "lag_above_zero": "the caregivers come after the child", "permutations": found.permutations,
            "seed": found.seed, "p_of": "the largest correlation at any lag", "observed_ms": found.observed_ms,
            "fewest": FEWEST,
        },
        "lags_ms": numbers(found.lag_ms), "correlations": numbers(found.correlation) if found.told else None,
        "peak": found.peak, "peak_ms": found.peak_ms, "leads": found.leads, "p": found.p,
    }  # fmt: skip


def transitions_json(found: Transitions) -> dict[str, Json]:
    return {
        actor: {
            "codes": list(moves.codes),
            "counts": numbers(moves.counts),
            "probabilities": numbers(moves.probabilities),
        }
        for actor, moves in found.by.items()
    }


def budgets_json(found: Budgets) -> dict[str, Json]:
    return {actor: {code: dict(asdict(budget)) for code, budget in codes.items()} for actor, codes in found.by.items()}


def agreement_json(found: Agreement) -> dict[str, Json]:
    """What `attunement agreement --json` prints of two codings."""
    return {
        "parameters": {
            "unit_ms": found.unit_ms, "tolerance_ms": found.tolerance_ms, "both_ms": found.both_ms,
            "outside": found.outside, "nothing": NOTHING,
        },
        "actors": [_actor(one) for one in found.actors],
    }  # fmt: skip


def _actor(one: ActorAgreement) -> dict[str, Json]:
    events = one.events
    return {
        "actor": one.actor, "codes": list(one.codes), "alpha": one.alpha, "time_units": _kappa(one.units),
        "within_tolerance": {"from_first": _kappa(one.within[0]), "from_second": _kappa(one.within[1])},
        "events": {
            "first": events.first, "second": events.second, "linked": events.linked, "same": events.same,
            **_kappa(events.kappa),
        },
    }  # fmt: skip


def _kappa(found: Kappa) -> dict[str, Json]:
    first, second = found.margins
    return {
        "kappa": found.value, "interval": _both(found.interval), "agreement": found.agreement,
        "by_chance": found.by_chance, "n": found.n, "table": numbers(found.table),
        "margins": {"first": numbers(first), "second": numbers(second)},
    }  # fmt: skip


def numbers(column: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Json:
    """An array as nested lists; null for NaN."""
    nested: Json = column.tolist()
    return _known(nested)


def _known(value: Json) -> Json:
    if isinstance(value, list):
        return [_known(each) for each in value]
    return None if isinstance(value, float) and np.isnan(value) else value


def _both(pair: tuple[float, float] | None) -> Json:
    return None if pair is None else list(pair)
