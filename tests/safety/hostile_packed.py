"""Harm in what is packed: zip archives (Datavyu) and Parquet."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import polars as pl
from tests.safety.hostile import Case, read, refused
from tests.safety.samples import DATAVYU_DB, datavyu, parquet_file, zipped

GIB = 2**30
STORED = zipfile.ZIP_STORED


def cases() -> Iterator[Case]:
    yield from _archives()
    yield from _cells()
    yield from _parquets()


def _archives() -> Iterator[Case]:
    db = ("db", DATAVYU_DB)
    yield refused("zip bomb", "visit.opf", _bomb, "far more")
    yield refused("zip bomb that lies about its size", "visit.opf", lambda: _lying(_bomb(), 100), "")
    yield refused("zip bomb in a zip bomb", "visit.opf", lambda: zipped(("db", _bomb())), "")
    yield read("zip bomb beside it", "visit.opf", lambda: zipped(db, ("1", b"\0" * 2**24)))
    yield read("lying header, larger", "visit.opf", lambda: _lying(datavyu(), 2**31))  # what it says is not believed
    yield refused("lying header, smaller", "visit.opf", lambda: _lying(datavyu(), 3), "")
    yield refused("lying header, checksum", "visit.opf", lambda: _other(datavyu(), 16, b"\0\0\0\0"), "not a whole zip")
    yield refused("lying header, method", "visit.opf", lambda: _other(datavyu(), 10, b"\x63\0"), "Datavyu does not use")
    yield refused("overlapping members", "visit.opf", _overlapping, "")
    yield refused("65,535 members stated", "visit.opf", lambda: _end(zipped(db), b"\xff\xff\xff\xff"), "20 members")
    yield refused("100,000 members", "visit.opf", _many, "20 members")
    yield refused("duplicate members", "visit.opf", lambda: zipped(db, db), "2 members")
    yield refused("encrypted member", "visit.opf", lambda: _other(zipped(db), 8, b"\1\0"), "password")
    yield refused("no such member", "visit.opf", lambda: zipped(("DB", DATAVYU_DB)), "no members")
    yield refused("a file in a folder", "visit.opf", lambda: zipped(("x/db", DATAVYU_DB)), "no members")
    yield refused("../ in a name", "visit.opf", lambda: zipped(("../db", DATAVYU_DB)), "no members")
    yield read(
        "../ in a name beside it", "visit.opf", lambda: zipped(db, ("../../../../tmp/attunement-was-here", b"x"))
    )
    yield read("an absolute name beside it", "visit.opf", lambda: zipped(db, ("/tmp/attunement-was-here", b"x")))
    yield refused("link member", "visit.opf", _link, "none of Datavyu")
    yield read(
        "YAML that makes things", "visit.opf", lambda: zipped(("project", b"!!python/object/apply:os.system [id]"), db)
    )
    yield refused("another archive", "visit.opf", lambda: zipped(("word/document.xml", b"<w/>")), "no members")
    yield refused("only an end", "visit.opf", lambda: b"PK\5\6" + b"\0" * 18, "")
    yield refused("half of it", "visit.opf", lambda: datavyu()[: len(datavyu()) // 2], "not a whole zip")


def _bomb() -> bytes:
    """1 GiB of nothing in 1 MB, packed once and put together by hand."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = b"\0" * 2**20
    packed = b"".join(packer.compress(piece) for _ in range(256)) + packer.flush()
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), 2**28, 2, 0) + b"db"
    listed = (
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(packed), 2**28, 2, 0, 0, 0, 0, 0, 0) + b"db"
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(head) + len(packed), 0)
    return head + packed + listed + end


def _lying(archive: bytes, size: int) -> bytes:
    """The unpacked size in both headers of the last member is another one."""
    at, local = archive.rfind(b"PK\1\2"), archive.rfind(b"PK\3\4")
    told = struct.pack("<I", size)
    archive = archive[: at + 24] + told + archive[at + 28 :]
    return archive[: local + 22] + told + archive[local + 26 :]


def _other(archive: bytes, at: int, put: bytes) -> bytes:
    """Bytes of the last member's entry in the list are others."""
    begin = archive.rfind(b"PK\1\2") + at
    return archive[:begin] + put + archive[begin + len(put) :]


def _end(archive: bytes, counts: bytes) -> bytes:
    at = archive.rfind(b"PK\5\6") + 8
    return archive[:at] + counts + archive[at + 4 :]


def _overlapping() -> bytes:
    """Two entries of the list that mean the same packed bytes."""
    one = zipped(("db", DATAVYU_DB))
    at, end = one.rfind(b"PK\1\2"), one.rfind(b"PK\5\6")
    entry = one[at:end]
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 2, 2, 2 * len(entry), at, 0)
    return one[:at] + entry + entry + tail


def _many() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", STORED) as archive:
        for at in range(100_000 // 4):  # more would only take longer to make
            archive.writestr(zipfile.ZipInfo(f"m{at}"), b"")
    return into.getvalue()


def _link() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        link = zipfile.ZipInfo("db")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return into.getvalue()


def _cells() -> Iterator[Case]:
    def cell(text: str, column: str = "x (MATRIX,true,)-a|NOMINAL,b|NOMINAL"):  # type: ignore[no-untyped-def]  # a Make
        return lambda: datavyu(f"#4\n{column}\n{text}\n".encode(), how=STORED)

    yield read("reversed times", "visit.opf", cell("00:00:05:000,00:00:01:000,(1,2)"), "times-reversed")
    yield read("beyond 48 hours", "visit.opf", cell("99:00:05:000,99:00:06:000,(1,2)"), "time-too-late")
    yield read("negative time", "visit.opf", cell("-0:00:05:000,00:00:06:000,(1,2)"), "line-not-read")
    yield read(
        "integer of 5,000 digits", "visit.opf", cell(f"{'9' * 5_000}:00:05:000,00:00:06:000,(1,2)"), "line-not-read"
    )
    yield refused("200 KB in one cell", "visit.opf", cell(f"00:00:01:000,00:00:02:000,({'x' * 200_000},)"), "64 KB")
    yield read("200 KB of escapes", "visit.opf", cell("00:00:01:000,00:00:02:000,(" + "\\" * 60_000 + ",)"))
    yield read("60,000 commas", "visit.opf", cell("00:00:01:000,00:00:02:000,(" + "," * 60_000 + ")"), "codes-differ")
    yield read("brackets 100,000 deep", "visit.opf", cell("(" * 100_000), "line-not-read")
    yield read("formula cells", "visit.opf", cell("00:00:01:000,00:00:02:000,(=cmd|' /c calc'!A0,1)"))
    yield read(
        "duplicate columns", "visit.opf", cell("x (MATRIX,true,)-c|NOMINAL\n00:00:01:000,00:00:02:000,(1)"), "id-twice"
    )
    yield refused("zero byte", "visit.opf", cell("00:00:01:000,00:00:02:000,(\0,)"), "zero bytes")
    yield refused(
        "not UTF-8", "visit.opf", lambda: datavyu(b"#4\nx (TEXT,true,)\n00:00:01:000,00:00:02:000,\xe4\n"), "UTF-8"
    )
    yield refused(
        "lone surrogate",
        "visit.opf",
        lambda: datavyu(b"#4\nx (TEXT,true,)\n00:00:01:000,00:00:02:000,\xed\xa0\x80\n"),
        "UTF-8",
    )
    yield refused("100 MB single line", "visit.opf", lambda: datavyu(b"#4\n" + b"x" * 100_000_000), "far more")


def _parquets() -> Iterator[Case]:
    yield refused(
        "half of it", "visit.parquet", lambda: parquet_file()[: len(parquet_file()) // 2], "not a whole Parquet"
    )
    yield refused(
        "footer of 4 GiB", "visit.parquet", lambda: parquet_file()[:-8] + b"\xff\xff\xff\xffPAR1", "not a whole Parquet"
    )
    yield refused("footer cut", "visit.parquet", lambda: parquet_file()[:-8] + b"\4\0\0\0PAR1", "not a whole Parquet")
    yield refused("one value of 200 KB", "visit.parquet", lambda: _table(["x" * 200_000]), "64 KB")
    yield refused("a billion rows stated", "visit.parquet", _rows_stated, "rows")
    yield refused("times are fractions", "visit.parquet", lambda: _table(["x"], start=[0.5]), "no whole numbers")
    yield refused("times are text", "visit.parquet", lambda: _table(["x"], start=["NaN"]), "no whole numbers")
    yield refused("text is a list", "visit.parquet", lambda: _table([["x"]]), "no text")
    yield read("negative time", "visit.parquet", lambda: _table(["x"], start=[-5]), "time-negative")
    yield read("reversed times", "visit.parquet", lambda: _table(["x"], start=[9_000]), "times-reversed")
    yield read("beyond 48 hours", "visit.parquet", lambda: _table(["x"], end=[172_800_001]), "time-too-late")
    yield read("time of 19 digits", "visit.parquet", lambda: _table(["x"], end=[2**63 - 1]), "time-too-late")
    yield read("formula cells", "visit.parquet", lambda: _table(["=1+1"]))
    yield refused("cyclic references", "visit.parquet", lambda: _table(["x"], id=["1"], parent=["1"]), "under itself")


def _table(
    value: list[object], start: list[object] | None = None, end: list[int] | None = None, **more: list[str]
) -> bytes:
    into = io.BytesIO()
    frame = pl.DataFrame({"tier": ["CHI"], "value": value, "start_ms": start or [0], "end_ms": end or [900], **more})
    frame.write_parquet(into)
    return into.getvalue()


def _rows_stated() -> bytes:
    """The footer says that there are a billion rows."""
    whole = parquet_file()
    length = struct.unpack_from("<I", whole, len(whole) - 8)[0]
    body, footer = whole[: -8 - length], whole[-8 - length : -8]
    four_rows = b"\x16\x08\x19"  # field 3, a whole number: 4; then field 4, a list
    assert four_rows in footer
    footer = footer.replace(four_rows, b"\x16\x80\xa8\xd6\xb9\x07\x19", 1)
    return body + footer + struct.pack("<I", len(footer)) + b"PAR1"
