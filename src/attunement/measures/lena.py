"""LENA's own count of conversational turns, made again from what LENA counted in each segment of its own files."""

from __future__ import annotations

import numpy as np

from attunement.events import NONE, Bools, Ints, Session
from attunement.measures.rules import TURN_GAP_MS
from attunement.moments.sounds import ADULT, CHILD, OTHER, Sounds, talk

RECORDING = "recording"  # the tier whose rows are LENA's Recordings
_PARTIES = {"CHN": CHILD, "CHF": CHILD, "FAN": ADULT, "MAN": ADULT, "CXN": OTHER}
_COUNTED = {"CHN": "utterances", "CHF": "utterances", "FAN": "words", "MAN": "words"}


def lena_count(session: Session) -> int | None:
    """The turns that LENA itself counts in its file; None for any other file, which lacks words and utterances.

    Child segments with utterances (CHN, CHF) and near adult ones with words (FAN, MAN) are of two parties; CXN is of
    neither and breaks a chain. A chain also ends where the next such segment begins 5 s or more after the last one's end,
    and with a Recording. Neighbours of one party are one run, and each chain counts floor(runs / 2) (Gilkerson et al. 2017;
    that far child segments count, and overlaps do not matter, is re-derived from LENA's files).
    """
    events = session.events
    if RECORDING not in events.actors or not any(f"{what}@{who}" in events.actors for who, what in _COUNTED.items()):
        return None
    party = np.array([_PARTIES.get(actor, NONE) for actor in events.actors])[events.actor]
    row = np.flatnonzero((party == OTHER) | _told(session))
    marks = np.flatnonzero(events.actor == events.actors.index(RECORDING))
    recording = np.searchsorted(events.start[marks], events.start[row], "right")
    borders = np.searchsorted(recording, np.arange(len(marks) + 2))
    sounds = Sounds(events.start[row], events.end[row], party[row].astype(np.uint8), borders)
    return int(talk(sounds, gap_ms=TURN_GAP_MS).turns.sum())


def _told(session: Session) -> Bools:
    """(n,) the rows that LENA counted utterances or words in."""
    events = session.events
    told = np.zeros(len(events), np.bool_)
    for who, what in _COUNTED.items():
        if f"{what}@{who}" in events.actors:
            hanging = np.flatnonzero((events.actor == events.actors.index(f"{what}@{who}")) & (session.parent != NONE))
            counts = _numbers(session, hanging)
            told[session.parent[hanging[counts > 0]]] = True
    return told


def _numbers(session: Session, row: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    events = session.events
    value = {code: _number(events.codes[code]) for code in np.unique(events.code[row]).tolist()}
    return np.array([value[code] for code in events.code[row].tolist()], np.float64)


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0
