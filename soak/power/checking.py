"""Opens what the disk holds after a cut, as the site would, and asks what is left."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from soak.crash.server import ProvesNothing
from soak.crash.storage import ROWS, sqlite
from soak.power import recording, stream
from soak.power.states import State, replayed, states

MEMORY = Path("/dev/shm")  # a folder that costs no disk, where there is one
FINDINGS = 10  # kept; the rest is only counted


@dataclass
class Found:
    """What the cuts of one or more recordings gave."""

    recordings: int = 0
    acknowledged: int = 0
    writes: int = 0
    syncs: int = 0
    folder_changes: int = 0
    checkpoints: int = 0  # syncs of the database file itself
    states: int = 0
    losing_states: int = 0
    most_lost: int = 0
    corrupt: int = 0
    unasked: int = 0  # states that hold a moment nobody sent
    different: int = 0  # states that are not simply the end: the cuts did cut
    findings: list[str] = field(default_factory=list)

    @property
    def unsound(self) -> int:
        return self.losing_states + self.corrupt + self.unasked

    def add(self, other: Found) -> Found:
        for name, value in vars(other).items():
            mine = getattr(self, name)
            setattr(self, name, max(mine, value) if name == "most_lost" else mine + value)
        self.findings = self.findings[:FINDINGS]
        return self


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording and its cuts; everything that decides how it goes."""

    journal: str
    plant: bool
    moments: int
    states: int
    seed: int
    port: int


def each_tried(trials: list[Trial]) -> list[tuple[Trial, Found]]:
    return [(trial, tried(trial)) for trial in trials]


def tried(trial: Trial) -> Found:
    with tempfile.TemporaryDirectory(prefix="attunement-power-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        made = recording.record(
            Path(folder), trial.journal, plant=trial.plant, moments=trial.moments, port=trial.port, seed=trial.seed
        )
        events = stream.events(made)
        _trust(made, events, trial)
        found = Found(recordings=1, acknowledged=len(made.acknowledged), **_counted(events))
        chance = random.Random(f"{trial.seed}/{trial.journal}")
        for state in states(made.before, events, trial.states, chance):
            _look(state, made, Path(folder), found, f"seed {trial.seed}, {trial.journal}, cut before event {state.at}")
        if found.different < trial.states // 2:
            raise ProvesNothing(f"only {found.different} of {trial.states} states differ from the end")
        return found


def _trust(made: recording.Recording, events: list[stream.Event], trial: Trial) -> None:
    """The recording is whole: it ends in the files the server left, and holds every answer that a phone was given."""
    end = replayed(made.before, events)
    differing = [name for name in recording.FILES if end.get(name) != made.after.get(name)]
    if differing:
        raise ProvesNothing(f"the replay does not end in the files that the server left: {differing}")
    answered = {id for event in events if isinstance(event, stream.Answer) for id in event.ids}
    if answered != made.acknowledged:
        raise ProvesNothing(
            f"{len(answered)} answers in the trace, {len(made.acknowledged)} that the phones were given"
        )
    used = _counted(events)
    if trial.journal == "wal" and not (
        used["checkpoints"] and any(_is_of(event, "db.sqlite3-wal") for event in events)
    ):
        raise ProvesNothing("the recording holds no checkpoint of a write-ahead log; more moments are needed")
    if trial.journal == "delete" and not any(isinstance(event, stream.Removed) for event in events):
        raise ProvesNothing("no journal was ever removed")


def _counted(events: Iterable[stream.Event]) -> dict[str, int]:
    kinds = [type(event) for event in events]
    return {
        "writes": kinds.count(stream.Write),
        "syncs": kinds.count(stream.Sync),
        "folder_changes": kinds.count(stream.Made) + kinds.count(stream.Removed),
        "checkpoints": sum(isinstance(event, stream.Sync) and event.file == "db.sqlite3" for event in events),
    }


def _is_of(event: stream.Event, file: str) -> bool:
    return isinstance(event, stream.Write) and event.file == file


def _look(state: State, made: recording.Recording, folder: Path, found: Found, place: str) -> None:
    damage, there = opened(state.files, folder)
    lost = [id for id in state.answered if UUID(id).hex not in there]
    unasked = there - {UUID(id).hex for id in made.sent}
    found.states += 1
    found.different += state.files != made.after
    found.losing_states += bool(lost)
    found.most_lost = max(found.most_lost, len(lost))
    found.corrupt += bool(damage)
    found.unasked += bool(unasked)
    if (lost or damage or unasked) and len(found.findings) < FINDINGS:
        said = damage[:1] or [
            f"{len(lost)} of {len(state.answered)} acknowledged lost, {len(unasked)} that nobody sent"
        ]
        found.findings.append(f"{place}: {said[0]}")


def opened(files: dict[str, bytes], folder: Path) -> tuple[list[str], set[str]]:
    """Signs of damage, and the moments that are there (as 32 digits), after SQLite has repaired what it can."""
    for name in recording.FILES:
        path = folder / name
        path.unlink(missing_ok=True)
        if name in files:
            path.write_bytes(files[name])
    (folder / "db.sqlite3-shm").unlink(missing_ok=True)  # memory that processes share; no disk holds it
    engine = sqlite()
    connection = engine.connect(folder / "db.sqlite3")
    try:
        connection.execute("PRAGMA synchronous=OFF")  # only of our own repair, whose file is thrown away
        there = {UUID(row[0]).hex for row in connection.execute(ROWS)}
        damage = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        return damage, there
    except engine.DatabaseError as error:
        return [str(error)], set()
    finally:
        connection.close()
