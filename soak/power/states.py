"""What a disk may hold after a cut: everything synced, and of the rest any part.

A write that was not synced may be there, missing, or torn at sectors of 512 bytes; a file's new length goes the same way.
Of the changes to the folder a prefix is there. This is harsher than most file systems and drives.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from soak.crash.server import ProvesNothing
from soak.power.stream import Answer, Cut, Event, Made, Removed, Sync, Write

SECTOR = 512
KEEPS = (0.0, 0.5, 0.9, 1.0)  # how likely a write that was not synced is there: none, some, most, all
TORN = 0.3  # of those in question


@dataclass
class File:
    """One file, which keeps its identity when its name is taken away."""

    synced: bytearray
    waiting: list[Write | Cut] = field(default_factory=list)

    def sync(self, began: int) -> None:
        """Covers what had returned when the sync began."""
        for change in self.waiting:
            if change.done < began:
                apply(self.synced, change)
        self.waiting = [change for change in self.waiting if change.done >= began]

    def after_cut(self, chance: random.Random) -> bytes:
        keep, content = chance.choice(KEEPS), bytearray(self.synced)
        for change in self.waiting:
            for part in _part(change, keep, chance):
                apply(content, part)
        return bytes(content)


@dataclass
class Disk:
    """The folder: its names as synced, the changes to them that are not, and the files."""

    names: dict[str, File]
    waiting: list[tuple[Made | Removed, File]] = field(default_factory=list)
    now: dict[str, File] = field(init=False)

    def __post_init__(self) -> None:
        self.now = dict(self.names)

    def take(self, event: Event) -> None:
        if isinstance(event, Made):
            if event.file not in self.now:
                self.now[event.file] = File(bytearray())
                self.waiting.append((event, self.now[event.file]))
        elif isinstance(event, Removed):
            self.waiting.append((event, self.now.pop(event.file)))
        elif isinstance(event, Sync):
            self._sync(event)
        elif not isinstance(event, Answer):
            self.now[event.file].waiting.append(event)

    def _sync(self, event: Sync) -> None:
        if event.file:
            self.now[event.file].sync(event.began)
            return
        self.names = _changed(self.names, [each for each in self.waiting if each[0].done < event.began])
        self.waiting = [each for each in self.waiting if each[0].done >= event.began]

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        prefix = self.waiting[: chance.randint(0, len(self.waiting))]
        return {name: file.after_cut(chance) for name, file in _changed(self.names, prefix).items()}

    def as_seen(self) -> dict[str, bytes]:
        """What a process sees: every change made."""
        seen = {}
        for name, file in self.now.items():
            content = bytearray(file.synced)
            for change in file.waiting:
                apply(content, change)
            seen[name] = bytes(content)
        return seen


@dataclass(frozen=True, slots=True)
class State:
    """After a cut before event `at`: the files, and how many answers had gone out."""

    at: int
    files: dict[str, bytes]
    answered: frozenset[str]


def states(before: dict[str, bytes], found: list[Event], count: int, chance: random.Random) -> Iterator[State]:
    """Cuts spread over the whole recording, a third of them right after an answer, where a promise is youngest."""
    first = next((place for place, event in enumerate(found) if isinstance(event, Answer)), None)
    if first is None:
        raise ProvesNothing("the recording holds no answer")
    young = [place + 1 for place, event in enumerate(found) if isinstance(event, Answer)]
    cuts = sorted(
        chance.choice(young) if chance.random() < 1 / 3 else chance.randint(0, len(found)) for _ in range(count)
    )
    disk, answered, place = _disk(before), frozenset[str](), 0
    for cut in cuts:
        for event in found[place:cut]:
            disk.take(event)
            if isinstance(event, Answer):
                answered |= set(event.ids)
        place = cut
        yield State(cut, disk.after_cut(chance), answered)


def replayed(before: dict[str, bytes], found: list[Event]) -> dict[str, bytes]:
    """All of it, without a cut: has to be what the server left."""
    disk = _disk(before)
    for event in found:
        disk.take(event)
    return disk.as_seen()


def _disk(before: dict[str, bytes]) -> Disk:
    return Disk({name: File(bytearray(content)) for name, content in before.items()})


def _changed(names: dict[str, File], changes: list[tuple[Made | Removed, File]]) -> dict[str, File]:
    changed = dict(names)
    for change, file in changes:
        if isinstance(change, Made):
            changed[change.file] = file
        else:
            changed.pop(change.file, None)
    return changed


def apply(content: bytearray, change: Write | Cut) -> None:
    size = change.size if isinstance(change, Cut) else change.at
    if size > len(content):
        content.extend(bytes(size - len(content)))
    if isinstance(change, Cut):
        del content[size:]
    else:
        content[size : size + len(change.content)] = change.content


def _part(change: Write | Cut, keep: float, chance: random.Random) -> Iterator[Write | Cut]:
    """The change, a part of it, or nothing."""
    if isinstance(change, Write) and 0 < keep < 1 and chance.random() < TORN:
        for start, end in _sectors(change):
            if chance.random() < 0.5:
                yield Write(change.file, change.at + start, change.content[start:end])
    elif chance.random() < keep:
        yield change


def _sectors(change: Write) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(change.content):
        end = min(start + SECTOR - (change.at + start) % SECTOR, len(change.content))
        yield start, end
        start = end
