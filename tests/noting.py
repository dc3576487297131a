"""Writes a diary as short rows, for tests of what notes say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from attunement.events import NONE, Diary
from attunement.schemes import scheme

SCHEME = scheme("attunement")


def tapped(*moments: tuple, days: Sequence[int] | None = None) -> Diary:
    """A diary from (signal, acts, outcome, mended) rows, acts in one text; what is left out was not said."""
    full = [(*moment, *(None,) * (4 - len(moment))) for moment in moments]
    acts = [(row, place(act)) for row, moment in enumerate(full) for act in (moment[1] or "").split()]
    return Diary(
        day=column(range(len(full)) if days is None else days),
        signal=column(place(moment[0]) for moment in full),
        outcome=column(place(moment[2]) for moment in full),
        mended=column(NONE if moment[3] is None else moment[3] for moment in full),
        calm=column(NONE for _ in full),
        act_row=column(row for row, _ in acts),
        act_code=column(act for _, act in acts),
        codes=SCHEME.ids,
    )


def place(code: str | None) -> int:
    return SCHEME.at[code] if code else NONE


def column(values: Iterable[int]) -> np.ndarray:
    return np.array(list(values), np.int32)
