"""Files of the field, read into a session with its issues, and written: `read`, `write`, `formats`, `detect`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path, PurePath

from attunement.errors import NotReadable, WrongUse
from attunement.events import Reading, Session
from attunement.formats.text import MOST_BYTES

HEAD_BYTES = 4_096  # enough of a file to tell what it is

__all__ = ["Format", "detect", "formats", "read", "read_bytes", "sha256", "write", "written"]


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
        "table", "Event table (CSV, TSV)", (".csv", ".tsv", ".txt"), True, True,
        "one row an event: onset, offset or duration, tier, code; or just onset,offset,code without names",
        re.compile(rb"\A\s*[^\s<{\[\0][^\0\r\n]*?[,;\t][^\0]*\Z"),
    ),
)  # fmt: skip


def formats() -> tuple[Format, ...]:
    return _FORMATS


def read(path: str | Path) -> Reading:
    """The session in a file, whatever its format. Raises NotReadable."""
    return read_bytes(_bytes(Path(path)), Path(path).name)


def read_bytes(data: bytes, name: str) -> Reading:
    """The same for bytes; `name` is the file's name, for messages and where the content leaves a doubt."""
    if not data.strip():
        raise NotReadable("it is empty", place=name, remedy="check that it was saved and copied whole")
    found = detect(data[:HEAD_BYTES], name)
    reader = import_module(f"attunement.formats.{found.name}")
    reading: Reading = reader.read(data, name)
    return reading


def detect(head: bytes, name: str) -> Format:
    """Which format a file has, by its first bytes, then by its ending. Raises NotReadable."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "ignore").encode()
    by_ending = next((one for one in _FORMATS if PurePath(name).suffix.lower() in one.endings), None)
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
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        why = (error.strerror or str(error)).lower()
        raise WrongUse(f"it cannot be written ({why})", place=str(target), remedy="check the folder") from None


def written(session: Session, name: str, *, on: datetime | None = None) -> bytes:
    """The bytes of that file, dated `on`, or now."""
    ending = PurePath(name).suffix.lower()
    if ending == ".eaf":
        from attunement.formats import elan_write

        return elan_write.written(session, on=on or datetime.now(UTC))
    if ending == ".csv":
        from attunement.formats import table_write

        return table_write.written(session)
    raise WrongUse(f"we do not write “{ending or 'no ending'}”", place=name, remedy="let the name end in .csv or .eaf")


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
