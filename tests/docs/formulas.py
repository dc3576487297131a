"""Which docstrings give the formulas of a measure, for the measures' page: each is written once, where it is computed."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module

FORMULAS = {
    "Replies": [
        "measures.replies:Share.share", "measures.replies:Share.interval", "stats.intervals:wilson",
        "stats.clusters:share_interval", "measures.replies:Replies.chance",
    ],
    "Latency": ["stats.survival:kaplan_meier", "stats.survival:quantiles"],
    "Turns": ["moments.sounds:talk", "measures.turns:turns_by_chance"],
    "Match and repair": [
        "measures.repair:Repair.match_share", "measures.repair:Repair.repairs_per_minute",
        "measures.repair:Repair.median_ms", "measures.repair:Repair.next_step",
    ],
    "Comfort": ["stats.survival:quantiles"],
    "States and counts": ["measures.states:State"],
    "Contingency": [
        "stats.two_by_two:TwoByTwo.odds_ratio", "measures.contingency:Contingency.log_odds_interval",
        "stats.clusters:log_odds_reach", "stats.two_by_two:TwoByTwo.yules_q", "stats.two_by_two:TwoByTwo.phi",
        "stats.two_by_two:TwoByTwo.risk_difference", "stats.two_by_two:TwoByTwo.adjusted_residual",
        "measures.contingency:Contingency.chance", "stats.shifts:p_value",
    ],
    "Event lags": [
        "measures.lags:Lags.probabilities", "stats.independence:Fit", "stats.independence:proportional",
        "stats.order:order_p",
    ],
    "Serve and return": [
        "measures.serve_return:ServeReturn.share", "measures.serve_return:ServeReturn.interval",
        "measures.serve_return:ServeReturn.rounds_per_exchange",
    ],
    "Secure base": [
        "measures.secure_base:SecureBase.check_backs_per_minute", "measures.secure_base:SecureBase.return_share",
    ],
    "Synchrony": ["measures.synchrony:synchrony"],
    "Transitions and time budgets": ["measures.transitions:Moves.probabilities", "measures.budgets:Budget"],
    "LENA's own count": ["measures.lena:lena_count"],
    "Agreement": [
        "stats.kappa:Kappa", "stats.kappa:kappa_of_units", "stats.kappa:kappa_of_events", "stats.kappa:kappa",
        "stats.alpha:alpha",
    ],
}  # fmt: skip
SIGNS = re.compile(r"[±Σ²√·]|sqrt|\bln\(|tanh|\bse\b|\) / \(")  # that only a formula has


def formulas(heading: str) -> Iterator[str]:
    if heading in FORMULAS:
        yield "Formulas:\n\n" + "\n".join(_shown(where) for where in FORMULAS[heading])


def docstring(where: str) -> str:
    """Of "module:name" or "module:class.name"; KeyError where nothing is said."""
    module, _, names = where.partition(":")
    found = import_module(f"attunement.{module}")
    for name in names.split("."):
        found = getattr(found, name)
    said = inspect.getdoc(found)
    if not said:
        raise KeyError(f"{where} has no docstring")
    return said


def _shown(where: str) -> str:
    """A bullet; paragraphs of the docstring follow each other in it."""
    name = where.partition(":")[2].rpartition(".")[2]
    return f"- `{name}`: " + " ".join(docstring(where).replace("*", r"\*").split())
