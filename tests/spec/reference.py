"""The measures once more in plain Python, one event at a time, to compare the columns with."""

from dataclasses import dataclass

from attunement.measures import ReplyRule
from attunement.schemes import Scheme


@dataclass(frozen=True)
class Event:
    actor: str
    code: str
    start: int
    end: int


def replies(events: list[Event], scheme: Scheme, length: int, rule: ReplyRule) -> dict[str, int]:
    found = {"answered": 0, "late": 0, "misread": 0, "missed": 0}
    for signal in _signals(events, scheme):
        found[_became(signal, events, scheme, length, rule)] += 1
    return found


def _became(signal: Event, events: list[Event], scheme: Scheme, length: int, rule: ReplyRule) -> str:
    limit = _limit(signal, events, scheme, length)
    upset = scheme[signal.code].upset
    until = (signal.end if rule.from_ == "end" else signal.start) + rule.window_ms
    if upset:
        mine = next(episode for episode in _episodes(events, scheme, rule.calm_ms) if signal in episode)
        until = max(cry.end for cry in mine) + rule.calm_ms
    if not rule.reuse:
        until = min(until, limit)
    acts = [act for act in _acts(events, scheme) if act.start > signal.start]
    if not rule.overlap:
        acts = [act for act in acts if act.start >= signal.end]
    fitting = [act.start for act in acts if _fits(signal, act, scheme)]
    if any(start <= until for start in fitting):
        return "answered"
    if not upset and any(start <= limit for start in fitting):
        return "late"
    return "misread" if any(act.start <= until for act in acts) else "missed"


def latency(events: list[Event], scheme: Scheme, length: int) -> list[tuple[int, bool]]:
    found = []
    for signal in _signals(events, scheme):
        if not scheme[signal.code].upset:
            since = signal.end if scheme[signal.code].sound else signal.start
            limit = _limit(signal, events, scheme, length)
            acts = [a.start for a in _acts(events, scheme) if a.start > signal.start and _fits(signal, a, scheme)]
            first = min(acts, default=limit + 1)
            found.append((min(first, limit) - since, first <= limit))
    return found


def comfort(events: list[Event], scheme: Scheme, length: int, calm_ms: int) -> tuple[int, int, int]:
    """Settled together, settled alone, unresolved; by the rule alone, without coded outcomes."""
    together = alone = unresolved = 0
    for episode in _episodes(events, scheme, calm_ms):
        closes = max(cry.end for cry in episode) + calm_ms
        comforted = any(
            _fits(cry, act, scheme) and cry.start < act.start <= closes
            for cry in episode
            for act in _acts(events, scheme)
        )
        if closes > length:
            unresolved += 1
        elif comforted:
            together += 1
        else:
            alone += 1
    return together, alone, unresolved


def turns(events: list[Event], scheme: Scheme, gap_ms: int) -> tuple[int, int, int]:
    """Pairs, LENA-like count, conversations."""
    place = {code: at for at, code in enumerate(scheme.ids)}
    sounds = sorted((e for e in events if scheme[e.code].sound), key=lambda e: (e.start, e.end, place[e.code], e.actor))
    pairs, chains, last_end = 0, [], None
    for at, sound in enumerate(sounds):
        before = sounds[at - 1] if at else None
        parties = {_party(sound, scheme), _party(before, scheme)} if before else set()
        if parties == {"child", "caregiver"} and sound.start - before.end < gap_ms:
            pairs += 1
        broken = before is None or sound.start - last_end >= gap_ms
        if broken or "other" in (_party(sound, scheme), _party(before, scheme)):
            chains.append([])
        chains[-1].append(_party(sound, scheme))
        last_end = max(sound.end, last_end if last_end is not None else sound.end)
    per_chain = [_runs(chain) // 2 for chain in chains]
    return pairs, sum(per_chain), sum(1 for many in per_chain if many)


def _runs(chain: list[str]) -> int:
    return sum(1 for at, party in enumerate(chain) if at == 0 or party != chain[at - 1])


def repair(events: list[Event], scheme: Scheme, length: int, step: int) -> tuple[int, int, int]:
    """Time both are in a state, time matching, repairs; looked at every `step` ms, which must divide all times."""
    both = match = repairs = 0
    before = "apart"
    for at in range(0, length, step):
        child, adult = (
            [e.code for e in events if e.start <= at < e.end and scheme[e.code].role == role
             and scheme[e.code].kind in ("signal", "act", "other")]
            for role in ("child", "caregiver")
        )  # fmt: skip
        matching = any(scheme.matches[scheme.at[c], scheme.at[a]] for c in child for a in adult)
        now = "apart" if not child or not adult else "match" if matching else "mismatch"
        both += step * (now != "apart")
        match += step * (now == "match")
        repairs += (before, now) == ("mismatch", "match")
        before = now
    return both, match, repairs


def _signals(events: list[Event], scheme: Scheme) -> list[Event]:
    return [event for event in events if scheme[event.code].kind == "signal"]


def _acts(events: list[Event], scheme: Scheme) -> list[Event]:
    return [event for event in events if scheme[event.code].kind == "act"]


def _fits(signal: Event, act: Event, scheme: Scheme) -> bool:
    return bool(scheme.fits[scheme.at[signal.code], scheme.at[act.code]])


def _limit(signal: Event, events: list[Event], scheme: Scheme, length: int) -> int:
    return min([s.start for s in _signals(events, scheme) if s.start > signal.start] + [length])


def _episodes(events: list[Event], scheme: Scheme, calm_ms: int) -> list[list[Event]]:
    found: list[list[Event]] = []
    for cry in sorted((e for e in _signals(events, scheme) if scheme[e.code].upset), key=lambda e: e.start):
        if found and cry.start - max(c.end for c in found[-1]) < calm_ms:
            found[-1].append(cry)
        else:
            found.append([cry])
    return found


def _party(sound: Event, scheme: Scheme) -> str:
    role = scheme[sound.code].role
    return role if role in ("child", "caregiver") else "other"
