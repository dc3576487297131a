"""Files of the field, read into a session with its issues, and written: `read`, `write`, `formats`, `detect`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path, PurePath
from types import ModuleType

from attunement.errors import NotReadable, WrongUse
from attunement.events import Reading, Session
from attunement.formats.keeping import elan_not_kept, not_kept
from attunement.formats.text import MOST_BYTES
from attunement.formats.whole import whole

HEAD_BYTES = 4_096  # enough of a file to tell what it is

__all__ = [
    "Format",
    "detect",
    "elan_not_kept",
    "formats",
    "not_kept",
    "read",
    "read_bytes",
    "readings",
    "readings_in",
    "sha256",
    "write",
    "written",
]


@dataclass(frozen=True, slots=True)
class Format:
    """One file format. `sign` is found in the first bytes of such a file and of no other."""

    name: str
    title: str
    endings: tuple[str, ...]
    reads: bool
    writes: bool
    note: str
    sign: re.Pattern[bytes]


_FORMATS = (
    Format(
        "elan", "ELAN annotation document", (".eaf",), True, True,
        "tiers are who, values are what; all tier kinds, vocabularies, slots without a time",
        re.compile(rb"<ANNOTATION_DOCUMENT\b"),
    ),
    Format(
        "chat", "CHAT transcript", (".cha",), True, False,
        "speakers are tiers, utterances with a time bullet are rows; %add and others hang under them as add@CHI",
        re.compile(rb"\A\s*@(UTF8|Begin|Font|PID|Languages|Participants|Window|ColorWords)\b"),
    ),
    Format(
        "rttm", "RTTM (VTC, VCM, diarization)", (".rttm",), True, True,
        "who speaks when: labels are tiers and values; several recordings in one file are several sessions",
        re.compile(rb"\A(?:;;[^\n]*\n|\s)*(SPEAKER|SPKR-INFO|LEXEME|NON-LEX|NON-SPEECH)[ \t]+\S+[ \t]+\S+[ \t]+[\d.<]"),
    ),
    Format(
        "textgrid", "Praat TextGrid", (".textgrid",), True, True,
        "long, short and chronological text form; labels are values, rows without a label mean that nothing was there",
        re.compile(rb"\A\s*(File type\s*=\s*)?\"ooTextFile|\A\s*\"Praat chronological TextGrid|\AooBinaryFile"),
    ),
    Format(
        "lena", "LENA recording", (".its",), True, False,
        "labels are tiers, LENA's counts hang under them as utterances@CHN or words@FAN; not who the child is",
        re.compile(rb"<ITS\b"),
    ),
    Format(
        "boris", "BORIS project", (".boris",), True, True,
        "subjects are tiers, behaviours values; states are paired from their presses; each observation is a session",
        re.compile(rb"\A\s*\{[^\0]*\"(behaviors_conf|subjects_conf|behavioral_categories|project_format_version)\"\s*:"),
    ),
    Format(
        "boris_table", "BORIS export (CSV, TSV)", (".csv", ".tsv"), True, False,
        "events by START and STOP below their preamble, or aggregated: a bout a row; each observation is a session",
        re.compile(
            rb"\A\"?Observation id\"?[,;\t]|\bBehavior\"?[,;\t]\"?Behavioral category\b|\A[^\0\r\n]*\t(STATE|POINT)\t\d"
        ),
    ),
    Format(
        "datavyu", "Datavyu spreadsheet", (".opf",), True, False,
        "columns are tiers; a cell's value is its codes by commas, and each code hangs under it as code@column",
        re.compile(rb"\APK\x03\x04"),
    ),
    Format(
        "datavyu_table", "Datavyu export (CSV)", (".csv",), True, False,
        "a cell a row, the columns below each other (file,column,ordinal,...) or side by side (hands.ordinal,...)",
        re.compile(rb"\A[^\0\r\n]*\.ordinal\"?[,;\t][^\0\r\n]*\.onset\b|\A\"?file\"?,\"?column\"?,\"?ordinal\"?,", re.I),
    ),
    Format(
        "parquet", "Event table (Parquet)", (".parquet",), True, True,
        "columns session, tier, value, start_ms, end_ms, and participant, id, parent, duration_ms where they are; "
        "one session or many",
        re.compile(rb"\APAR1"),
    ),
    Format(
        "table", "Event table (CSV, TSV)", (".csv", ".tsv", ".txt"), True, True,
        "one row an event: onset, offset or duration, tier, code; or just onset,offset,code without names",
        re.compile(rb"\A\s*[^\s<{\[\0][^\0\r\n]*?[,;\t][^\0]*\Z"),
    ),
)  # fmt: skip

_WRITERS = {".csv": "table_write", ".eaf": "elan_write", ".rttm": "rttm_write", ".textgrid": "textgrid_write",
            ".boris": "boris_write", ".parquet": "parquet"}  # fmt: skip
_DATED = ("elan_write", "boris_write")  # formats that say when they were written


def formats() -> tuple[Format, ...]:
    return _FORMATS


def read(path: str | Path) -> Reading:
    """The session in a file, whatever its format. Raises NotReadable."""
    return read_bytes(_bytes(Path(path)), Path(path).name)


def read_bytes(data: bytes, name: str) -> Reading:
    """The same for bytes; `name` is the file's name, for messages and where the content leaves a doubt."""
    reading: Reading = _reader(data, name).read(data, name)
    return reading


def readings(path: str | Path) -> tuple[Reading, ...]:
    """Every session in a file: those of kinds that may hold several recordings (RTTM), or the one. Raises NotReadable."""
    return readings_in(_bytes(Path(path)), Path(path).name)


def readings_in(data: bytes, name: str) -> tuple[Reading, ...]:
    """The same for bytes that are in memory; `name` as in `read_bytes`."""
    reader = _reader(data, name)
    if not hasattr(reader, "read_all"):
        return (reader.read(data, name),)
    found: tuple[Reading, ...] = reader.read_all(data, name)
    return found


def _reader(data: bytes, name: str) -> ModuleType:
    if not data or data.isspace():
        raise NotReadable("it is empty", place=name, remedy="check that it was saved and copied whole")
    return import_module(f"attunement.formats.{detect(data[:HEAD_BYTES], name).name}")


def detect(head: bytes, name: str) -> Format:
    """Which format a file has, by its first bytes, then by its ending. Raises NotReadable."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "ignore").encode()
    # Of several formats with one ending the last one is the plainest.
    by_ending = next((one for one in reversed(_FORMATS) if PurePath(name).suffix.lower() in one.endings), None)
    by_sign = next((one for one in _FORMATS if one.sign.search(head.removeprefix(b"\xef\xbb\xbf"))), None)
    found = by_sign or by_ending
    if found is None:
        raise NotReadable(
            "we do not know this kind of file", place=name, remedy="`attunement formats` lists those we read"
        )
    return found


def write(session: Session, path: str | Path, *, replace: bool = False) -> None:
    """The session as a file of the format that the ending names, whole or not at all.

    Raises WrongUse for an unknown ending, for what the format cannot hold, and for a file that is there
    already unless `replace` is true.
    """
    target = Path(path)
    data = written(session, target.name)
    if target.exists() and not replace:
        raise WrongUse(
            "a file of this name is there already", place=str(target), remedy="choose another name or --force"
        )
    with whole(target) as beside:
        beside.write_bytes(data)


def written(session: Session, name: str, *, on: datetime | None = None) -> bytes:
    """The bytes of that file, dated `on`, or now."""
    ending = PurePath(name).suffix.lower()
    writer = _WRITERS.get(ending)
    if writer is None:
        named = ", ".join(_WRITERS)
        raise WrongUse(f"we do not write “{ending or 'no ending'}”", place=name, remedy=f"let the name end in {named}")
    module = import_module(f"attunement.formats.{writer}")
    dated = {"on": on or datetime.now(UTC)} if writer in _DATED else {}
    data: bytes = module.written(session, **dated)
    return data


def sha256(path: str | Path) -> str:
    """The file's fingerprint, in hexadecimal. Raises NotReadable."""
    return hashlib.sha256(_bytes(Path(path))).hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)  # the reader refuses one byte too many
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise NotReadable(f"it cannot be opened ({why})", place=str(path), remedy="check its name and place") from None
