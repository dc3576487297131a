"""Measures of the exchange: about moments, never about a person; each carries its rule and its counts."""

from attunement.measures.agreement import Agreement, agreement
from attunement.measures.as_json import as_json
from attunement.measures.as_json_bonds import agreement_json
from attunement.measures.budgets import Budget, Budgets, budgets
from attunement.measures.comfort import Comfort, comfort
from attunement.measures.contingency import Contingency, contingency
from attunement.measures.lags import Lags, lags
from attunement.measures.latency import Latency, latency
from attunement.measures.lena import lena_count
from attunement.measures.repair import Repair, repair
from attunement.measures.replies import Replies, Reply, Share, replies
from attunement.measures.rules import FEWEST, TIGHT_WINDOW_MS, WINDOW_MS, ReplyRule
from attunement.measures.secure_base import SecureBase, secure_base
from attunement.measures.serve_return import ServeReturn, serve_return
from attunement.measures.states import State, States, states
from attunement.measures.synchrony import Synchrony, synchrony
from attunement.measures.together import NAMES, Measures, measure_all
from attunement.measures.transitions import Moves, Transitions, transitions
from attunement.measures.turns import Chance, Turns, turns, turns_by_chance

__all__ = [
    "FEWEST", "NAMES", "TIGHT_WINDOW_MS", "WINDOW_MS", "Agreement", "Budget", "Budgets", "Chance", "Comfort",
    "Contingency", "Lags", "Latency", "Measures", "Moves", "Repair", "Replies", "Reply", "ReplyRule", "SecureBase",
    "ServeReturn", "Share", "State", "States", "Synchrony", "Transitions", "Turns", "agreement", "agreement_json",
    "as_json", "budgets", "comfort", "contingency", "lags", "latency", "lena_count", "measure_all", "repair",
    "replies", "secure_base", "serve_return", "states", "synchrony", "transitions", "turns", "turns_by_chance",
]  # fmt: skip
