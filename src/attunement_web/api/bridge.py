"""What the API asks of the library: which codes there are."""

from __future__ import annotations

from attunement_web.diary import bridge

SIGNALS = tuple(sorted(bridge.known("signal")))
ACTS = tuple(sorted(bridge.known("act", "miss")))
OUTCOMES = tuple(sorted(bridge.known("outcome")))
