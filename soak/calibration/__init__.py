"""Are our statistics right about made-up dyads whose truth is known? Tests run it short, `script/soak calibration` long."""

from collections.abc import Callable, Iterator

from soak.calibration.coded import (
    endings,
    match_and_repair,
    replies_by_chance,
    replies_intervals,
    talk_counts,
    turns_by_chance,
    waiting,
)
from soak.calibration.contingent import log_odds, rotation_p
from soak.calibration.found import Found
from soak.calibration.notes import bands, false_changes, six_in_ten

CHECKS: tuple[Callable[[int], Iterator[Found]], ...] = (
    replies_intervals, replies_by_chance, turns_by_chance, talk_counts, waiting, match_and_repair, endings,
    log_odds,
    rotation_p,
    six_in_ten, bands, false_changes,
)  # fmt: skip
