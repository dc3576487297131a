"""How child and caregivers are with each other, unit by unit: drawn in, away, or neither; as signed series."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from attunement.events import Bools, Ints
from attunement.moments.tracks import Tracks
from attunement.moments.units import Units
from attunement.schemes import Function, Scheme


@dataclass(frozen=True, slots=True, eq=False)
class _Signs:
    """(codes + 1,) each: which codes of whom count as plus, which as minus."""

    child: tuple[Bools, Bools]
    caregiver: tuple[Bools, Bools]


def series(block: Tracks, units: Units) -> tuple[Ints, Ints]:
    """The child's series and the caregivers', (units,) each, with the values -1, 0, 1.

    Child: plus in units that a signal to connect or to explore touches, minus in those of an upset signal or one for a
    break. Caregivers: plus in units that an act touches, minus in those of a noted miss. Plus and minus together are 0.
    """
    signs = _signs(block.scheme)
    both = (
        units.touched(block, np.flatnonzero(plus.take(block.code))).astype(np.int64)
        - units.touched(block, np.flatnonzero(minus.take(block.code)))
        for plus, minus in (signs.child, signs.caregiver)
    )
    child, caregiver = both
    return child, caregiver


@cache
def _signs(scheme: Scheme) -> _Signs:
    away = scheme.is_upset | scheme.with_function(Function.BREAK)
    drawn = (scheme.with_function(Function.CONNECT) | scheme.with_function(Function.EXPLORE)) & ~away
    missed = np.array([code.kind == "miss" for code in scheme.codes], np.bool_)
    masks = scheme.is_signal & drawn, scheme.is_signal & away, scheme.is_act, missed
    more = [np.append(mask, False) for mask in masks]
    return _Signs((more[0], more[1]), (more[2], more[3]))
