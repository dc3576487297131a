"""All measures of some events at once; what they share is found once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from attunement.clock import Span
from attunement.errors import WrongUse
from attunement.events import Events
from attunement.measures.budgets import Budgets, budgets
from attunement.measures.comfort import Comfort, count_comfort, join_comfort
from attunement.measures.contingency import PERMUTATIONS, Contingency, contingency
from attunement.measures.lags import Lags, lags
from attunement.measures.latency import Latency, Waited, count_latency, join_latency
from attunement.measures.lena import lena_count
from attunement.measures.repair import Repair, count_repair, join_repair
from attunement.measures.replies import Counted, Replies, count_replies, join_replies
from attunement.measures.rules import STEP_MS, TURN_GAP_MS, WINDOW_MS, ReplyRule, check_caregiver
from attunement.measures.secure_base import SecureBase, secure_base
from attunement.measures.seen import look
from attunement.measures.serve_return import ServeReturn, serve_return
from attunement.measures.states import States, states
from attunement.measures.synchrony import Synchrony, synchrony
from attunement.measures.transitions import Transitions, transitions
from attunement.measures.turns import ROTATIONS, Turns, count_turns, join_turns, turns_by_chance
from attunement.moments.sounds import Talk
from attunement.moments.stretches import cut
from attunement.moments.tracks import Tracks, tracks
from attunement.schemes import Coding, Scheme

NAMES = (
    "replies", "latency", "turns", "repair", "comfort", "states", "contingency", "lags", "serve_return", "secure_base",
    "synchrony", "transitions", "budgets",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """What was measured; None for a measure that was not asked for."""

    scheme: Scheme
    replies: Replies | None
    latency: Latency | None
    turns: Turns | None
    repair: Repair | None
    comfort: Comfort | None
    states: States | None
    contingency: tuple[Contingency, ...] | None = None
    lags: Lags | None = None
    serve_return: ServeReturn | None = None
    secure_base: SecureBase | None = None
    synchrony: Synchrony | None = None
    transitions: Transitions | None = None
    budgets: Budgets | None = None


def measure_all(
    coded: Coding | Events,
    scheme: Scheme | None = None,
    *,
    window_ms: int = WINDOW_MS,
    caregiver: str | None = None,
    rule: ReplyRule | None = None,
    only: Collection[str] = NAMES,
    chance: bool = True,
    rotations: int = ROTATIONS,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Measures:
    """The measures named in `only`, of one session or of a million, by one rule.

    `scheme` may be left out for a Coding, which has its own. `rule` says more than `window_ms` and `caregiver` can.
    Without `chance`, no chance levels, which cost more than the counts. `rotations` are for the chance level of turns,
    seeded `permutations` for p-values. Raises WrongUse.
    """
    events, scheme = _both(coded, scheme)
    rule = rule or ReplyRule(window_ms=window_ms, caregiver=caregiver)
    check_caregiver(events, rule.caregiver)
    parts = _Parts()
    for block in tracks(events, scheme):
        _count(block, rule, set(only), parts, chance=chance)
    talk = join_turns(events, TURN_GAP_MS, parts.turns) if "turns" in only else None
    if talk is not None and chance:
        talk = replace(talk, chance=turns_by_chance(events, scheme, rotations=rotations))
    if talk is not None and isinstance(coded, Coding) and coded.session is not None:
        talk = replace(talk, lena_count=lena_count(coded.session))
    found = Measures(
        scheme,
        join_replies(events, rule, parts.replies) if "replies" in only else None,
        join_latency(events, rule, parts.latency) if "latency" in only else None,
        talk,
        join_repair(events, STEP_MS, parts.repair) if "repair" in only else None,
        join_comfort(events, rule, parts.comfort) if "comfort" in only else None,
        states(events) if "states" in only else None,
    )
    found = _with_bonds(found, events, rule, set(only), permutations=permutations if chance else 0, seed=seed)
    return _of_one_recording(found) if isinstance(coded, Coding) else found


def _with_bonds(
    found: Measures, events: Events, rule: ReplyRule, only: set[str], *, permutations: int, seed: int
) -> Measures:
    """The measures that look at the events on their own: what follows what, what goes with what."""
    by, window_ms, caregiver = found.scheme, rule.window_ms, rule.caregiver
    return replace(
        found,
        contingency=contingency(
            events, by, window_ms=window_ms, caregiver=caregiver, permutations=permutations, seed=seed
        ) if "contingency" in only else None,
        lags=lags(events, by, permutations=permutations, seed=seed) if "lags" in only else None,
        serve_return=serve_return(events, by, window_ms=window_ms, caregiver=caregiver) if "serve_return" in only else None,
        secure_base=secure_base(events, by, calm_ms=rule.calm_ms) if "secure_base" in only else None,
        synchrony=synchrony(events, by, permutations=permutations, seed=seed) if "synchrony" in only else None,
        transitions=transitions(events) if "transitions" in only else None,
        budgets=budgets(events) if "budgets" in only else None,
    )  # fmt: skip


def _of_one_recording(found: Measures) -> Measures:
    return replace(
        found,
        replies=found.replies and replace(found.replies, one_recording=True),
        serve_return=found.serve_return and replace(found.serve_return, one_recording=True),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """The measures of each block, until all are there."""

    replies: list[Counted] = field(default_factory=list)
    latency: list[Waited] = field(default_factory=list)
    comfort: list[Comfort] = field(default_factory=list)
    turns: list[Talk] = field(default_factory=list)
    repair: list[Repair] = field(default_factory=list)


def _count(block: Tracks, rule: ReplyRule, only: set[str], parts: _Parts, *, chance: bool) -> None:
    if only & {"replies", "latency", "comfort"}:
        seen = look(block, rule)
        if "replies" in only:
            parts.replies.append(count_replies(block, rule, seen, chance=chance))
        if "latency" in only:
            parts.latency.append(count_latency(block, seen))
        if "comfort" in only:
            parts.comfort.append(count_comfort(block, seen))
    if "turns" in only:
        parts.turns.append(count_turns(block, TURN_GAP_MS))
    if "repair" in only:
        parts.repair.append(count_repair(block, STEP_MS))


def _both(coded: Coding | Events, scheme: Scheme | None) -> tuple[Events, Scheme]:
    if isinstance(coded, Coding):
        return _observed(coded), scheme or coded.scheme
    if scheme is None:
        raise WrongUse("events without a scheme", remedy="name the scheme that they are coded by")
    return coded, scheme


def _observed(coded: Coding) -> Events:
    """Each observed stretch as a session of its own; a recording that was watched whole as it is."""
    events, spans = coded.events, coded.observed
    if spans == (Span(0, int(events.duration_ms[0])),):
        return events
    begins, ends = (np.array([getattr(span, side) for span in spans], np.int64) for side in ("start", "end"))
    return cut(events, np.zeros(len(spans), np.int64), begins, ends)
