"""The scheme for files that no scheme knows: tiers are actors, values are codes, and nothing fits anything."""

from __future__ import annotations

from collections import Counter

import numpy as np

from attunement.errors import Issue, Severity
from attunement.events import Session, events_from_rows
from attunement.schemes.coding import outside
from attunement.schemes.scheme import Code, Coding, Endings, Scheme

NAME = "as-written"
MOST_VALUES = 60  # a tier with more different values, or hardly a value twice, holds text and not codes
FREE_TEXT = "(text)"


def code_as_written(session: Session, *, nearest: str = "") -> Coding:
    """States and counts of every tier as it stands; free text counts as one code, and empty values as none.

    nearest: which scheme comes closest, and how close, for the note that says that none is near enough.
    """
    events = session.events
    free = _free_text_tiers(session)
    rows, listed = [], []
    for row in range(len(events)):
        tier, value = events.actors[events.actor[row]], events.codes[events.code[row]].strip()
        if value:
            rows.append(row)
            listed.append((tier, FREE_TEXT if tier in free else value, int(events.start[row]), int(events.end[row])))
    codes = tuple(dict.fromkeys(code for _, code, _, _ in listed))
    length = int(events.duration_ms[0])
    watched = session.watched
    coded = events_from_rows(
        listed, name=session.name, duration_ms=length, observed_ms=sum(span.length for span in watched), codes=codes
    )
    note = Issue(
        "no-scheme", Severity.NOTE, session.name,
        "no scheme says who does what here, so only states and counts can be given; name one with --scheme"
        + (f" ({nearest})" if nearest else ""),
    )  # fmt: skip
    return Coding(coded, _scheme(codes), watched, (note, *outside(coded, watched)), np.array(rows, np.int64), session)


def _free_text_tiers(session: Session) -> frozenset[str]:
    events = session.events
    values: dict[int, Counter[int]] = {}
    for tier, value in zip(events.actor.tolist(), events.code.tolist(), strict=True):
        values.setdefault(tier, Counter())[value] += 1
    return frozenset(
        events.actors[tier]
        for tier, found in values.items()
        if len(found) > MOST_VALUES or (len(found) > 1 and 2 * len(found) > found.total())
    )


def _scheme(codes: tuple[str, ...]) -> Scheme:
    nothing = np.zeros((len(codes), len(codes)), np.bool_)
    return Scheme(
        name=NAME, version="1.0", title="Tiers and values as they stand in the file", about="",
        codes=tuple(Code(code, "other", "other") for code in codes),
        rules=(), skipped_tiers=(), observed_tiers=(), endings=Endings(), fits=nothing, matches=nothing,
    )  # fmt: skip
