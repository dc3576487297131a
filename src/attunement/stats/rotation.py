"""What two tracks would give by accident: the exact mean over every rotation of one of them, without rotating."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Groups = npt.NDArray[np.integer]

_BITS = 32  # for lengths: 2**32 ms are 49 days


def circle_gaps(times: Ints, group: Groups, around: Ints) -> Ints:
    """The time before each target since the last one of its group, (n,), round a circle of length `around` (groups,).

    times, group: (n,) by group, then by time.
    """
    if not len(times):
        return np.empty(0, np.int64)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    last = np.append(first[1:], len(times)) - 1
    gaps = np.diff(times, prepend=times[0])
    gaps[first] = around[group[first]] - (times[last] - times[first])
    return np.maximum(gaps, 0)


def overlaps(gaps: Ints, gap_group: Groups, reaches: Ints, reach_group: Groups, groups: int) -> Ints:
    """For each group (groups,), the sum over its reaches r and its gaps g of min(g, r); lengths below 2**32.

    A target falls within r of a random moment of a circle of length T with the chance (sum over g of min(g, r)) / T,
    g being the gaps before the targets. Summed over the reaches, that is the expected number of hits times T.
    """
    total = np.zeros(groups, np.int64)
    if not len(gaps) or not len(reaches):
        return total
    longest = int(reaches.max())
    asked = (reach_group.astype(np.int64) << (_BITS + 1)) | (reaches << 1) | 1
    there = (gap_group.astype(np.int64) << (_BITS + 1)) | (np.minimum(gaps, longest) << 1)
    line = np.sort(np.concatenate([there, asked]))  # by group, then by length, a gap before a reach as long

    is_reach = (line & 1).astype(np.bool_)
    length = (line >> 1) & ((1 << _BITS) - 1)
    passed = np.cumsum(~is_reach, dtype=np.int64)  # gaps so far, over all groups
    summed = np.cumsum(np.where(is_reach, 0, length))
    at = np.flatnonzero(is_reach)
    group = line[at] >> (_BITS + 1)
    last = np.cumsum(np.bincount(gap_group, minlength=groups))  # gaps up to and with each group
    before = np.cumsum(np.append(0, np.bincount(gap_group, np.minimum(gaps, longest), groups))).astype(np.int64)
    shorter = summed[at] - before[group]
    longer = last[group] - passed[at]
    borders = np.flatnonzero(np.diff(group, prepend=-1))
    total[group[borders]] = np.add.reduceat(shorter + length[at] * longer, borders)
    return total
