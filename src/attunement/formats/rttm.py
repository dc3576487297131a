"""RTTM files (.rttm), read: who speaks when, as VTC, VCM and speaker diarization write it; labels are tiers and values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from attunement.clock import SECOND
from attunement.errors import Issue, NotReadable, Severity
from attunement.events import NONE, Bools, Ints, Numbered, Reading, Tier
from attunement.formats.rows import Rows, listed, reading
from attunement.formats.text import LONGEST_FIELD, refuse_long_lines, utf8
from attunement.formats.words import numbered

SPEAKER, NOT_SAID = "SPEAKER", "<NA>"
FIELDS = ("type", "recording", "channel", "onset", "duration", "orthography", "subtype", "speaker", "confidence",
          "lookahead", "more")  # fmt: skip  # nothing has a place in `more`
NOT_READ = ("confidence", "lookahead")
OTHER_TYPES = ("SEGMENT", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "FP", "EDIT", "IP", "SU", "CB", "A/P",
               "NOSCORE", "NO_RT_METADATA", "SPKR-INFO")  # fmt: skip
FAR_MS = 2.0**53

_SPACES = re.compile(rb" {2,}")


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines that tell of a speaker. table: one row each, with FIELDS; number: (n,) their lines in the file."""

    table: pl.DataFrame
    number: Ints
    issues: tuple[Issue, ...]

    @property
    def recordings(self) -> list[str]:
        return self.table["recording"].unique(maintain_order=True).to_list()


def read(data: bytes, name: str) -> Reading:
    """The session of a file that holds one recording. Raises NotReadable, also for several recordings."""
    lines = _lines(data, name)
    if len(lines.recordings) > 1:
        named = ", ".join(one[:40] for one in lines.recordings[:3])
        raise NotReadable(
            f"it holds {len(lines.recordings)} recordings ({named})", place=name,
            remedy="write one file for each, or read them all with attunement.formats.readings",
        )  # fmt: skip
    return _readings(lines, name)[0]


def read_all(data: bytes, name: str) -> tuple[Reading, ...]:
    """A session for each recording in the file, in order of first line; what is off in the file goes with the first.

    Speakers are tiers; a row's value is its subtype where one is given, else the speaker again. Beginning and end are
    each rounded once to whole milliseconds. Raises NotReadable.
    """
    return _readings(_lines(data, name), name)


def _lines(data: bytes, name: str) -> Lines:
    text = _with_spaces(utf8(data, name))
    refuse_long_lines(text, name)
    table = _table(text)
    filled = [len(table) - table[field].null_count() for field in (*FIELDS[:8], "more")]
    if filled != [len(table)] * 8 + [0]:  # to look for doubled spaces in every file costs half as much as reading
        table = _table(_with_single_spaces(text))
    number = np.arange(1, len(table) + 1)
    kind = table["type"].fill_null("")
    speaker = (kind == SPEAKER).to_numpy()
    if not speaker.any():
        raise NotReadable(
            "none of its lines begins with SPEAKER, as those of RTTM do", place=name,
            remedy="a table of counts, such as ALICE's, is no RTTM: read it as .csv",
        )  # fmt: skip
    broken = speaker & ~_whole(table)
    other = ~speaker & (kind != "").to_numpy() & ~kind.str.starts_with(";;").to_numpy()
    issues = _not_speakers(kind.filter(pl.Series(other)), np.flatnonzero(other), name)
    issues += listed(
        "line-not-read", Severity.WARNING, np.flatnonzero(broken).tolist(), lambda row: f"line {number[row]}",
        lambda row: "it needs 8 to 10 fields, with times in seconds, and a label in the eighth; left out", name,
    )  # fmt: skip
    issues += _not_read(table, name)
    kept = speaker & ~broken
    if not kept.any():
        raise NotReadable("no line of it has times and a speaker", place=name, remedy="check how it was written")
    if not kept.all():
        table, number = table.filter(pl.Series(kept)), number[kept]
    return Lines(table, number, tuple(issues))


def _with_spaces(text: bytes) -> bytes:
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.replace(b"\t", b" ") if b"\t" in text else text


def _with_single_spaces(text: bytes) -> bytes:
    return _SPACES.sub(b" ", text).replace(b"\n ", b"\n").removeprefix(b" ")


def _table(text: bytes) -> pl.DataFrame:
    """The columns of a text whose fields stand apart by one space, one row a line; what is no number there is null."""
    kinds = {field: pl.Float64 if field in ("onset", "duration") else pl.String for field in FIELDS}
    head = " ".join(FIELDS).encode() + b"\n"
    return pl.read_csv(
        head + text, separator=" ", schema=kinds, columns=[f for f in FIELDS if f not in NOT_READ],
        quote_char=None, truncate_ragged_lines=True, ignore_errors=True,
    )  # fmt: skip


def _whole(table: pl.DataFrame) -> Bools:
    """Which rows (n,) have all that a speaker's row needs."""
    label = pl.col("speaker")
    sound: Bools = table.select(
        pl.col("onset").is_finite().fill_null(False)
        & pl.col("duration").is_finite().fill_null(False)
        & label.is_not_null() & (label.str.len_bytes() <= LONGEST_FIELD).fill_null(False)
        & (pl.col("subtype").str.len_bytes() <= LONGEST_FIELD).fill_null(False)
        & pl.col("recording").is_not_null() & pl.col("more").is_null()
    ).to_series().to_numpy()  # fmt: skip
    return sound


def _not_speakers(kinds: pl.Series, rows: Ints, name: str) -> list[Issue]:
    """Lines of RTTM's other types are counted; what is no RTTM at all is named."""
    known = kinds.is_in(OTHER_TYPES).to_numpy()
    counts = kinds.filter(pl.Series(known)).value_counts(sort=True).iter_rows()
    issues = [
        Issue("lines-not-used", Severity.NOTE, name, f"{count} lines of type {kind} do not tell who speaks when")
        for kind, count in counts
    ]
    why = "it begins with none of the types of RTTM; left out"
    strange = (rows[~known] + 1).tolist()
    return issues + listed("line-not-read", Severity.WARNING, strange, lambda at: f"line {at}", lambda at: why, name)


def _not_read(table: pl.DataFrame, name: str) -> list[Issue]:
    issues = []
    said = int((table["orthography"].fill_null(NOT_SAID) != NOT_SAID).sum())
    if said:
        note = f"{said} rows say in their sixth field what was said; it is not read"
        issues.append(Issue("columns-not-read", Severity.NOTE, name, note))
    if table["channel"].drop_nulls().n_unique() > 1:
        issues.append(Issue("channels-joined", Severity.NOTE, name, "it has several channels; they are read as one"))
    return issues


def _readings(lines: Lines, name: str) -> tuple[Reading, ...]:
    table, recordings = lines.table, lines.recordings
    if len(recordings) == 1:
        return (_reading(table, lines.number, recordings[0], name, lines.issues),)
    parts = table.with_columns(pl.Series("line", lines.number)).partition_by("recording", maintain_order=True)
    return tuple(
        _reading(part, part["line"].to_numpy(), recording, name, () if at else lines.issues)
        for at, (recording, part) in enumerate(zip(recordings, parts, strict=True))
    )


def _reading(table: pl.DataFrame, number: Ints, recording: str, name: str, issues: Sequence[Issue]) -> Reading:
    onset, duration = table["onset"].to_numpy(), table["duration"].to_numpy()
    speakers, tier = numbered(table["speaker"])
    values, value = speakers, tier
    given = (table["subtype"] != NOT_SAID).fill_null(False)
    if given.any():
        text = pl.select(pl.when(given).then(table["subtype"]).otherwise(table["speaker"])).to_series()
        values, value = numbered(text)
    tiers = tuple(Tier(speaker, participant=speaker, kind=SPEAKER) for speaker in speakers)
    rows = Rows(
        tiers, values, tier, value, _milliseconds(onset), _milliseconds(onset + duration), Numbered(("line",), number),
        np.full(len(number), NONE, np.int32),
    )  # fmt: skip
    return reading(rows, name=recording, format="rttm", issues=issues)


def _milliseconds(seconds: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Ints:
    return np.rint(np.clip(seconds * SECOND, -FAR_MS, FAR_MS)).astype(np.int64)
