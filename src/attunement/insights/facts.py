"""What a diary holds, as plain counts, for choosing one thing to try; no share is made of them."""

from __future__ import annotations

from collections import Counter

import numpy as np

from attunement.events import Bools, Diary, Index
from attunement.moments.noted import TOPICS, Answer, Settled, Topic, read_noted
from attunement.schemes import Function, Scheme

FUNCTIONS = (Function.CONNECT, Function.COMFORT, Function.BREAK, Function.EXPLORE)
COUNTED_BY_READING = ("no-response", "turned-away-early")  # "missed" and "misread" say these: one moment, one count


def what_was_noted(diary: Diary, scheme: Scheme) -> Counter[str]:
    """Counts of what was noted; a key that is missing counts 0.

    Each signal, act and ending by its code. Of moments: moments; connect, comfort, break, explore (what the signal asked
    for) and open-<function> (of these, not answered and not mended); answered, late, misread, missed; mended; upset,
    upset-together, upset-alone, unsettled (upset signals, by ending); and each topic by its name ("goodbyes", "good").
    """
    noted = read_noted(diary, scheme)
    upset = _signals(diary, scheme, scheme.is_upset)
    still_open = (noted.answer > Answer.NOT_SAID) & (noted.answer < Answer.ANSWERED) & ~noted.mended
    masks = {
        "mended": noted.mended,
        "upset": upset,
        "upset-together": upset & (noted.settled == Settled.TOGETHER),
        "upset-alone": upset & (noted.settled == Settled.ALONE),
        "unsettled": upset & (noted.settled == Settled.UNRESOLVED),
    }
    masks |= {answer.name.lower(): noted.answer == answer for answer in Answer if answer is not Answer.NOT_SAID}
    masks |= {topic.value: noted.about(topic) for topic in TOPICS if topic is not Topic.OTHER}
    for function in FUNCTIONS:
        asked = _signals(diary, scheme, scheme.with_function(function))
        masks |= {function.value: asked, f"open-{function}": asked & still_open}
    codes = diary.codes or scheme.ids
    by_code = signals_noted(diary, scheme) + acts_noted(diary, scheme) + _by_code(diary.outcome, codes)
    found = Counter({key: int(np.count_nonzero(mask)) for key, mask in masks.items()}) + by_code
    found["moments"] = len(diary)
    return Counter({key: count for key, count in found.items() if count and key not in COUNTED_BY_READING})


def signals_noted(diary: Diary, scheme: Scheme) -> Counter[str]:
    """How often each signal was noted, by code."""
    return _by_code(diary.signal, diary.codes or scheme.ids)


def acts_noted(diary: Diary, scheme: Scheme, *, after: str | None = None) -> Counter[str]:
    """How often each act was noted, by code; with `after`, only those that followed this signal."""
    codes = diary.codes or scheme.ids
    if after is None:
        return _by_code(diary.act_code, codes)
    place = codes.index(after) if after in codes else len(codes)
    return _by_code(diary.act_code[diary.signal[diary.act_row] == place], codes)


def _signals(diary: Diary, scheme: Scheme, mask: Bools) -> Bools:
    """Which moments have a signal of the mask (codes,)."""
    asks = [bool(mask[scheme.at[code]]) for code in diary.codes or scheme.ids]
    return np.array([*asks, False])[diary.signal]  # NONE finds the last


def _by_code(column: Index, codes: tuple[str, ...]) -> Counter[str]:
    counts = np.bincount(column[column >= 0], minlength=len(codes)).tolist()
    return Counter({code: count for code, count in zip(codes, counts, strict=True) if count})
