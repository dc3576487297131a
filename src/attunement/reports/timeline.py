"""Both partners of a session on one time line, drawn wide for a desk and narrow for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from attunement.clock import HOUR, MINUTE, SECOND, Span, show_duration
from attunement.events import Bools, Events, Ints
from attunement.reports import svg
from attunement.reports.svg import Picture

WIDE, NARROW = 960, 360
_COLOURS = {"child": svg.CHILD, "adult": svg.CAREGIVER, "other": svg.OTHER}
_ROW, _TOP, _FOOT = 34, 16, 30
_STEPS = tuple(n * unit for unit in (SECOND, MINUTE, HOUR) for n in (1, 2, 5, 10, 15, 30) if n < 30 or unit != HOUR)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One line of the drawing: whose, in which colour, and which rows of the events."""

    name: str
    kind: Literal["child", "adult", "other"]
    mask: Bools


def draw(events: Events, rows: Sequence[Row], *, observed: Sequence[Span], title: str, width: int, key: str) -> Picture:
    """Each row's events as marks from 0 to the session's end; stretches that were not coded lie in shade."""
    length = max(int(events.duration_ms[0]), 1)
    left, right = (112, width - 12) if width > NARROW else (12, width - 12)
    scale = (right - left) / length
    under_name = width <= NARROW  # on a phone the name stands above its row
    step = _ROW + 16 * under_name
    height = _TOP + step * len(rows) + _FOOT
    shapes = [_not_coded(observed, length, left, scale, height)]
    for at, row in enumerate(rows):
        top = _TOP + at * step + 16 * under_name
        shapes.append(_named(row, top, left, under_name))
        shapes.append(svg.element("path", d=f"M{left} {top + 18}H{right}", stroke=svg.LINE, class_="svg-line"))
        shapes.append(_marks(events.start[row.mask], events.end[row.mask], row, left, top, scale))
    shapes.append(_axis(length, left, right, height - _FOOT + 6, scale))
    return svg.picture(
        shapes, key=key, title=title, summary=in_words(events, rows), width=width, height=height, kind="timeline"
    )


def in_words(events: Events, rows: Sequence[Row]) -> str:
    """The drawing in one sentence: who did how much in how long."""
    said = "; ".join(f"{row.name}: {int(row.mask.sum())} events" for row in rows)
    return f"{show_duration(int(events.duration_ms[0]))} from left to right. {said or 'Nothing was coded'}."


def _named(row: Row, top: int, left: int, above: bool) -> str:
    if above:
        return svg.label(row.name, left, top + 2, colour=_COLOURS[row.kind], kind="name")
    return svg.label(row.name, left - 10, top + 22, colour=_COLOURS[row.kind], anchor="end", kind="name")


def _marks(start: Ints, end: Ints, row: Row, left: int, top: int, scale: float) -> str:
    """One path for all events of a row; those that would touch on paper are drawn as one."""
    if not len(start):
        return ""
    begins = left + start * scale
    ends = np.maximum(left + end * scale, begins + 1.2)  # a point event is still seen
    reach = np.maximum.accumulate(ends)
    fresh = np.concatenate([[True], begins[1:] > reach[:-1] + 0.3])
    last = np.concatenate([np.flatnonzero(fresh)[1:] - 1, [len(start) - 1]])
    path = "".join(
        f"M{a:.1f} {top + 8}H{b:.1f}V{top + 28}H{a:.1f}Z" for a, b in zip(begins[fresh], reach[last], strict=True)
    )
    return svg.element("path", d=path, fill=_COLOURS[row.kind], class_=row.kind)


def _not_coded(observed: Sequence[Span], length: int, left: int, scale: float, height: int) -> str:
    gaps, at = [], 0
    for span in (*observed, Span(length, length)):
        if span.start - at > length / 500:
            gaps.append(Span(at, span.start))
        at = max(at, span.end)
    sides = ((left + gap.start * scale, left + gap.end * scale) for gap in gaps)
    path = "".join(f"M{a:.1f} {_TOP}H{b:.1f}V{height - _FOOT}H{a:.1f}Z" for a, b in sides)
    return svg.element("path", d=path, fill=svg.LINE, fill_opacity="0.45", class_="svg-shade") if path else ""


def _axis(length: int, left: int, right: int, y: int, scale: float) -> str:
    room = max((right - left) // 80, 2)
    step = next((step for step in _STEPS if length / step <= room), 12 * HOUR)
    ticks = range(0, length + 1, step)
    lines = "".join(f"M{left + at * scale:.1f} {y - 6}v5" for at in ticks)
    words = "".join(
        svg.label(_clock(at), left + at * scale, y + 12, size=12, anchor="start" if at == 0 else "middle", kind="time")
        for at in ticks
        if at == 0 or left + at * scale < right - 12
    )
    return svg.element("path", d=lines, stroke=svg.SOFT, class_="svg-tick") + words


def _clock(ms: int) -> str:
    seconds = ms // SECOND
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
