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
    near = np.minimum(gaps, longest)
    asked = (reach_group.astype(np.int64) << (_BITS + 1)) | (reaches << 1) | 1
    there = (gap_group.astype(np.int64) << (_BITS + 1)) | (near << 1)
    line = np.concatenate([there, asked])
    line.sort()  # by group, then by length, a gap before a reach as long

    is_reach = (line & 1) != 0
    at = np.flatnonzero(is_reach)
    length = (line >> 1) & ((1 << _BITS) - 1)
    passed = at - np.arange(len(at))  # gaps before each reach, over all groups
    length_of_gaps = np.append(0, np.cumsum(length.take(np.flatnonzero(~is_reach))))
    group, reach = line.take(at) >> (_BITS + 1), length.take(at)
    last = np.cumsum(np.bincount(gap_group, minlength=groups))  # gaps up to and with each group
    first = np.append(0, last[:-1])
    shorter = length_of_gaps.take(passed) - length_of_gaps.take(first).take(group)
    longer = last.take(group) - passed
    borders = np.flatnonzero(np.diff(group, prepend=-1))
    total[group.take(borders)] = np.add.reduceat(shorter + reach * longer, borders)
    return total
