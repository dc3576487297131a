"""Measures as a flat table, one row a session, from one call for many sessions; null where it is too little to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from attunement.clock import MINUTE
from attunement.events import Bools, Events, Ints
from attunement.measures import (
    FEWEST,
    Comfort,
    Latency,
    Measures,
    Repair,
    Replies,
    Reply,
    Turns,
    contingency,
    measure_all,
)
from attunement.measures.contingency import Contingency, Pair, pooled_reach
from attunement.measures.repair import FEWEST_BOTH_MS
from attunement.measures.turns import both
from attunement.moments.stretches import cut
from attunement.moments.tracks import Marks
from attunement.schemes import Scheme
from attunement.stats.grouped import medians, wilson_each
from attunement.stats.two_by_two import TwoByTwo

Floats = npt.NDArray[np.float64]
Column = npt.NDArray[np.int64] | npt.NDArray[np.float64]
Columns = dict[str, pl.Series]
Counts = TypeVar("Counts", bound=Column)

_COUNT, _SHARE = pl.Int64(), pl.Float64()
MEASURES: Mapping[str, pl.DataType] = {
    "replies_signals": _COUNT, "replies_answered": _COUNT, "replies_late": _COUNT, "replies_misread": _COUNT,
    "replies_missed": _COUNT, "replies_share": _SHARE, "replies_low": _SHARE, "replies_high": _SHARE,
    "replies_chance": _SHARE,
    "latency_signals": _COUNT, "latency_answered": _COUNT, "latency_median_ms": _COUNT,
    "turns_sounds": _COUNT, "turns_pairs": _COUNT, "turns_lena_like": _COUNT, "turns_conversations": _COUNT,
    "turns_opened_by_child": _COUNT,
    "repair_both_ms": _COUNT, "repair_match_ms": _COUNT, "repair_repairs": _COUNT, "repair_match_share": _SHARE,
    "repair_per_minute": _SHARE, "repair_median_ms": _COUNT,
    "comfort_episodes": _COUNT, "comfort_together": _COUNT, "comfort_alone": _COUNT, "comfort_unresolved": _COUNT,
    "comfort_to_comfort_median_ms": _COUNT, "comfort_median_ms": _COUNT,
    "contingency_a": _COUNT, "contingency_b": _COUNT, "contingency_c": _COUNT, "contingency_d": _COUNT,
    "contingency_odds_ratio": _SHARE, "contingency_log_odds_low": _SHARE, "contingency_log_odds_high": _SHARE,
    "contingency_yules_q": _SHARE, "contingency_phi": _SHARE, "contingency_risk_difference": _SHARE,
    "contingency_adjusted_residual": _SHARE, "contingency_chance": _SHARE,
}  # fmt: skip
_ASKED = ("replies", "latency", "turns", "repair", "comfort")


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """What was watched, by session and time: (s,) each; ms from the beginning of the session."""

    session: Ints
    begins: Ints
    ends: Ints


def flat(events: Events, by: Scheme, *, window_ms: int, stretches: Stretches | None = None) -> pl.DataFrame:
    """(sessions, MEASURES): each row what `measure_all` and `as_json` give for that session alone.

    With `stretches`, what lies in them alone counts, and nothing runs from one into the next. Contingency is of all signals
    with all acts. The chance level of turns and p by rotation are left out: they cost more than all the rest together.
    """
    pieces = events if stretches is None else cut(events, stretches.session, stretches.begins, stretches.ends)
    found = measure_all(pieces, by, window_ms=window_ms, only=_ASKED, rotations=0)
    found = replace(found, contingency=contingency(pieces, by, window_ms=window_ms, permutations=0, pairs=(Pair(),)))
    if stretches is not None:
        found = _per_recording(found, stretches.session, len(events.sessions))
    assert found.replies and found.latency and found.turns and found.repair and found.comfort
    signals = bool(by.is_signal.any())
    columns = (
        _told(_replies(found.replies), signals)
        | _told(_latency(found.latency), signals)
        | _told(_turns(found.turns), bool(by.is_sound.any()))
        | _told(_repair(found.repair), bool(by.matches.any()))
        | _told(_comfort(found.comfort), bool(by.is_upset.any()))
        | _told(_contingency(found), bool(by.is_signal.any() and by.is_act.any()))
    )
    return pl.DataFrame(columns).select(pl.col(name).cast(kind) for name, kind in MEASURES.items())


def _per_recording(found: Measures, session: Ints, sessions: int) -> Measures:
    """Results of stretches, in order, as results of the recordings that they belong to."""
    assert found.replies and found.latency and found.turns and found.repair and found.comfort

    def total(each: Counts) -> Counts:
        whole = np.zeros((sessions, *each.shape[1:]), each.dtype)
        np.add.at(whole, session, each)
        return cast(Counts, whole)

    assert found.contingency
    expected, bond = found.replies.expected, found.contingency[0]
    return replace(
        found,
        contingency=(
            replace(
                bond,
                per_session=total(bond.per_session),
                by_chance=total(bond.by_chance),
                reaches=_pooled_reaches(bond, session, sessions),
            ),
        ),
        replies=replace(
            found.replies,
            counts=total(found.replies.counts),
            expected=None if expected is None else total(np.nan_to_num(expected)),
        ),
        latency=replace(found.latency, per_session=total(found.latency.per_session)),
        turns=replace(
            found.turns,
            per_session=total(found.turns.per_session),
            sounds_each=total(found.turns.sounds_each),
            parties_each=_any_of(found.turns.parties_each, session, sessions),
        ),
        repair=replace(
            found.repair,
            per_session=total(found.repair.per_session),
            mismatches_each=total(found.repair.mismatches_each),
        ),
        comfort=replace(found.comfort, per_session=total(found.comfort.per_session)),
    )


def _any_of(bits: Marks, session: Ints, sessions: int) -> Marks:
    whole = np.zeros(sessions, bits.dtype)
    np.bitwise_or.at(whole, session, bits)
    return whole


def _pooled_reaches(bond: Contingency, session: Ints, sessions: int) -> Floats:
    """(sessions,) from the stretches of each, which stand in order."""
    first = np.searchsorted(session, np.arange(sessions + 1))
    parts = [slice(int(first[at]), int(first[at + 1])) for at in range(sessions)]
    return np.array([pooled_reach(bond.per_session[part], bond.reaches[part]) for part in parts])


def _told(columns: Columns, can: bool) -> Columns:
    """Null all through where the scheme has no code that the measure speaks of."""
    return columns if can else {name: column.clear(len(column)) for name, column in columns.items()}


def _where(known: Bools, column: Column) -> pl.Series:
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(column))).to_series()


def _share(known: Bools, part: Column, whole: Ints) -> pl.Series:
    return _where(known, part / np.maximum(whole, 1))


def _replies(found: Replies) -> Columns:
    each = found.per_session
    signals, answered = each.sum(axis=1), each[:, Reply.ANSWERED]
    enough = signals >= FEWEST
    low, high = wilson_each(answered, signals)
    expected = found.expected if found.expected is not None else np.full(len(signals), np.nan)
    return {
        "replies_signals": pl.Series(signals),
        **{f"replies_{reply.name.lower()}": pl.Series(each[:, reply]) for reply in Reply},
        "replies_share": _share(enough, answered, signals),
        "replies_low": _where(enough, low), "replies_high": _where(enough, high),
        "replies_chance": _share(enough & ~np.isnan(expected), expected, signals),
    }  # fmt: skip


def _latency(found: Latency) -> Columns:
    answered = _sums(found.seen, found.per_session)
    return {
        "latency_signals": pl.Series(found.per_session), "latency_answered": pl.Series(answered),
        "latency_median_ms": _median(found.times, found.seen, found.per_session, answered),
    }  # fmt: skip


def _turns(found: Turns) -> Columns:
    some = both(found.parties_each)
    pairs, lena_like, conversations = found.per_session.T
    by_child = _sums(found.opened_by_child, conversations)
    return {
        "turns_sounds": pl.Series(found.sounds_each), "turns_pairs": _where(some, pairs),
        "turns_lena_like": _where(some, lena_like), "turns_conversations": _where(some, conversations),
        "turns_opened_by_child": _where(some, by_child),
    }  # fmt: skip


def _repair(found: Repair) -> Columns:
    both, match, repairs = found.per_session.T
    enough = both >= FEWEST_BOTH_MS
    return {
        "repair_both_ms": pl.Series(both), "repair_match_ms": pl.Series(match), "repair_repairs": pl.Series(repairs),
        "repair_match_share": _share(enough, match, both), "repair_per_minute": _share(enough, repairs * MINUTE, both),
        "repair_median_ms": _median(found.mismatches, found.mended, found.mismatches_each, repairs),
    }  # fmt: skip


def _comfort(found: Comfort) -> Columns:
    together, alone, unresolved = found.per_session.T
    episodes = found.per_session.sum(axis=1)
    comforted = _sums(found.to_comfort.seen, episodes)
    quiet = _sums(found.to_quiet.seen, comforted)
    return {
        "comfort_episodes": pl.Series(episodes), "comfort_together": pl.Series(together),
        "comfort_alone": pl.Series(alone), "comfort_unresolved": pl.Series(unresolved),
        "comfort_to_comfort_median_ms": _median(found.to_comfort.times, found.to_comfort.seen, episodes, comforted),
        "comfort_median_ms": _median(found.to_quiet.times, found.to_quiet.seen, comforted, quiet),
    }  # fmt: skip


def _contingency(found: Measures) -> Columns:
    assert found.contingency and found.replies
    bond, signals = found.contingency[0], found.replies.per_session.sum(axis=1)
    tables = [TwoByTwo(*cells) for cells in bond.per_session.tolist()]
    told = [
        table.told and some >= FEWEST and table.a + table.c >= FEWEST
        for table, some in zip(tables, signals.tolist(), strict=True)
    ]
    middle = np.array(
        [log(table.odds_ratio or 1) if known else np.nan for table, known in zip(tables, told, strict=True)]
    )

    def column(name: str) -> pl.Series:
        said = [getattr(table, name) if known else None for table, known in zip(tables, told, strict=True)]
        return pl.Series(said, dtype=_SHARE)

    a, b, c, d = bond.per_session.T
    return {
        "contingency_a": pl.Series(a), "contingency_b": pl.Series(b), "contingency_c": pl.Series(c),
        "contingency_d": pl.Series(d), "contingency_odds_ratio": column("odds_ratio"),
        "contingency_log_odds_low": _where(~np.isnan(middle - bond.reaches), middle - bond.reaches),
        "contingency_log_odds_high": _where(~np.isnan(middle + bond.reaches), middle + bond.reaches),
        "contingency_yules_q": column("yules_q"), "contingency_phi": column("phi"),
        "contingency_risk_difference": column("risk_difference"),
        "contingency_adjusted_residual": column("adjusted_residual"),
        "contingency_chance": _share(np.array(told, np.bool_), bond.by_chance, a + b),
    }  # fmt: skip


def _sums(marks: Bools, sizes: Ints) -> Ints:
    """How many of each session's rows are marked, (sessions,)."""
    session = np.repeat(np.arange(len(sizes)), sizes)
    return np.bincount(session[marks], minlength=len(sizes))


def _median(times: Ints, seen: Bools, sizes: Ints, seen_each: Ints) -> pl.Series:
    found, known = medians(times, seen, sizes)
    return _where(known & (seen_each >= FEWEST), found)
