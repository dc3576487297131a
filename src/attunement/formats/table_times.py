"""Times as a table writes them, in whole milliseconds, and how we know their unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from attunement.clock import HOUR, LONGEST_MS, MINUTE, SECOND
from attunement.errors import Issue, NotReadable, Severity
from attunement.events import Ints
from attunement.formats.table_columns import Unit

Floats = npt.NDArray[np.float64]

MS = {"ms": 1, "s": SECOND, "min": MINUTE}
FAR_MS = 2.0**53
# h:m:s.fraction or m:s, Datavyu's h:m:s:ms too
_CLOCK = r"\A(?:([0-9]{1,9}):)?([0-9]{1,9}):([0-9]{1,9})(?:[.,:]([0-9]{1,9}))?\z"


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """A column of times before its unit is applied. numbers: (n,) NaN where none; empty: (n,) nothing is written.

    decimals: whether one of them is written with a decimal point, as 2.0 is.
    """

    numbers: Floats
    unit: Unit  # as stated, or "clock" when read so (then in ms)
    empty: npt.NDArray[np.bool_]
    decimals: bool = False


def times(column: pl.Series, unit: Unit, *, comma: bool, name: str) -> Times:
    """comma: whether a comma can only be a decimal point here. Raises NotReadable for frames."""
    if unit == "frames":
        raise NotReadable("its times are frames of a video", place=name, remedy="write them in ms or s instead")
    numbers = column.cast(pl.Float64, strict=False)
    decimals = not unit and bool(column.str.contains(r"[.,]" if comma else r"\.").any())
    if unit != "clock" and not numbers.null_count():
        return Times(_finite(numbers), unit, np.zeros(len(column), np.bool_), decimals)
    text = column.str.strip_chars()
    empty = (text == "").to_numpy()
    if unit == "clock" or text.str.contains(":", literal=True).any():
        return Times(_clock(text), "clock", empty)
    plain = text.str.replace(",", ".", literal=True) if comma else text
    return Times(_finite(plain.cast(pl.Float64, strict=False)), unit, empty, decimals)


def _finite(numbers: pl.Series) -> Floats:
    found = numbers.fill_null(np.nan).to_numpy().copy()
    found[~np.isfinite(found)] = np.nan
    return found


def _clock(text: pl.Series) -> Floats:
    parts = pl.DataFrame({f"g{group}": text.str.extract(_CLOCK, group) for group in range(1, 5)})
    hours, minutes, seconds, rest = (parts.to_series(at) for at in range(4))
    fraction = ("0." + rest).cast(pl.Float64, strict=False).fill_null(0.0)
    total = hours.cast(pl.Float64).fill_null(0.0) * HOUR + minutes.cast(pl.Float64) * MINUTE
    return (total + (seconds.cast(pl.Float64) + fraction) * SECOND).fill_null(np.nan).to_numpy().copy()


def one_unit(found: list[Times], name: str) -> tuple[str, list[Issue]]:
    """The unit of times that state none, with what to say of it.

    A stated one of another column counts first. Else times with decimals are seconds. Whole numbers are
    milliseconds when they would lie beyond 48 hours as seconds; below, they may be either, and no number rests on a guess.
    """
    stated = next((times.unit for times in found if times.unit in MS), None)
    silent = [times.numbers for times in found if times.unit == ""]
    if stated is not None or not silent:
        return stated or "ms", []
    numbers = np.concatenate(silent)
    numbers = numbers[~np.isnan(numbers)]
    far = bool(numbers.max(initial=0) > LONGEST_MS / SECOND)
    if (numbers != np.floor(numbers)).any() or (not far and any(times.decimals for times in found)):
        note = "no unit is stated; times have decimals, so they are read as seconds"
        return "s", [Issue("unit-taken", Severity.NOTE, name, note)]
    if far:
        note = "no unit is stated; times are whole and too many for seconds, so they are read as milliseconds"
        return "ms", [Issue("unit-taken", Severity.NOTE, name, note)]
    if not numbers.any():
        return "ms", []  # nothing but zeros, if anything
    why = (
        "no unit is stated, and whole numbers may be seconds or milliseconds; name the columns onset_s and offset_s, or "
        "onset_ms and offset_ms. Here they are read as milliseconds"
    )
    return "ms", [Issue("unit-not-stated", Severity.ERROR, name, why)]


def milliseconds(found: Times, unit: str) -> Ints:
    """Whole milliseconds, 0 where there is no number."""
    scale = 1 if found.unit == "clock" else MS[found.unit or unit]
    numbers = np.clip(np.nan_to_num(found.numbers), -FAR_MS, FAR_MS)  # before they grow beyond what a float holds
    return np.rint(np.clip(numbers * scale, -FAR_MS, FAR_MS)).astype(np.int64)
