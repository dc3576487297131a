"""Corpora for tests: random sessions as a table, recordings as files, and parts that go wrong."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from attunement.corpus.files import FilesPart
from attunement.corpus.parts import Found, Rule
from attunement.events import Events, events_from_rows, join
from attunement.schemes import Scheme, scheme

VISIT = """tier,value,start_ms,end_ms
child,coo,1000,1800
parent,talk,2500,3500
child,coo,6000,6400
parent,talk,20000,21000
child,cry,30000,34000
parent,rock,33000,36000
child,look-away,50000,50000
parent,give-space,51000,53000
child,coo,60000,60500
parent,talk,60800,61500
"""


def random_sessions(by: Scheme, sizes: Sequence[int], *, seed: int = 7) -> Events:
    """Sessions of `sizes` events: few codes, so that a lot happens; ties, points and overlaps."""
    rng = np.random.default_rng(seed)
    kinds = (by.is_signal & ~by.is_upset, by.is_upset, by.is_act, by.is_sound)
    codes = [by.ids[at] for mask in kinds for at in np.flatnonzero(mask)[:3]]
    return join([_session(f"{at:03}", size, codes, by, rng) for at, size in enumerate(sizes)])


def _session(name: str, size: int, codes: list[str], by: Scheme, rng: np.random.Generator) -> Events:
    start = rng.integers(0, 900 * size + 1, size) // 100 * 100
    length = rng.integers(0, 40, size) * 100
    rows = [
        (by[code].role, code, int(begins), int(begins + lasts))
        for code, begins, lasts in zip(rng.choice(codes, size), start, length, strict=True)
    ]
    return events_from_rows(rows, name=name, duration_ms=900 * size + 5_000, codes=by.ids)


def as_table(events: Events) -> pl.DataFrame:
    """One row an event; `child` and `visit` tell the sessions apart, `duration_ms` how long each was."""
    return pl.DataFrame({
        "child": [f"c{at // 2}" for at in events.session], "visit": events.session % 2,
        "actor": [events.actors[at] for at in events.actor], "code": [events.codes[at] for at in events.code],
        "start_ms": events.start, "end_ms": events.end, "duration_ms": events.duration_ms[events.session],
    })  # fmt: skip


def some_events(sessions: int = 40) -> Events:
    sizes = np.random.default_rng(3).integers(1, 80, sessions)
    return random_sessions(scheme("attunement"), sizes.tolist())


def recordings(folder: Path, many: int = 12) -> Path:
    """A folder of visits, each a bit longer than the one before; one is cut off, one is no recording, one is unknown."""
    folder.mkdir(exist_ok=True)
    for at in range(many):
        more = "".join(
            f"child,coo,{70_000 + 9_000 * n},{70_500 + 9_000 * n}\nparent,talk,{71_000 + 9_000 * n + 200 * at},"
            f"{72_000 + 9_000 * n + 200 * at}\n"
            for n in range(at)
        )
        (folder / f"visit{at:02}.csv").write_text(VISIT + more, encoding="utf-8")
    (folder / "torn.eaf").write_text('<?xml version="1.0"?><ANNOTATION_DOCUMENT><TIME_OR', encoding="utf-8")
    (folder / "zeros.csv").write_bytes(b"\0" * 100)
    (folder / "strange.csv").write_text(
        "tier,value,start_ms,end_ms\nx,hop,0,10\nx,skip,20,30\nx,hop,40,50\n", encoding="utf-8"
    )
    return folder


@dataclass(frozen=True, slots=True)
class EndsTheProcess(FilesPart):
    """Ends the process that measures it, once a file is named so."""

    def measure(self, rule: Rule) -> Found:
        if any("deadly" in item.name for item in self.items):
            os._exit(9)
        return FilesPart(self.items).measure(rule)

    def alone(self) -> Sequence[EndsTheProcess]:
        return [EndsTheProcess((item,)) for item in self.items]
