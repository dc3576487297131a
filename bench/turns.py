"""Counting turns and replies on a day and on a million segments, beside ChildProject's turn count of the same segments.

ChildProject is timed with the Python that ATTUNEMENT_PEERS names (it pins other libraries than ours); without one, our own
figures stand alone. Both count from segments that are in memory, one process, seconds of the processor: theirs from a data
frame of onset, offset and speaker to the number of turns (`simple_CTC`, one call for all rows; it has no count of replies),
ours from `Events` to the counts of each session (`turns`; `replies` without its chance level). The million are days one
after another: a session of ours, but not their one call, ends with its day.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from attunement.events import Events, events_from_rows
from attunement.measures import replies, turns
from attunement.measures.contingency import contingency
from attunement.schemes import scheme

DAY, MILLION = 5_452, 1_000_000  # speaker segments of a real day; and its like, longer
EVERY_MS = 10_000
GOALS = {DAY: 300, MILLION: 1_000}
ROTATIONS, GOAL_MS = 1_000, 100
PEER = """
import json, sys, time
import pandas as pd
from ChildProject.pipelines.metricsFunctions import simple_CTC
rows = pd.read_csv(sys.argv[1])
best = float("inf")
for _ in range(int(sys.argv[2])):
    began = time.process_time()
    count = simple_CTC(rows, 0)[1]
    best = min(best, time.process_time() - began)
print(json.dumps({"seconds": best, "pairs": int(count)}))
"""


def run() -> dict[str, object]:
    found: dict[str, object] = {
        "seconds": "of the processor, best of the rounds", "goal_ratios": {str(size): goal for size, goal in GOALS.items()}
    }  # fmt: skip
    for size in GOALS:
        found[str(size)] = _measured(size)
    day = _segments(DAY)
    seconds = _best(lambda: contingency(day, scheme("aclew"), permutations=ROTATIONS))
    print(f"{ROTATIONS:,} rotations of a day's {DAY:,} segments, every pair of tracks: {seconds * 1_000:.0f} ms")
    return found | {"rotations_of_a_day": {"rotations": ROTATIONS, "ms": round(seconds * 1_000, 1), "goal_ms": GOAL_MS}}


def _measured(size: int) -> dict[str, object]:
    events, by = _days(_segments(size)), scheme("aclew")
    ours = {
        "turns": _best(lambda: turns(events, by)),
        "replies": _best(lambda: replies(events, by, chance=False)),
    }
    peer = _peer(events)
    shown = "  ".join(f"{name} {seconds * 1_000:.2f} ms" for name, seconds in ours.items())
    ratios = {name: round(float(peer["seconds"]) / seconds) for name, seconds in ours.items()} if peer else {}
    print(f"{size:>9,} segments: {shown}" + (f"  ChildProject {float(peer['seconds']):.3f} s {ratios}" if peer else ""))
    return {"ours_s": ours, "childproject": peer, "ratios": ratios}


def _segments(size: int) -> Events:
    """Speaker segments as of a diarised day: child, woman, man, in turn by accident, seconds apart."""
    rng = np.random.default_rng(20_240_229)
    start = np.sort(rng.integers(0, size * EVERY_MS, size))
    end = np.minimum(start + rng.integers(300, 3_000, size), np.append(start[1:], start[-1] + 3_000))
    who = rng.choice(["child", "FA1", "MA1"], size, p=[0.4, 0.4, 0.2])
    code = np.where(who == "child", "vocalisation", "speech")
    rows = zip(who.tolist(), code.tolist(), start.tolist(), end.tolist(), strict=True)
    return events_from_rows(rows, codes=scheme("aclew").ids)


def _days(events: Events) -> Events:
    """The same segments, a session a day of them."""
    day = (np.arange(len(events)) // DAY).astype(np.int32)
    first = np.flatnonzero(np.diff(day, prepend=-1))
    since = events.start[first].take(day)
    start, end = events.start - since, events.end - since
    lengths = np.maximum.reduceat(end, first)
    names = tuple(f"day {number}" for number in range(len(first)))
    return Events(day, events.actor, events.code, start, end, names, events.actors, events.codes, lengths, lengths)


def _peer(events: Events) -> dict[str, float]:
    python = os.environ.get("ATTUNEMENT_PEERS")
    if not python:
        return {}
    kinds = np.array([{"child": "CHI", "FA1": "FEM", "MA1": "MAL"}[name] for name in events.actors])
    opens = events.offsets(EVERY_MS)[events.session]
    frame = pl.DataFrame(
        {
            "segment_onset": events.start + opens,
            "segment_offset": events.end + opens,
            "speaker_type": kinds[events.actor],
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "segments.csv")
        frame.write_csv(path)
        rounds = "5" if len(events) == DAY else "1"
        done = subprocess.run([python, "-c", PEER, str(path), rounds], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _best(measure: Callable[[], object], *, rounds: int = 25) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        measure()
        best = min(best, time.process_time() - began)
    return best
