"""What Datavyu codes: cells of columns with a value for each of their codes, as a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from attunement.errors import Severity
from attunement.events import NONE, Index, Reading, Tier
from attunement.formats.notes import Notes
from attunement.formats.rows import Rows, reading

FAR_MS = 2**53  # a time with more digits than any clock has; it becomes an issue like any other late one


@dataclass(slots=True)
class Cells:
    """Columns become tiers, cells rows. A cell's value is its codes' values, by commas, or empty where all are.

    In a column of several codes each value that is set hangs under its cell as well, in a tier `code@column`.
    """

    name: str
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of each column
    kinds: dict[str, str] = field(default_factory=dict)  # of each column, as the file describes it
    column: list[str] = field(default_factory=list)
    values: list[tuple[str, ...]] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    notes: Notes = field(init=False)

    def __post_init__(self) -> None:
        self.notes = Notes(self.name)

    def add(self, column: str, ordinal: str, start: int, end: int, values: Sequence[str]) -> None:
        self.column.append(column)
        self.ids.append(f"{column}.{ordinal}")
        self.start.append(start)
        self.end.append(start if end == 0 < start else end)  # Datavyu's way to write a point in time
        self.values.append(tuple(values))

    def note(self, code: str, place: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.notes.add(code, place, message, severity)


def session(cells: Cells, name: str, format: str) -> Reading:
    tiers = [Tier(column, participant=column, kind=cells.kinds.get(column, "")) for column in cells.codes]
    tier, ids = list(cells.column), list(cells.ids)
    said: list[str] = []
    hung: list[str] = []
    parent = [NONE] * len(tier)
    known = {column: [f"{code}@{column}" for code in codes] for column, codes in cells.codes.items()}
    for row, (column, values) in enumerate(zip(cells.column, cells.values, strict=True)):
        said.append(",".join(values) if any(values) else "")
        for under, one in zip(known[column], values, strict=False):
            if one and min(len(values), len(known[column])) > 1:
                tier.append(under)
                parent.append(row)
                hung.append(one)
                ids.append(f"{cells.ids[row]}.{under.removesuffix(f'@{column}')}")
    above = np.array([row for row in parent if row != NONE], np.int64)
    for column, codes in cells.codes.items():
        if len(codes) > 1:
            tiers += [Tier(f"{code}@{column}", participant=column, parent=column, kind=code) for code in codes]
    said += hung
    words, value = _numbered(said)
    at = {one.name: place for place, one in reversed(list(enumerate(tiers)))}
    first, last = np.array(cells.start, np.int64), np.array(cells.end, np.int64)
    rows = Rows(
        tuple(tiers), words, np.array([at[one] for one in tier], np.int32), value,
        np.concatenate([first, first[above]]), np.concatenate([last, last[above]]),
        ids, np.array(parent, np.int32),
    )  # fmt: skip
    return reading(rows, name=name, format=format, issues=cells.notes.issues())


def _numbered(words: Sequence[str]) -> tuple[tuple[str, ...], Index]:
    known = {word: at for at, word in enumerate(dict.fromkeys(words))}
    return tuple(known), np.fromiter(map(known.__getitem__, words), np.int32, len(words))
