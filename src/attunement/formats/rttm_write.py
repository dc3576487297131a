"""RTTM files (.rttm), written: one SPEAKER line a row, which reads back as the same tiers, values and times."""

from __future__ import annotations

from attunement.errors import WrongUse
from attunement.events import NONE, Session
from attunement.formats.rttm import NOT_SAID, SPEAKER

_ELSE = "write a .csv instead"


def written(session: Session) -> bytes:
    """The session's rows in UTF-8, sorted by time. Raises WrongUse for what RTTM cannot hold.

    Tiers are speakers; a value that differs from its tier is the subtype. Ids, media, participants and tiers without
    rows have no place in RTTM.
    """
    events = session.events
    if not len(events):
        raise WrongUse("it has no rows, and an RTTM file is nothing else", place=session.name, remedy=_ELSE)
    if (session.parent != NONE).any():
        what = "some of its rows hang under others; RTTM only says who speaks when"
        raise WrongUse(what, place=session.name, remedy=_ELSE)
    if int(events.start.min()) < 0 or (events.end < events.start).any():
        raise WrongUse("a row has an impossible time", place=session.name, remedy=_ELSE)
    for word in (session.name, *events.actors, *events.codes):
        _refuse(word)
    subtypes = [
        [NOT_SAID if code == actor else code for code in events.codes] for actor in events.actors
    ]  # fmt: skip
    lines = [
        f"{SPEAKER} {session.name} 1 {_seconds(start)} {_seconds(end - start)} {NOT_SAID}"
        f" {subtypes[actor][code]} {events.actors[actor]} {NOT_SAID} {NOT_SAID}\n"
        for start, end, actor, code in zip(
            events.start.tolist(), events.end.tolist(), events.actor.tolist(), events.code.tolist(), strict=True
        )
    ]
    return "".join(lines).encode("utf-8")


def _refuse(word: str) -> None:
    if word.split() != [word] or word == NOT_SAID or not word.isprintable():
        what = f"“{word[:40]}” has spaces in it or says nothing; fields of RTTM are single words"
        raise WrongUse(what, remedy=_ELSE)


def _seconds(ms: int) -> str:
    return f"{ms // 1_000}.{ms % 1_000:03}"
