"""Made-up dyads and families whose truth is known: to test statistics and to teach; never fitted to anybody."""

from attunement.simulate.calls import Calls, CallsTruth, calls
from attunement.simulate.coders import Coders, coders
from attunement.simulate.diary import Family, FamilyTruth, SimulatedDiary, diary
from attunement.simulate.dyad import Dyad, Grown, crying_minutes, grow, separation_upset, wariness
from attunement.simulate.matching import Matching, MatchingTruth, matching
from attunement.simulate.paced import Paced, PacedTruth, paced
from attunement.simulate.simulated import Simulated
from attunement.simulate.talk import Talk, TalkTruth, talk
from attunement.simulate.upsets import ALONE, TOGETHER, UNRESOLVED, Upsets, UpsetsTruth, upsets
from attunement.simulate.waits import Lognormal, Uniform, Wait

__all__ = [
    "ALONE", "TOGETHER", "UNRESOLVED", "Calls", "CallsTruth", "Coders", "Dyad", "Family", "FamilyTruth", "Grown",
    "Lognormal", "Matching", "MatchingTruth", "Paced", "PacedTruth", "Simulated", "SimulatedDiary", "Talk", "TalkTruth",
    "Uniform", "Upsets", "UpsetsTruth", "Wait", "calls", "coders", "crying_minutes", "diary", "grow", "matching", "paced",
    "separation_upset", "talk", "upsets", "wariness",
]  # fmt: skip
