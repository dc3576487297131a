"""The rule that a number is made by, printed with it; defaults with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from attunement.clock import SECOND
from attunement.errors import WrongUse
from attunement.events import Events
from attunement.moments.tracks import checked_window

WINDOW_MS = 5 * SECOND  # constants: bid_window_s
TIGHT_WINDOW_MS = 2 * SECOND  # constants: bid_window_tight_s
TURN_GAP_MS = 5 * SECOND  # constants: turn_gap_s
CALM_MS = 10 * SECOND  # in recordings: quiet this long is calm, so cries closer than this are one episode
STEP_MS = SECOND  # constants: microanalysis_step_s
FEWEST = 5  # of anything that a share or a median speaks of (Bakeman & Quera 2011: at least 5 of each act)

Plain = str | int | float | bool | None
Json = Plain | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class ReplyRule:
    """How replies are counted. `from_`: the window opens for good at the signal's "end", or at its "onset" only."""

    window_ms: int = WINDOW_MS
    from_: Literal["end", "onset"] = "end"
    overlap: bool = True
    reuse: bool = True
    calm_ms: int = CALM_MS
    caregiver: str | None = None

    def __post_init__(self) -> None:
        checked_window(self.window_ms)
        checked_window(self.calm_ms, "calm")
        if self.from_ not in ("end", "onset"):
            raise WrongUse(f"a window from the “{self.from_}”", remedy="use end or onset")

    def as_json(self) -> dict[str, Json]:
        return {
            "window_ms": self.window_ms, "from": self.from_, "overlap": self.overlap, "reuse": self.reuse,
            "upset_signals": f"no window: until {self.calm_ms} ms of quiet end the episode",
            "calm_ms": self.calm_ms, "caregiver": self.caregiver,
        }  # fmt: skip


def shown(rule: Mapping[str, Plain], observed_ms: int) -> dict[str, Json]:
    """The parameters beside a measure, with the time it rests on."""
    return {**rule, "observed_ms": observed_ms}


def check_caregiver(events: Events, name: str | None) -> None:
    if name is not None and name not in events.actors:
        raise WrongUse(f"nobody here is called “{name}”", remedy=f"known are {', '.join(events.actors)}")
