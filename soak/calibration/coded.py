"""The measures of coded sessions, held to sessions whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from attunement import measures
from attunement.clock import MINUTE
from attunement.events import Ints
from attunement.measures.replies import Share
from attunement.measures.serve_return import serve_return
from attunement.schemes import Function, scheme
from attunement.simulate import Calls, Lognormal, Matching, Talk, Uniform, Upsets, calls, matching, talk, upsets
from attunement.stats.intervals import wilson
from soak.calibration.found import Found, near
from soak.calibration.turning import turned_events

OURS, ACLEW = scheme("attunement"), scheme("aclew")
THREE = {Function.CONNECT: 1.5, Function.BREAK: 1.5, Function.EXPLORE: 1.5}
WINDOW_MS = measures.WINDOW_MS
APART_MS = 8_000  # longer than a signal and its window, so that signals know nothing of each other
BAND = (0.93, 0.97)  # what a 95 % interval is held to


def replies_intervals(scale: int) -> Iterator[Found]:
    """The Wilson interval of the share answered, signals being independent; and, reported, when sessions differ."""
    sessions = 1_600 * scale
    for fitting in (0.2, 0.6, 0.9):
        for minutes in (2, 10, 30):
            way = Calls(THREE, apart_ms=APART_MS, fitting=fitting, misread=0.1)
            what = f"replies: 95 % intervals that hold the truth, {fitting} fitting, {minutes} min"
            yield _coverage(what, way, 3 * sessions if minutes == 2 else sessions, minutes)
    busy = Calls(THREE, apart_ms=APART_MS, fitting=0.5, misread=0.1, other_acts_per_minute=6)
    yield _coverage("replies: 95 % intervals, with acts that come without regard to signals", busy, sessions, 10)
    crowded = Calls({Function.CONNECT: 6.0}, fitting=0, misread=0, other_acts_per_minute=4)
    rows, truth = _per_session(crowded, sessions, 10, seed=4)
    yield _held("replies: the same where one act often answers several signals", rows, truth, (None, None))
    uneven = Calls(THREE, apart_ms=APART_MS, between_sd=0.8)
    rows, truth = _per_session(uneven, sessions * 5, 10, seed=5)
    pooled = rows.reshape(-1, 20, rows.shape[1]).sum(axis=1)
    plain = "replies: signals of 20 sessions that differ (sd .8 on the logit), taken for independent"
    yield _held(plain, pooled, truth, (None, None))
    for many in (2, 3, 5, 10, 20):
        groups = rows[: len(rows) // many // 2 * many].reshape(-1, many, rows.shape[1])
        shares = [Share(*each.sum(axis=0).tolist(), each).interval for each in groups]
        held = [low <= truth <= high for low, high in filter(None, shares)]
        what = f"replies: 95 % intervals of {many} sessions together that hold the truth, sessions that differ"
        yield Found(what, float(np.mean(held)), len(held), *_give_or_take(len(held)))


def _coverage(what: str, way: Calls, sessions: int, minutes: int) -> Found:
    rows, truth = _per_session(way, sessions, minutes, seed=minutes)
    return _held(what, rows, truth, BAND)


def _per_session(way: Calls, sessions: int, minutes: int, *, seed: int) -> tuple[Ints, float]:
    made = calls(way, OURS, sessions=sessions, length_ms=minutes * MINUTE, seed=seed)
    return measures.replies(made.events, OURS, chance=False).per_session, made.truth.answered(WINDOW_MS)


def _held(what: str, rows: Ints, truth: float, bounds: tuple[float | None, float | None]) -> Found:
    intervals = [interval for row in rows.tolist() if (interval := Share(*row).interval) is not None]
    held = sum(low <= truth <= high for low, high in intervals)
    return Found(what, held / len(intervals), len(intervals), *bounds)


def _give_or_take(many: int) -> tuple[float, float]:
    """BAND, and where there are few, what luck alone makes of it."""
    luck = max(2 * (0.0475 / many) ** 0.5 - 0.01, 0.0)
    return BAND[0] - luck, BAND[1] + luck


def returns_intervals(scale: int) -> Iterator[Found]:
    """The Wilson interval of the share of bids returned, each bid an exchange of its own."""
    way = Calls({Function.CONNECT: 2.0}, apart_ms=14_000, fitting=0.6, misread=0.1)
    for minutes in (10, 30):
        made = calls(way, OURS, sessions=1_000 * scale, length_ms=minutes * MINUTE, seed=minutes)
        rows = serve_return(made.events, OURS).per_session
        intervals = [found for bids, back, _ in rows.tolist() if (found := wilson(back, bids)) is not None]
        truth = made.truth.answered(WINDOW_MS)
        held = sum(low <= truth <= high for low, high in intervals) / len(intervals)
        yield Found(f"returns: 95 % intervals that hold the truth, {minutes} min", held, len(intervals), *BAND)
    uneven = Calls({Function.CONNECT: 2.0}, apart_ms=14_000, misread=0.1, between_sd=0.8)
    for many in (3, 10):
        made = calls(uneven, OURS, sessions=600 * many * scale, length_ms=10 * MINUTE, seed=many)
        whole, truth = serve_return(made.events, OURS), made.truth.answered(WINDOW_MS)
        groups = whole.per_session.reshape(-1, many, 3)
        told = filter(None, (replace(whole, per_session=each).interval for each in groups))
        held_them = [low <= truth <= high for low, high in told]
        what = f"returns: 95 % intervals of {many} sessions together that hold the truth, sessions that differ"
        yield Found(what, float(np.mean(held_them)), len(held_them), *_give_or_take(len(held_them)))


def replies_by_chance(scale: int) -> Iterator[Found]:
    """The closed form is the mean over rotations, and what sessions with nothing contingent show."""
    way = Calls(THREE, fitting=0.5, other_acts_per_minute=4)
    for by, alone in ((OURS, way), (ACLEW, Calls(misread=0, other_acts_per_minute=6))):
        made = calls(alone, by, sessions=1, length_ms=20 * MINUTE, seed=3)
        closed = measures.replies(made.events, by).chance
        turned = measures.replies(turned_events(made.events, 500 * scale, seed=4), by, chance=False)
        shares = [float(row[0]) / row.sum() for row in turned.per_session]
        yield near(f"replies: rotated shares beside the closed form {closed:.4f}, {by.name}", shares, closed or 0)
    none = Calls(THREE, fitting=0, misread=0, other_acts_per_minute=5)
    made = calls(none, OURS, sessions=1_000 * scale, length_ms=20 * MINUTE, seed=6)
    found = measures.replies(made.events, OURS)
    signals = found.per_session.sum(axis=1)
    assert found.expected is not None
    gap = (found.per_session[:, 0] - found.expected) / signals.mean()
    yield near("replies: answered less expected by chance, nothing contingent", gap.tolist(), 0)
    answered = (found.per_session[:, 0] / signals).tolist()
    yield near(
        "replies: answered when nothing is contingent, beside its formula", answered, made.truth.by_accident(WINDOW_MS)
    )


def turns_by_chance(scale: int) -> Iterator[Found]:
    """Sounds that know nothing of each other make as many turns as rotations say; conversations make many more."""
    none = Calls(misread=0, fitting=0, other_acts_per_minute=4, end_ms=0)
    gaps, more = [], []
    for seed in range(30 * scale):
        made = calls(none, ACLEW, sessions=4, length_ms=30 * MINUTE, seed=seed)
        chance = measures.turns_by_chance(made.events, ACLEW, rotations=20)
        found = measures.turns(made.events, ACLEW)
        assert chance is not None and found.pairs is not None
        gaps.append(found.pairs / chance.pairs)
        spoken = talk(Talk(), ACLEW, sessions=4, length_ms=30 * MINUTE, seed=seed)
        by_chance = measures.turns_by_chance(spoken.events, ACLEW, rotations=20)
        assert by_chance is not None
        more.append(float(by_chance.pairs < spoken.truth.pairs.sum()))
    yield near("turns: pairs of unrelated sounds, times chance", gaps, 1)
    yield Found("turns: conversations with more pairs than chance", float(np.mean(more)), len(more), 1, 1)


def talk_counts(scale: int) -> Iterator[Found]:
    """Conversations laid with known gaps are counted exactly."""
    for by in (OURS, ACLEW):
        for goes_on in (0.4, 0.85):
            made = talk(Talk(goes_on=goes_on), by, sessions=200 * scale, length_ms=60 * MINUTE, seed=9)
            truth = np.stack([made.truth.pairs, made.truth.turns, made.truth.conversations], axis=1)
            wrong = int(np.count_nonzero(measures.turns(made.events, by).per_session != truth))
            yield Found(f"turns: sessions not counted as laid, {by.name}, goes on {goes_on}", wrong, len(truth), 0, 0)


def waiting(scale: int) -> Iterator[Found]:
    """The Kaplan-Meier median is right although the next signal cuts many waits short; the plain median is not."""
    for wait in (Lognormal(2_500, 0.8), Uniform(500, 5_500)):
        way = Calls({Function.CONNECT: 10.0}, codes=("coo", "babble"), fitting=1, misread=0, latency=wait)
        medians, plain, seen = [], [], []
        for seed in range(40 * scale):
            made = calls(way, OURS, sessions=20, length_ms=10 * MINUTE, seed=seed)
            found = measures.latency(made.events, OURS)
            assert found.median_ms is not None
            medians.append(float(found.median_ms))
            plain.append(float(np.median(found.times[found.seen])))
            seen.append(float(found.seen.mean()))
        name = type(wait).__name__.lower()
        yield near(f"latency: median under censoring ({np.mean(seen):.0%} seen), {name}", medians, wait.middle_ms)
        yield Found(
            f"latency: plain median of the seen, {name}, truth {wait.middle_ms:.0f}", float(np.mean(plain)), len(plain)
        )


def match_and_repair(scale: int) -> Iterator[Found]:
    """Share of matching time, chance of a repair in the next step, and time to repair, from the chain's two rates."""
    for way, sessions, steps in ((Matching(), 20, 600), (Matching(leave=0.02, repair=0.05, step_ms=100), 300, 40)):
        shares, next_steps, medians = [], [], []
        for seed in range(40 * scale):
            made = matching(way, OURS, sessions=sessions, steps=steps, seed=seed)
            found = measures.repair(made.events, OURS, step_ms=way.step_ms)
            assert found.match_share is not None and found.next_step is not None and found.median_ms is not None
            shares.append(found.match_share)
            next_steps.append(found.next_step)
            medians.append(float(found.median_ms))
        rates = f"leave {way.leave}, repair {way.repair}"
        yield near(f"repair: share of matching time, {rates}", shares, way.match_share)
        yield near(f"repair: matched in the next step, {rates}", next_steps, way.repair)
        off = way.step_ms if way.step_ms < 1_000 else 0
        yield Found(
            f"repair: median ms, {rates}",
            float(np.median(medians)),
            len(medians),
            way.median_ms - off,
            way.median_ms + off,
        )


def endings(scale: int) -> Iterator[Found]:
    """Together, alone, unresolved: found exactly as laid, by the rule and by coded outcomes."""
    for by, coded in ((OURS, False), (OURS, True), (ACLEW, False)):
        made = upsets(Upsets(coded=coded), by, sessions=300 * scale, length_ms=60 * MINUTE, seed=7)
        found = measures.comfort(made.events, by)
        wrong = int(np.count_nonzero(found.per_session != made.truth.endings))
        told = "coded outcomes" if coded else "the rule alone"
        yield Found(
            f"comfort: sessions with other endings than laid, {told}, {by.name}", wrong, len(found.per_session), 0, 0
        )
        first = np.sort(found.to_comfort.times[found.to_comfort.seen])
        off = int(not np.array_equal(first, np.sort(made.truth.to_comfort)))
        yield Found(f"comfort: waits for comfort other than laid, {told}, {by.name}", off, len(first), 0, 0)
