"""Applies a scheme to a session: tiers and values become actors and codes, and what fits no rule is said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from attunement.clock import Span
from attunement.errors import Issue, Severity
from attunement.events import NONE, Bools, Events, Session, Tier
from attunement.schemes.scheme import Coding, Rule, Scheme

NOTHING = "(?!)"  # matches no text at all


@dataclass(frozen=True, slots=True)
class _TierRules:
    """What a scheme says of one tier: each rule that may hold its rows, and the actor it makes of them."""

    left_out: bool
    rules: tuple[tuple[Rule, str], ...]


def code_session(session: Session, by: Scheme) -> Coding:
    """Every row whose tier and value the scheme knows; rows that it does not know become issues, counted by tier."""
    events, under, of_tier = session.events, _dependents(session), _rules_by_tier(session, by)
    actors: dict[str, int] = {}
    known: dict[
        tuple[int, int], tuple[str, int] | str
    ] = {}  # rows that nothing hangs under read alike when they are alike
    rows, actor, code = [], [], []
    unknown: Counter[tuple[str, str]] = Counter()
    for row, at in enumerate(zip(events.actor.tolist(), events.code.tolist(), strict=True)):
        tier, value = events.actors[at[0]], events.codes[at[1]]
        if of_tier[at[0]].left_out:
            continue
        found = known.get(at) if row not in under else None
        if found is None:
            found = _found(of_tier[at[0]], by, tier, value, under.get(row, {}))
            if row not in under:
                known[at] = found
        if isinstance(found, str):
            unknown[tier, found] += 1
            continue
        rows.append(row)
        actor.append(actors.setdefault(found[0], len(actors)))
        code.append(found[1])
    observed = _observed(session, by)
    kept = np.array(rows, np.int64)
    coded = Events(
        events.session[kept], np.array(actor, np.int32), np.array(code, np.int32), events.start[kept], events.end[kept],
        events.sessions, tuple(actors), by.ids, events.duration_ms,
        np.array([sum(span.length for span in observed)], np.int64),
    )  # fmt: skip
    return Coding(
        coded, by, observed, (*_not_known(unknown), *_of_both(coded, by), *outside(coded, observed)), kept, session,
        unknown.total(),
    )  # fmt: skip


def _children(session: Session, by: Scheme) -> str:
    """A pattern of the names of the child's tiers, which stands for {child} in what dependent rows say."""
    of_child = [rule for rule in by.rules if rule.actor == "child"]
    names = [re.escape(tier.name) for tier in session.tiers if any(_is_of(rule, tier) for rule in of_child)]
    return "|".join(names) or NOTHING


def _is_of(rule: Rule, tier: Tier) -> bool:
    return bool(rule.tier.fullmatch(tier.name)) and (rule.kind is None or bool(rule.kind.fullmatch(tier.kind)))


def _rules_by_tier(session: Session, by: Scheme) -> list[_TierRules]:
    """By tier index; which rules may hold is asked once a tier, not once a row."""
    tiers = {tier.name: tier for tier in session.tiers}
    child = _children(session, by)
    rules = [
        replace(
            rule, under={name: re.compile(said.pattern.replace("{child}", child)) for name, said in rule.under.items()}
        )
        for rule in by.rules
    ]
    return [
        _TierRules(
            _any(by.skipped_tiers, tier.name) or _any(by.observed_tiers, tier.name),
            tuple(
                (rule, rule.actor.format(tier=tier.name, participant=tier.participant or tier.name))
                for rule in rules
                if _is_of(rule, tier)
            ),
        )
        for tier in (tiers.get(name, Tier(name)) for name in session.events.actors)
    ]


def _found(
    tier_rules: _TierRules, by: Scheme, tier: str, value: str, under: Mapping[str, str]
) -> tuple[str, int] | str:
    """The actor and code of a row; or, where no code is found, its value; or nothing, where no rule is."""
    for rule, actor in tier_rules.rules:
        if _holds(rule, tier, value, under):
            code = _told_by(by).get(_slug(rule.code.format(value=value, tier=tier)))
            return value if code is None or not _may(by, code, rule) else (actor, code)
    return ""


def _holds(rule: Rule, tier: str, value: str, under: Mapping[str, str]) -> bool:
    if rule.value is not None and not rule.value.fullmatch(value):
        return False
    return all(said.fullmatch(under.get(name.format(tier=tier), "")) for name, said in rule.under.items())


def _dependents(session: Session) -> Mapping[int, Mapping[str, str]]:
    """For each row, what its dependent rows say: tier name to value."""
    found: dict[int, dict[str, str]] = {}
    events = session.events
    for row in np.flatnonzero(session.parent != NONE).tolist():
        said = found.setdefault(int(session.parent[row]), {})
        said.setdefault(events.actors[events.actor[row]], events.codes[events.code[row]])
    return found


def _may(by: Scheme, code: int, rule: Rule) -> bool:
    return rule.role is None or by.codes[code].role in (rule.role, "dyad")


@cache
def _told_by(by: Scheme) -> Mapping[str, int]:
    """Each code by its id and by its wording, written in any case."""
    told = {_slug(code.wording): at for at, code in enumerate(by.codes) if code.wording}
    return told | {_slug(code.id): at for at, code in enumerate(by.codes)}


@lru_cache(maxsize=4096)
def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.strip().lower().replace("_", "-")).strip("-")


def _any(patterns: Sequence[re.Pattern[str]], tier: str) -> bool:
    return any(pattern.fullmatch(tier) for pattern in patterns)


def _observed(session: Session, by: Scheme) -> tuple[Span, ...]:
    """The rows of the scheme's observed tiers, overlaps joined, or what the file says where there are none.

    Stretches that only touch stay apart: a recorder that was stopped in between leaves no gap in LENA's time.
    """
    events = session.events
    tiers = [at for at, tier in enumerate(events.actors) if _any(by.observed_tiers, tier)]
    marked: Bools = np.isin(events.actor, tiers) & (events.end > events.start)
    if not marked.any():
        return session.watched
    spans: list[Span] = []
    for start, end in sorted(zip(events.start[marked].tolist(), events.end[marked].tolist(), strict=True)):
        if spans and start < spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(end, spans[-1].end))
        else:
            spans.append(Span(start, end))
    return tuple(spans)


def _not_known(unknown: Counter[tuple[str, str]]) -> list[Issue]:
    by_tier: dict[str, list[tuple[str, int]]] = {}
    for (tier, value), times in unknown.items():
        by_tier.setdefault(tier, []).append((value, times))
    return [_said(tier, values) for tier, values in sorted(by_tier.items())]


def _said(tier: str, values: list[tuple[str, int]]) -> Issue:
    rows = sum(times for _, times in values)
    named = ", ".join(f"“{value[:40]}”" for value, _ in sorted(values, key=lambda v: -v[1])[:3] if value)
    why = f"the scheme does not know {named}" if named else "the scheme has no rule for this tier"
    return Issue("not-in-scheme", Severity.WARNING, f"tier {tier}", f"{rows} rows left out: {why}")


def _of_both(coded: Events, by: Scheme) -> list[Issue]:
    """Who does what a child does and what a caregiver does, in a file that tells people apart.

    A signal is the child's whoever does it, so a mother's cry would be one.
    """
    if len(coded.actors) < 2:
        return []
    roles = [by.by_role("child")[coded.code], by.by_role("caregiver")[coded.code]]
    issues = []
    for at, actor in enumerate(coded.actors):
        child, caregiver = (coded.code[mask & (coded.actor == at)] for mask in roles)
        if len(child) and len(caregiver):
            said = (
                f"has codes of a child, such as “{by.ids[child[0]]}” ({len(child)} rows), and of a caregiver, such as "
                f"“{by.ids[caregiver[0]]}” ({len(caregiver)} rows); each counts as its code says, whoever it is"
            )
            issues.append(Issue("of-both-roles", Severity.WARNING, actor, said))
    return issues


def outside(coded: Events, observed: Sequence[Span]) -> list[Issue]:
    """What was coded outside the observed stretches: it is shown, and no measure counts it."""
    begins = np.array([span.start for span in observed], np.int64)
    ends = np.array([span.end for span in observed], np.int64)
    of = np.searchsorted(begins, coded.start, "right") - 1
    out = int(np.count_nonzero((of < 0) | (coded.start >= np.maximum.accumulate(ends)[of]))) if len(observed) else 0
    whole = observed == (Span(0, int(coded.duration_ms[0])),)
    if not out or whole:  # a point event at the very end of a recording is no news
        return []
    said = f"{out} events begin outside the stretches that were marked as coded; no measure counts them"
    return [Issue("outside-coded", Severity.WARNING, coded.sessions[0], said)]
