"""Measures of the exchange: about moments, never about a person; each carries its rule and its counts."""

from attunement.measures.as_json import as_json
from attunement.measures.comfort import Comfort, comfort
from attunement.measures.latency import Latency, latency
from attunement.measures.repair import Repair, repair
from attunement.measures.replies import Replies, Reply, Share, replies
from attunement.measures.rules import FEWEST, TIGHT_WINDOW_MS, WINDOW_MS, ReplyRule
from attunement.measures.states import State, States, states
from attunement.measures.together import NAMES, Measures, measure_all
from attunement.measures.turns import Chance, Turns, turns, turns_by_chance

__all__ = [
    "FEWEST", "NAMES", "TIGHT_WINDOW_MS", "WINDOW_MS", "Chance", "Comfort", "Latency", "Measures", "Repair", "Replies",
    "Reply", "ReplyRule", "Share", "State", "States", "Turns", "as_json", "comfort", "latency", "measure_all", "repair",
    "replies", "states", "turns", "turns_by_chance",
]  # fmt: skip
