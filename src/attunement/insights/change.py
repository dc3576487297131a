"""Whether something has changed between two periods; most of the time the honest answer is that we cannot tell."""

from __future__ import annotations

from attunement.constants import number
from attunement.insights.silence import Tally, Voice
from attunement.stats.beta import chance_larger


def change(before: Tally, after: Tally) -> str:
    """`more-often`, `less-often` or `no-clear-change`, from the effective counts of both periods.

    A change is said when the 95 % interval of the difference leaves out zero: the chance that the second share is larger
    (or smaller), each Beta(1, 1) after its counts, is at least .975. So periods that do not differ seem to in about one
    comparison of twenty. Silent periods never show a change.
    """
    if Voice.SILENT in (before.voice("caregiver"), after.voice("caregiver")):
        return "no-clear-change"
    sure = (1 + number("show_change_posterior")) / 2
    larger = chance_larger((before.k_eff, before.n_eff), (after.k_eff, after.n_eff))
    return "more-often" if larger >= sure else "less-often" if 1 - larger >= sure else "no-clear-change"
