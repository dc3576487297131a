"""Cautious sentences as values: code, facts, basis, silence. The words live in the site's templates."""

from attunement.insights.adding_up import SUMMED_UP, adds_up, tally
from attunement.insights.change import change
from attunement.insights.choices import Choices, fitting_acts, likely_outcomes, usual_signals
from attunement.insights.facts import acts_noted, signals_noted, what_was_noted
from attunement.insights.insight import Basis, Counts, Dot, Insight
from attunement.insights.silence import Audience, Tally, Voice
from attunement.insights.week import Week, this_week

__all__ = [
    "SUMMED_UP", "Audience", "Basis", "Choices", "Counts", "Dot", "Insight", "Tally", "Voice", "Week", "acts_noted",
    "adds_up", "change", "fitting_acts", "likely_outcomes", "signals_noted", "tally", "this_week", "usual_signals",
    "what_was_noted",
]  # fmt: skip
