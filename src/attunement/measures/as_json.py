"""Measures under the project's JSON keys; null where it is too little to say, or the scheme cannot tell."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from attunement.measures.as_json_bonds import (
    budgets_json,
    contingency_json,
    lags_json,
    secure_base_json,
    serve_return_json,
    synchrony_json,
    transitions_json,
)  # fmt: skip
from attunement.measures.comfort import Comfort
from attunement.measures.latency import Latency
from attunement.measures.repair import Repair
from attunement.measures.replies import Replies
from attunement.measures.rules import FEWEST, Json
from attunement.measures.secure_base import exploring
from attunement.measures.states import States
from attunement.measures.together import Measures
from attunement.measures.turns import Turns


def as_json(measures: Measures) -> dict[str, Json]:
    """One object a measure that was asked for; every one with its parameters, the observed time among them."""
    scheme = measures.scheme
    found: dict[str, Json] = {}
    if measures.replies is not None:
        found["replies"] = _known(_replies(measures.replies), bool(scheme.is_signal.any()))
    if measures.latency is not None:
        found["latency"] = _known(_latency(measures.latency), bool(scheme.is_signal.any()))
    if measures.turns is not None:
        found["turns"] = _known(_turns(measures.turns), bool(scheme.is_sound.any()))
    if measures.repair is not None:
        found["repair"] = _known(_repair(measures.repair), bool(scheme.matches.any()))
    if measures.comfort is not None:
        found["comfort"] = _known(_comfort(measures.comfort), bool(scheme.is_upset.any()))
    if measures.states is not None:
        found["states"] = _states(measures.states)
    return found | _bonds(measures)


def _bonds(measures: Measures) -> dict[str, Json]:
    scheme = measures.scheme
    answers = bool(scheme.is_signal.any() and scheme.is_act.any())
    found: dict[str, Json] = {}
    if measures.contingency is not None:
        found["contingency"] = contingency_json(measures.contingency) if answers else None
    if measures.lags is not None:
        found["lags"] = _known(lags_json(measures.lags), answers)
    if measures.serve_return is not None:
        found["serve_return"] = _known(serve_return_json(measures.serve_return), answers)
    if measures.secure_base is not None:
        found["secure_base"] = _known(secure_base_json(measures.secure_base), bool(exploring(scheme).any()))
    if measures.synchrony is not None:
        found["synchrony"] = _known(synchrony_json(measures.synchrony), answers)
    if measures.transitions is not None:
        found["transitions"] = transitions_json(measures.transitions)
    if measures.budgets is not None:
        found["budgets"] = budgets_json(measures.budgets)
    return found


def _known(measure: dict[str, Json], told: bool) -> dict[str, Json]:
    """The measure itself, or only its rule where the scheme has no code that it speaks of."""
    return measure if told else {key: value if key == "parameters" else None for key, value in measure.items()}


def _replies(found: Replies) -> dict[str, Json]:
    total = found.total
    return {
        "parameters": {**found.rule.as_json(), "observed_ms": found.observed_ms, "fewest": FEWEST},
        "signals": total.signals, "answered": total.answered, "late": total.late, "misread": total.misread,
        "missed": total.missed, "share": total.share, "interval": _pair(total.interval), "chance": found.chance,
    }  # fmt: skip


def _latency(found: Latency) -> dict[str, Json]:
    parameters: dict[str, Json] = {
        "from": "the end of a sound, the onset of any other signal", "to": "the first fitting act",
        "censored": "by the next signal or the end", "upset_signals": "left out",
        "signals": len(found.times), "answered": int(np.count_nonzero(found.seen)),
        "caregiver": found.caregiver, "observed_ms": found.observed_ms, "fewest": FEWEST,
    }  # fmt: skip
    return {"parameters": parameters, "median_ms": found.median_ms, "quartiles_ms": _pair(found.quartiles_ms)}


def _turns(found: Turns) -> dict[str, Json]:
    number = found.conversations
    said: Json = None if number is None else {
        "number": number,
        "opened_by_child": int(np.count_nonzero(found.opened_by_child)),
        "median_turns": float(np.median(found.turns)) if number >= FEWEST else None,
        "median_ms": float(np.median(found.length_ms)) if number >= FEWEST else None,
    }  # fmt: skip
    chance: Json = None if found.chance is None or number is None else dict(asdict(found.chance))
    parameters: dict[str, Json] = {
        "gap_ms": found.gap_ms, "ends": "from the end of one sound to the onset of the next", "overlap": True,
        "sounds": found.sounds, "observed_ms": found.observed_ms, "fewest": FEWEST,
    }  # fmt: skip
    return {
        "parameters": parameters, "pairs": found.pairs, "lena_count": found.lena_count,
        "lena_like_count": found.lena_like_count, "conversations": said, "chance": chance,
    }  # fmt: skip


def _repair(found: Repair) -> dict[str, Json]:
    parameters: dict[str, Json] = {
        "of": "time in which both are in a coded state", "both_ms": found.both_ms, "match_ms": found.match_ms,
        "repairs": found.repairs, "step_ms": found.step_ms, "next_step": found.next_step,
        "observed_ms": found.observed_ms, "fewest": FEWEST,
    }  # fmt: skip
    return {
        "parameters": parameters, "match_share": found.match_share, "repairs_per_minute": found.repairs_per_minute,
        "median_ms": found.median_ms,
    }  # fmt: skip


def _comfort(found: Comfort) -> dict[str, Json]:
    parameters: dict[str, Json] = {
        "calm_ms": found.calm_ms, "median_of": "time from the first comforting act to quiet",
        "to_comfort_median_ms": found.to_comfort.median_ms, "caregiver": found.caregiver,
        "observed_ms": found.observed_ms, "fewest": FEWEST,
    }  # fmt: skip
    return {
        "parameters": parameters, "episodes": found.episodes, "together": found.together, "alone": found.alone,
        "unresolved": found.unresolved, "median_ms": found.median_ms,
    }  # fmt: skip


def _states(found: States) -> dict[str, Json]:
    return {actor: {code: dict(asdict(state)) for code, state in codes.items()} for actor, codes in found.by.items()}


def _pair(both: tuple[float | None, float | None] | None) -> Json:
    return None if both is None or both == (None, None) else list(both)
