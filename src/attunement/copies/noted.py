"""The moments of a copy as the columns of a diary, and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from attunement.copies.archive import Copy
from attunement.errors import NotReadable, WrongUse
from attunement.events import CALM_BINS, NONE, Diary
from attunement.schemes import scheme

EPOCH = date(1970, 1, 1).toordinal()
COLUMNS = (
    "child", "moment", "day", "happened_at", "precision", "signal", "acts", "outcome", "mended", "calm", "feeling",
    "with_child", "words",
)  # fmt: skip


def diary_of(copy: Copy, *, child: str | None = None) -> Diary:
    """The noted moments by day, without those taken away; of one child where several are in the copy.

    Codes that the scheme no longer has count as not said. Raises NotReadable, WrongUse.
    """
    at, moments = scheme("attunement").at, sorted(_shown(copy, child), key=lambda row: row["happened_at"])
    acts = [(row, at[act]) for row, moment in enumerate(moments) for act in moment["acts"] if act in at]
    return Diary(
        day=_column([moment["day"].toordinal() - EPOCH for moment in moments]),
        signal=_column([at.get(moment["signal"], NONE) for moment in moments]),
        outcome=_column([at.get(moment["outcome"], NONE) for moment in moments]),
        mended=_column([NONE if moment["mended"] is None else int(moment["mended"]) for moment in moments]),
        calm=_column([NONE if moment["calm"] is None else moment["calm"] for moment in moments]),
        act_row=_column([row for row, _ in acts]),
        act_code=_column([act for _, act in acts]),
        codes=scheme("attunement").ids,
    )


def table_of(copy: Copy, *, child: str | None = None) -> Iterator[tuple[str, ...]]:
    """Rows of text under `COLUMNS`, in the order of the copy."""
    for row in _shown(copy, child):
        said = {True: "yes", False: "not yet", None: ""}[row["mended"]]
        calm = "" if row["calm"] is None else CALM_BINS[row["calm"]]
        yield (
            row["child"], row["id"], row["day"].isoformat(), row["happened_at"], row["precision"], row["signal"],
            " ".join(row["acts"]), row["outcome"], said, calm, row["feeling"], row["with_child"], row["words"],
        )  # fmt: skip


def _shown(copy: Copy, child: str | None) -> Iterator[dict[str, Any]]:
    known = [str(row.get("id")) for row in copy.rows("children")]
    if child is not None and child not in known:
        raise WrongUse("this copy holds no such child", place=child[:40], remedy=f"it holds {', '.join(known)}")
    for number, row in enumerate(copy.rows("moments"), 1):
        if row.get("removed_at") is None and child in (None, row.get("child")):
            yield _checked(row, number)


_TEXTS: Sequence[str] = (
    "id", "child", "happened_at", "local_day", "precision", "signal", "outcome", "feeling", "with_child", "words",
)  # fmt: skip


def _checked(row: Mapping[str, object], number: int) -> dict[str, Any]:
    """The row with its day as a date; only what columns are made of is looked at."""
    acts, mended, calm = row.get("acts"), row.get("mended"), row.get("calm")
    is_whole = all(type(row.get(name)) is str for name in _TEXTS) and type(mended) in (bool, type(None))
    is_whole &= calm is None or (type(calm) is int and 0 <= calm < len(CALM_BINS))
    is_whole &= isinstance(acts, list) and all(type(act) is str for act in acts)
    try:
        day = date.fromisoformat(str(row.get("local_day")))
    except ValueError:
        is_whole = False
    if not is_whole:
        raise NotReadable("this moment is not written as ours are", place=f"moments, line {number}")
    return {**row, "day": day}


def _column(values: Sequence[int]) -> Any:
    return np.array(values, np.int32)
