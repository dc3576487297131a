"""What BORIS codes: bouts of a subject, from a project or from an export, as a session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from attunement.clock import Span
from attunement.errors import Severity
from attunement.events import NONE, Index, Ints, Reading, Tier
from attunement.formats.notes import Notes
from attunement.formats.rows import Rows, reading, show_time

NO_SUBJECT = "No focal subject"
MODIFIERS, COMMENT = "modifiers", "comment"
MOST_MS = 2.0**53  # a time with more digits than any clock has; it becomes an issue like any other late one
POINT, START, STOP, STATE = range(4)  # what a press says; a state's begins it and ends it by turns

Key = tuple[str, str, str]  # subject, code, modifiers


@dataclass(frozen=True, slots=True, eq=False)
class Presses:
    """Columns (n,) of key presses, or of an export's rows. key: places in `keys`. number: of `word`, such as "line"."""

    keys: tuple[Key, ...]
    key: Index
    ms: Ints
    status: npt.NDArray[np.int8]
    comments: Sequence[tuple[str, ...]]
    word: str
    number: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Bouts:
    """Columns (n,). first, last: the presses that begin and end each."""

    first: Ints
    last: Ints
    start: Ints
    end: Ints


@dataclass(slots=True)
class Observation:
    """What is known of one observation beside its presses. observed: the stretch that it was limited to, if any."""

    name: str
    place: str
    notes: Notes = field(init=False)
    media: dict[str, None] = field(default_factory=dict)
    lasts_ms: int = 0  # as the file says; 0 where it does not
    observed: Span | None = None

    def __post_init__(self) -> None:
        self.notes = Notes(self.place)

    def note(self, code: str, place: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.notes.add(code, f"{self.place} {place}".strip(), message, severity)


def numbered(words: Iterable[Key]) -> tuple[tuple[Key, ...], Index]:
    """The different keys, in order of first use, and each one's place among them."""
    listed = list(words)
    known = {key: at for at, key in enumerate(dict.fromkeys(listed))}
    return tuple(known), np.fromiter(map(known.__getitem__, listed), np.int32, len(listed))


def milliseconds(seconds: npt.NDArray[np.float64]) -> Ints:
    return np.rint(np.clip(seconds, -MOST_MS / 1000, MOST_MS / 1000) * 1000).astype(np.int64)


def paired(presses: Presses, observation: Observation) -> Bouts:
    """The bouts of the presses by time; each state needs a beginning and an end."""
    time = np.argsort(presses.ms, kind="stable")
    status = presses.status[time]
    states = np.flatnonzero(status != POINT)
    states = states[np.argsort(presses.key[time[states]], kind="stable")]  # each key's by themselves, by time
    key, said = presses.key[time[states]], status[states]
    follows = np.append(False, key[1:] == key[:-1])[: len(key)]
    turn = np.arange(len(key)) - np.maximum.accumulate(np.where(follows, 0, np.arange(len(key))))
    opens = (said == START) | ((said == STATE) & (turn % 2 == 0))
    closes = np.append(follows[1:] & opens[:-1] & ~opens[1:], False)[: len(key)]  # whether the next one ends it
    ends = np.append(False, closes)[: len(key)]
    begin, end = states[closes], states[ends]
    alone = np.flatnonzero(~(closes | ends))
    # One is known to be alone when its key is pressed again, or else at the end.
    again = np.append(follows[1:], False)[: len(key)][alone]
    known = np.where(opens[alone], len(time) + states[alone], states[alone])
    known[again & opens[alone]] = states[alone[again & opens[alone]] + 1]
    for at in alone[np.argsort(known, kind="stable")].tolist():
        _say_unpaired(presses, int(time[states[at]]), bool(said[at] == STOP), observation)
    points = np.flatnonzero(status == POINT)
    order = np.argsort(np.concatenate([points, end]))
    first, last = (time[np.concatenate([points, one])[order]] for one in (begin, end))
    return Bouts(first, last, presses.ms[first], presses.ms[last])


def _say_unpaired(presses: Presses, at: int, ends: bool, observation: Observation) -> None:
    subject, code, modifiers = presses.keys[presses.key[at]]
    named = f"{code} ({modifiers})" if modifiers else code
    has = "an end and no beginning" if ends else "a beginning and no end"
    message = (
        f"“{named}” of {subject} at {show_time(int(presses.ms[at]))} has {has}, so one of its presses is missing and "
        "others may be turned round; that one is left out. In BORIS, Check state events finds it and Fix unpaired "
        "events closes it"
    )
    observation.note("state-unpaired", f"{presses.word} {presses.number[at]}", message, Severity.ERROR)


def session(observation: Observation, presses: Presses, bouts: Bouts, format: str) -> Reading:
    """Subjects are tiers, behaviours are values; modifiers and comments hang under their row."""
    used, key = _used(presses.keys, presses.key[bouts.first])
    told, ids = _told(presses, bouts), _ids(presses, bouts)
    row = np.array([row for row, _, _ in told], np.int64)
    tiers = [Tier(who, participant=who) for who in dict.fromkeys(who for who, _, _ in used)]
    for name in dict.fromkeys(tier for _, tier, _ in told):
        kind, _, above = name.partition("@")
        tiers.append(Tier(name, parent=above, kind=kind))
    values = tuple(dict.fromkeys([*(code for _, code, _ in used), *(said for _, _, said in told)]))
    tier_at, value_at = ({word: at for at, word in enumerate(words)} for words in ([one.name for one in tiers], values))
    tier, value = (
        np.append(np.array(of_keys, np.int32)[key], np.array(hung, np.int32)).astype(np.int32)
        for of_keys, hung in (
            ([tier_at[who] for who, _, _ in used], [tier_at[tier] for _, tier, _ in told]),
            ([value_at[code] for _, code, _ in used], [value_at[said] for _, _, said in told]),
        )
    )
    rows = Rows(
        tuple(tiers), values, tier, value, np.append(bouts.start, bouts.start[row]), np.append(bouts.end, bouts.end[row]),
        [*ids, *(f"{ids[at]} told {number}" for number, at in enumerate(row.tolist(), 1))],
        np.append(np.full(len(key), NONE), row).astype(np.int32),
    )  # fmt: skip
    # A subject may do several things at once, but none of them twice; what hangs under a row is a track of its own.
    track = np.append(key, len(used) + np.arange(len(told))).astype(np.int32)
    return reading(
        rows, name=observation.name, format=format, issues=observation.notes.issues(), media=tuple(observation.media),
        track=track, lasts_ms=observation.lasts_ms, observed=(observation.observed,) if observation.observed else (),
    )  # fmt: skip


def _used(keys: Sequence[Key], key: Index) -> tuple[list[Key], Index]:
    """The keys in use, in order of first use, and each row's place among them."""
    places, first, number = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return [keys[at] for at in places[order].tolist()], np.argsort(order).astype(np.int32)[number]


def _told(presses: Presses, bouts: Bouts) -> list[tuple[int, str, str]]:
    """The row, the tier and the words of each modifier and comment."""
    commented = np.fromiter(map(any, presses.comments), np.bool_, len(presses.comments))
    modified = np.array([bool(modifiers) for _, _, modifiers in presses.keys], np.bool_)[presses.key]
    told = []
    for row in np.flatnonzero((commented | modified)[bouts.first] | commented[bouts.last]).tolist():
        first, last = int(bouts.first[row]), int(bouts.last[row])
        who, _, modifiers = presses.keys[presses.key[first]]
        if modifiers:
            told.append((row, f"{MODIFIERS}@{who}", modifiers))
        comments = presses.comments[first] + (presses.comments[last] if last != first else ())
        told += [(row, f"{COMMENT}@{who}", comment) for comment in comments if comment]
    return told


def _ids(presses: Presses, bouts: Bouts) -> list[str]:
    first, last = presses.number[bouts.first].tolist(), presses.number[bouts.last].tolist()
    word = presses.word
    return [
        f"{word} {one}" if one == other else f"{word} {one} to {other}" for one, other in zip(first, last, strict=True)
    ]
