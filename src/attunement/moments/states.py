"""The joint state of two partners over time: matching, not matching, or not both in a coded state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from attunement.events import Bools, Ints
from attunement.moments.tracks import Marks, Tracks
from attunement.schemes import Scheme

APART, MISMATCH, MATCH = 0, 1, 2  # APART: not both in a coded state


@dataclass(frozen=True, slots=True, eq=False)
class JointStates:
    """Stretches (r,) of one joint state, one after another without a hole; times on the clock."""

    state: Marks
    start: Ints
    end: Ints
    session: Ints

    @property
    def length(self) -> Ints:
        return self.end - self.start


@dataclass(frozen=True, slots=True, eq=False)
class _Matching:
    """Codes, by index, with one more row for codes the scheme does not have.

    child, caregiver: (codes + 1,) is it a state of that partner? kind: (codes + 1,) child's codes that match the same share
    a number. meets: (kinds, codes + 1) is it a caregiver's code that matches that kind?
    """

    child: Bools
    caregiver: Bools
    kind: Ints
    meets: Bools


def joint_states(tracks: Tracks) -> JointStates:
    """Both partners' codes over time. When one has several codes at once, any pair that matches makes a match.

    States are the codes of child and caregiver that last; outcomes and noted misses are no states.
    """
    table = _matching(tracks.scheme)
    lasting = tracks.end > tracks.start
    child = np.flatnonzero(table.child.take(tracks.code) & lasting)
    adult = np.flatnonzero(table.caregiver.take(tracks.code) & lasting)
    rows = np.concatenate([child, adult])
    edges = np.sort(np.concatenate([tracks.start[rows], tracks.end[rows]]))
    if not len(child) or not len(adult):
        none = np.empty(0, np.int64)
        return JointStates(none.astype(np.uint8), none, none, none)
    edges = edges[np.append(True, edges[1:] != edges[:-1])]  # np.unique would hash, at ten times the cost

    span = np.empty((2, len(tracks.code)), np.intp)  # the edges at which each row begins and ends
    span[:, rows] = np.searchsorted(edges, tracks.start[rows]), np.searchsorted(edges, tracks.end[rows])
    mine, theirs = span.take(child, axis=1), span.take(adult, axis=1)
    state = (_covered(mine, edges) & _covered(theirs, edges)).astype(np.uint8)
    kinds = table.kind.take(tracks.code.take(child))
    for kind in np.unique(kinds):
        answering = table.meets[kind].take(tracks.code.take(adult))
        state[_covered(mine[:, kinds == kind], edges) & _covered(theirs[:, answering], edges)] = MATCH
    first = np.flatnonzero(np.append(True, state[1:] != state[:-1]))
    start = edges[:-1][first]
    session = np.searchsorted(tracks.opens, start, "right") - 1
    return JointStates(state[first], start, np.append(start[1:], edges[-1]), session)


def _covered(span: Ints, edges: Ints) -> Bools:
    """(edges - 1,) between two edges, is any of the rows under way that `span` (2, rows) from edge to edge?"""
    opened, closed = (np.bincount(at, minlength=len(edges)) for at in span)
    return np.cumsum(opened - closed)[:-1] > 0


@cache
def _matching(scheme: Scheme) -> _Matching:
    state = np.array([code.kind in ("signal", "act", "other") for code in scheme.codes], np.bool_)
    child, caregiver = state & scheme.by_role("child"), state & scheme.by_role("caregiver")
    mine = np.flatnonzero(child)
    rows = scheme.matches[mine] & caregiver if len(mine) else np.zeros((1, len(scheme.codes)), np.bool_)
    meets, number = np.unique(rows, axis=0, return_inverse=True)
    kind = np.zeros(len(scheme.codes) + 1, np.intp)
    kind[mine] = number.ravel()[: len(mine)]
    beyond = np.zeros((len(meets), 1), np.bool_)
    return _Matching(np.append(child, False), np.append(caregiver, False), kind, np.hstack([meets, beyond]))
