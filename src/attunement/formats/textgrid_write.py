"""Praat text grids (.TextGrid), written: the long text form, which Praat opens and which reads back the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from attunement.errors import WrongUse
from attunement.events import NONE, Session
from attunement.formats.text import LONGEST_FIELD

_ELSE = "write a .csv instead"

Row = tuple[int, int, str]  # start, end, label


def written(session: Session) -> bytes:
    """The session's rows as tiers of intervals, or of points, in UTF-8. Raises WrongUse for what Praat cannot hold.

    Participants, ids and media have no place in a text grid.
    """
    events = session.events
    lasts = max(int(events.duration_ms[0]), int(events.end.max(initial=0)))
    if lasts <= 0:
        raise WrongUse("it lasts no time at all, and a text grid covers some", place=session.name, remedy=_ELSE)
    if (session.parent != NONE).any():
        what = "some of its rows hang under others, and a text grid has no place for that"
        raise WrongUse(what, place=session.name, remedy="write it as .eaf or .csv")
    tiers = [(tier.name, _rows(session, tier.name)) for tier in session.tiers]
    parts = [
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
        f"xmin = 0 \nxmax = {_seconds(lasts)} \ntiers? <exists> \nsize = {len(tiers)} \nitem []: \n"
    ]
    if not tiers:
        raise WrongUse("it has no tiers", place=session.name, remedy=_ELSE)
    for at, (name, rows) in enumerate(tiers, 1):
        _refuse(name, rows)
        is_points = bool(rows) and rows[0][0] == rows[0][1]
        kind = "TextTier" if is_points else "IntervalTier"
        parts.append(f'    item [{at}]:\n        class = "{kind}" \n        name = "{_quoted(name)}" \n')
        parts.append(f"        xmin = 0 \n        xmax = {_seconds(lasts)} \n")
        parts.append(_points(rows) if is_points else _intervals(_filled(rows, lasts)))
    return "".join(parts).encode("utf-8")


def _rows(session: Session, tier: str) -> list[Row]:
    events = session.events
    if tier not in events.actors:
        return []
    at = np.flatnonzero(events.actor == events.actors.index(tier))
    labels = [events.codes[code] for code in events.code[at].tolist()]
    return list(zip(events.start[at].tolist(), events.end[at].tolist(), labels, strict=True))


def _refuse(name: str, rows: Sequence[Row]) -> None:
    place = f"tier {name}"
    if name != name.strip():
        raise WrongUse("its name has spaces around it, which are not read back", place=place, remedy=_ELSE)
    if any(start < 0 or end < start for start, end, _ in rows):
        raise WrongUse("a row has an impossible time", place=place, remedy=_ELSE)
    if len({start == end for start, end, _ in rows}) > 1:
        what = "it has points and stretches, and a tier of Praat holds one or the other"
        raise WrongUse(what, place=place, remedy=_ELSE)
    if any(later[0] < row[1] for row, later in pairwise(rows)):
        raise WrongUse("two of its rows overlap, and Praat's tiers cannot", place=place, remedy=_ELSE)
    for label in {name, *(label for _, _, label in rows)}:
        if "\0" in label or "\r" in label or not _fits(label) or (label is not name and not label.strip()):
            what = "a label is empty, too long, or holds a sign that no text grid can"
            raise WrongUse(what, place=place, remedy=_ELSE)


def _fits(label: str) -> bool:
    try:
        return len(label.encode("utf-8")) <= LONGEST_FIELD
    except UnicodeEncodeError:
        return False


def _filled(rows: Sequence[Row], lasts: int) -> list[Row]:
    """The rows, and between them intervals without a label: those of a tier follow each other without gaps."""
    filled: list[Row] = []
    until = 0
    for start, end, label in rows:
        if start > until:
            filled.append((until, start, ""))
        filled.append((start, end, label))
        until = end
    if until < lasts:
        filled.append((until, lasts, ""))
    return filled


def _intervals(rows: Sequence[Row]) -> str:
    return f"        intervals: size = {len(rows)} \n" + "".join(
        f"        intervals [{at}]:\n            xmin = {_seconds(start)} \n            xmax = {_seconds(end)} \n"
        f'            text = "{_quoted(label)}" \n'
        for at, (start, end, label) in enumerate(rows, 1)
    )


def _points(rows: Sequence[Row]) -> str:
    return f"        points: size = {len(rows)} \n" + "".join(
        f'        points [{at}]:\n            number = {_seconds(start)} \n            mark = "{_quoted(label)}" \n'
        for at, (start, _, label) in enumerate(rows, 1)
    )


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _seconds(ms: int) -> str:
    return f"{ms // 1_000}.{ms % 1_000:03}".rstrip("0").rstrip(".")
