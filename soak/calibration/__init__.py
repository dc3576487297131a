"""Are our statistics right about made-up dyads whose truth is known? Tests run it short, `script/soak calibration` long."""

from collections.abc import Callable, Iterator

from soak.calibration import coded, contingent, notes, orders, two_coders
from soak.calibration.found import Found

CHECKS: tuple[Callable[[int], Iterator[Found]], ...] = (
    coded.replies_intervals, coded.replies_by_chance, coded.returns_intervals, coded.turns_by_chance, coded.talk_counts,
    coded.waiting, coded.match_and_repair, coded.endings, contingent.log_odds, contingent.rotation_p,
    contingent.synchrony_p, orders.lags_p, two_coders.tallies, two_coders.recordings, notes.six_in_ten, notes.bands,
    notes.false_changes,
)  # fmt: skip
