"""Every hostile file, for every format that it applies to; all are made by code when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from tests.safety import hostile_packed, hostile_text, hostile_xml
from tests.safety.hostile import Case, read, refused
from tests.safety.samples import samples

TEXTS = ("elan", "chat", "lena", "rttm", "textgrid", "boris", "boris_table", "datavyu_table", "table")
OTHERS = {  # what a file of another type looks like
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4\0\0\0\3\0\x08\2\0\0\0" + b"\xa5" * 200,
    "a film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\x5a" * 200,
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\n" + b"\x81" * 200,
    "a web page": b"<!doctype html><html><body><script>alert(1)</script></body></html>",
}  # fmt: skip
HALF = dict.fromkeys(("elan", "lena", "boris", "boris_table", "datavyu", "parquet"), refused)  # the others go by lines
BIDI = "\u202egnp.CHI\u2066"


def corpus() -> list[Case]:
    return [*hostile_xml.cases(), *hostile_packed.cases(), *hostile_text.cases(), *_of_every_kind()]


def _of_every_kind() -> Iterator[Case]:
    for format, (file, sound) in samples().items():
        make = sound[0]
        yield refused("empty", file, lambda: b"", "empty")
        for kind, other in OTHERS.items():
            yield refused(f"file of another type, {kind}", file, lambda o=other: o)
        first = read if format == "chat" else refused  # a sign such as @U may be all that a transcript has
        yield first("its first bytes", file, lambda m=make: m()[:3], "file-cut" if format == "chat" else "")
        yield HALF.get(format, read)(
            "half of it", file, lambda m=make: m()[: len(m()) // 2], "" if format in HALF else "*"
        )
        if format in TEXTS:
            yield from _letters(file, make())


def _letters(file: str, data: bytes) -> Iterator[Case]:
    """The letters of a text are in another encoding, in several, or are none."""
    text = data.decode()
    yield refused("zero byte", file, lambda: _after(data, b"\0"), "zero bytes")
    yield refused("lone surrogate", file, lambda: _after(data, b"\xed\xa0\x80"), "UTF-8")
    yield refused("mixed encodings", file, lambda: _after(data, "ä".encode() + "ä".encode("cp1252")), "UTF-8")
    yield refused("UTF-16 without its mark", file, lambda: text.encode("utf-16-le"))
    yield refused("half a sign of UTF-16", file, lambda: text.encode("utf-16") + b"\0", "UTF-16")
    yield refused("UTF-16 with a lone surrogate", file, lambda: text.encode("utf-16") + b"\0\xd8", "UTF-16")
    yield refused("UTF-32", file, lambda: text.encode("utf-32"))
    yield read("CR-only lines", file, lambda: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r"), "*")
    yield read(
        "bidi controls",
        file,
        lambda: text.replace("CHI", BIDI).replace("hands", BIDI).replace("hug", BIDI).encode(),
        "*",
    )


def _after(data: bytes, put: bytes) -> bytes:
    """The text with something strange near its end, where no first look meets it."""
    at = len(data) - 20
    return data[:at] + put + data[at:]
