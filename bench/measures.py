"""10 million events in 2,000 sessions: replies, latency, turns and comfort together, against one sort of their starts."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from attunement.events import Events, split
from attunement.measures import Measures, measure_all
from attunement.schemes import Scheme, scheme

EVENTS, SESSIONS = 10_000_000, 2_000
CHILD_SHARE = 0.6
EVERY_MS = 3_000  # an event every three seconds: sessions of a bit over four hours
LONGEST_MS = 3_000
FOUR = ("replies", "latency", "turns", "comfort")
ROUNDS = 7  # the sort and the measures by turns, best of each: a busy machine slows both
GOAL = 6


def run() -> dict[str, object]:
    """Measures with the codes of both built-in schemes; answers with what script/bench writes."""
    found: dict[str, object] = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, one core",
        "events": EVENTS, "sessions": SESSIONS, "goal_ratio": GOAL,
        "compared_with": "numpy.sort of the start column (int64, ms from each session's beginning, session after session)",
        "measures": list(FOUR),
    }  # fmt: skip
    for name in ("attunement", "aclew"):
        found[name] = _measured(name)
    return found


def synthetic(by: Scheme, *, events: int = EVENTS, sessions: int = SESSIONS, seed: int = 20_240_229) -> Events:
    """Sorted events at random times, all signals and all acts of the scheme equally often: no easy case is picked."""
    rng = np.random.default_rng(seed)
    each = events // sessions
    is_child = rng.random(events) < CHILD_SHARE
    signals, acts = np.flatnonzero(by.is_signal), np.flatnonzero(by.is_act)
    code = np.where(is_child, rng.choice(signals, events), rng.choice(acts, events)).astype(np.int32)
    start = np.sort(rng.integers(0, each * EVERY_MS, (sessions, each)), axis=1).ravel()
    lengths = np.full(sessions, each * EVERY_MS + LONGEST_MS, np.int64)
    return Events(
        np.repeat(np.arange(sessions, dtype=np.int32), each), (~is_child).astype(np.int32), code,
        start, start + rng.integers(0, LONGEST_MS, events), tuple(map(str, range(sessions))), ("child", "caregiver"),
        by.ids, lengths, lengths,
    )  # fmt: skip


def _measured(name: str) -> dict[str, object]:
    by = scheme(name)
    events = synthetic(by)
    resident = _resident_mib()

    def four() -> Measures:
        return measure_all(events, by, only=FOUR, chance=False)

    rounds = [(*_seconds(lambda: np.sort(events.start)), *_seconds(four)) for _ in range(ROUNDS)]
    sort_s, sort_cpu_s, four_s, four_cpu_s = (min(times) for times in zip(*rounds, strict=True))
    peak_mib = _resident_mib() - resident
    alone_s, alone = _one_at_a_time(events, by)
    together = four()
    found: dict[str, object] = {
        "load": os.getloadavg()[0], "sort_s": sort_s, "together_s": four_s, "events_per_second": EVENTS / four_s,
        "ratio": four_s / sort_s, "sort_cpu_s": sort_cpu_s, "together_cpu_s": four_cpu_s,
        "cpu_ratio": four_cpu_s / sort_cpu_s,
        "peak_traced_mib": _peak_mib(four), "resident_growth_mib": peak_mib, "input_mib": _input_mib(events),
        "each_alone_ratio": {part: _best(lambda part=part: _one(events, by, part)) / sort_s for part in FOUR},
        "with_chance_of_replies_ratio": _best(lambda: measure_all(events, by, only=FOUR, rotations=0)) / sort_s,
        "one_session_at_a_time_s": alone_s, "one_at_a_time_ratio": alone_s / sort_s,
        "same_counts": _counts(together) == alone, "signals": _counts(together)[0],
    }  # fmt: skip
    _show(name, found)
    return found


def _one(events: Events, by: Scheme, part: str) -> Measures:
    return measure_all(events, by, only=(part,), chance=False)


def _one_at_a_time(events: Events, by: Scheme) -> tuple[float, list[int]]:
    """The very same function, called once a session."""
    parts = split(events)
    begun = time.perf_counter()
    each = [_counts(measure_all(part, by, only=FOUR, chance=False)) for part in parts]
    return time.perf_counter() - begun, [sum(column) for column in zip(*each, strict=True)]


def _counts(found: Measures) -> list[int]:
    assert found.replies and found.turns and found.comfort and found.latency
    total = found.replies.total
    return [
        total.signals, total.answered, total.late, total.misread, total.missed, found.turns.pairs or 0,
        found.turns.lena_like_count or 0, found.comfort.episodes, found.comfort.together, len(found.latency.times),
    ]  # fmt: skip


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """On the clock, and of this process alone: other work on the machine stretches the first more than the second."""
    begun, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - worked


def _best(work: Callable[[], object], *, rounds: int = 3) -> float:
    return min(_seconds(work)[0] for _ in range(rounds))


def _peak_mib(work: Callable[[], object]) -> float:
    """What the measures hold at most beyond the events themselves, in a run of its own: tracing is slow."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def _resident_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def _input_mib(events: Events) -> float:
    columns = (events.session, events.actor, events.code, events.start, events.end)
    return sum(column.nbytes for column in columns) / 2**20


def _show(name: str, found: dict[str, object]) -> None:
    print(f"{EVENTS:,} events, {SESSIONS:,} sessions, codes of “{name}”: {', '.join(FOUR)} together")
    print(f"  {found['together_s']:.2f} s, {found['events_per_second'] / 1e6:.1f} million events a second")
    print(
        f"  {found['ratio']:.1f} times one numpy.sort of the start column ({found['sort_s']:.3f} s); goal: at most {GOAL}"
    )
    print(f"  by processor time {found['cpu_ratio']:.1f} times; load of the machine {found['load']:.1f}")
    print(f"  with the chance level of replies: {found['with_chance_of_replies_ratio']:.1f} times")
    print(f"  peak memory {found['peak_traced_mib']:.0f} MiB beyond the {found['input_mib']:.0f} MiB of events")
    print(
        f"  one session at a time: {found['one_session_at_a_time_s']:.2f} s, {found['one_at_a_time_ratio']:.1f} times"
    )


if __name__ == "__main__":
    run()
