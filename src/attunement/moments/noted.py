"""How one noted moment reads: answered, late, misread or missed, whether it was mended, what it was about.

The rule, kept deliberately kind and simple, because a diary holds taps and not a recording:

1. No act noted is *not said*. It is never counted as a miss: people stop a note half-way.
2. `no-response` reads as missed, `late-response` as late, every other noted miss as misread.
3. An act that fits the signal (`Scheme.fits`) reads as answered. One that does not fit by its function reads as
   answered too when the moment ended well (`Endings.good`): what counts is how it ended. Otherwise it is misread.
4. Of several acts the best reading stands. The order of taps is not known, so it plays no part.
5. A moment is mended when the caregiver said so; or, unless she said "not yet", when a miss stands beside an answer,
   an act that mends was noted (`Endings.mends`), or a late answer ended well.
6. A moment belongs to one topic. A goodbye act, or a child who follows to the door, makes it a goodbye; an upset signal
   asks for comfort; break and explore signals are their own; all other signals are calls. No signal: a good moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt

from attunement.errors import WrongUse
from attunement.events import NONE, Bools, Diary, Index
from attunement.schemes import Function, Scheme

Marks = npt.NDArray[np.int8]

# Codes of the `attunement` scheme whose meaning is more than their kind.
MISSED_CODES = frozenset({"no-response"})
LATE_CODES = frozenset({"late-response"})
GREETING_CODES = frozenset({"goodbye-and-hello"})
GOODBYE_CODES = GREETING_CODES | {"left-without-bye", "follow"}  # `follow`: goes after a departing caregiver


class Answer(IntEnum):
    """How the signal was answered, from least to best."""

    NOT_SAID = 0
    MISSED = 1
    MISREAD = 2
    LATE = 3
    ANSWERED = 4


class Settled(IntEnum):
    """How an upset ended."""

    UNKNOWN = 0
    TOGETHER = 1
    ALONE = 2
    UNRESOLVED = 3


class Topic(StrEnum):
    """What a moment was about; each moment has one."""

    UPSET = "upset-and-comfort"
    CALLS = "calls-and-answers"
    BREAKS = "breaks"
    EXPLORING = "exploring"
    GOODBYES = "goodbyes"
    GOOD = "good"  # just a good moment: no signal noted, nothing missed
    OTHER = "other"  # no signal noted, but something was missed or stayed upset


TOPICS = tuple(Topic)
_TOPIC_OF = {Function.BREAK: Topic.BREAKS, Function.EXPLORE: Topic.EXPLORING}


@dataclass(frozen=True, slots=True, eq=False)
class Noted:
    """The reading of a diary, one row a moment, in the diary's order.

    day: (n,) as in the diary. answer, settled: (n,) values of `Answer`, `Settled`. mended: (n,).
    topic: (n,) index into TOPICS.
    """

    day: Index
    answer: Marks
    mended: Bools
    topic: Marks
    settled: Marks

    def __len__(self) -> int:
        return len(self.day)

    def about(self, topic: Topic) -> Bools:
        """Mask (n,) of the moments of one topic."""
        return np.asarray(self.topic == TOPICS.index(topic))


def read_noted(diary: Diary, scheme: Scheme) -> Noted:
    """Each moment of `diary` by the rule at the top of this file. Raises WrongUse for codes unknown to the scheme."""
    place = _places(diary, scheme)
    signal, outcome, act = place.take(diary.signal), place.take(diary.outcome), place.take(diary.act_code)
    row, has_signal = diary.act_row, signal != NONE
    ended_well = _in(scheme.among(scheme.endings.good), outcome)
    greeted = _in(scheme.among(GREETING_CODES), act)

    reading, responds = _by_kind(scheme).take(act), _in(scheme.is_act, act)
    fits = has_signal.take(row) & scheme.fits.ravel().take(signal.take(row) * len(scheme.codes) + act)
    reading[(responds & (fits | ended_well.take(row))) | greeted] = Answer.ANSWERED
    answer = np.zeros(len(diary), np.int8)
    np.maximum.at(answer, row, reading)

    missed = _any(row, _in(_misses(scheme), act), len(diary))
    mends = _any(row, _in(scheme.among(scheme.endings.mends), act), len(diary))
    likely = mends | (missed & (answer == Answer.ANSWERED)) | ((answer == Answer.LATE) & ended_well)
    mended = (diary.mended == 1) | (likely & (diary.mended == NONE))

    settled = _settled(scheme).take(outcome)
    goodbye = _any(row, _in(scheme.among(GOODBYE_CODES), act), len(diary))
    topic = _topics(scheme).take(signal)
    topic[~has_signal & (missed | (settled == Settled.UNRESOLVED))] = TOPICS.index(Topic.OTHER)
    topic[goodbye] = TOPICS.index(Topic.GOODBYES)
    answer[~has_signal & ~goodbye] = Answer.NOT_SAID  # nothing was asked, so nothing was answered or missed
    return Noted(diary.day, answer, mended, topic, settled)


def between(diary: Diary, first: int, last: int) -> Diary:
    """The moments of the days `first` to `last`, both included, as days since 1970-01-01."""
    keep = np.asarray((diary.day >= first) & (diary.day <= last))
    acts, landed = keep[diary.act_row], np.cumsum(keep, dtype=np.int32) - np.int32(1)
    return Diary(
        diary.day[keep], diary.signal[keep], diary.outcome[keep], diary.mended[keep], diary.calm[keep],
        landed[diary.act_row[acts]], diary.act_code[acts], diary.codes,
    )  # fmt: skip


def _places(diary: Diary, scheme: Scheme) -> Index:
    """Where each code of the diary stands in the scheme; one more row at the end, which NONE finds."""
    unknown = [code for code in diary.codes if code not in scheme.at]
    if unknown:
        raise WrongUse(
            f"the diary has “{unknown[0]}”, which “{scheme.name}” does not", remedy="read it with its scheme"
        )
    return np.array([scheme.at[code] for code in diary.codes or scheme.ids] + [NONE], np.int32)


def _in(mask: Bools, codes: Index) -> Bools:
    """Which of `codes` are in the mask; NONE is in none."""
    return np.append(mask, False).take(codes)


def _any(row: Index, mask: Bools, moments: int) -> Bools:
    found = np.zeros(moments, np.bool_)
    found[row.compress(mask)] = True
    return found


def _misses(scheme: Scheme) -> Bools:
    return np.array([code.kind == "miss" for code in scheme.codes], np.bool_)


def _by_kind(scheme: Scheme) -> Marks:
    """What an act says by itself, (codes + 1,): before we ask whether it fits."""
    marks = np.where(_misses(scheme) | scheme.is_act, Answer.MISREAD, Answer.NOT_SAID)
    marks[scheme.among(MISSED_CODES)] = Answer.MISSED
    marks[scheme.among(LATE_CODES)] = Answer.LATE
    return np.append(marks, Answer.NOT_SAID).astype(np.int8)


def _settled(scheme: Scheme) -> Marks:
    marks = np.zeros(len(scheme.codes) + 1, np.int8)
    named = {
        Settled.TOGETHER: scheme.endings.settled_together,
        Settled.ALONE: scheme.endings.settled_alone,
        Settled.UNRESOLVED: scheme.endings.unresolved,
    }
    for settled, codes in named.items():
        marks[:-1][scheme.among(codes)] = settled
    return marks


def _topics(scheme: Scheme) -> Marks:
    """The topic of each code as a signal, (codes + 1,); the last row is for no signal."""
    topics = [
        Topic.GOODBYES if code.id in GOODBYE_CODES
        else Topic.UPSET if code.upset
        else _TOPIC_OF.get(code.function, Topic.CALLS) if code.function else Topic.OTHER
        for code in scheme.codes
    ]  # fmt: skip
    return np.array([TOPICS.index(topic) for topic in [*topics, Topic.GOOD]], np.int8)
