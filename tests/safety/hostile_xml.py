"""Harm in XML: entities, depth, size, references in circles (ELAN, LENA)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.safety.hostile import Case, read, refused
from tests.safety.samples import ELAN, LENA

MIB = 2**20
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
TYPES: dict[str, tuple[bytes, bytes]] = {  # what the document type declares, and what a value holds
    "billion laughs": (b'[<!ENTITY l0 "lol">' + LAUGHS + b"]", b"&l9;"),
    "quadratic blow-up": (b'[<!ENTITY x "' + b"a" * 50_000 + b'">]', b"&x;" * 10_000),
    "external entity, file": (b'[<!ENTITY x SYSTEM "file:///etc/passwd">]', b"&x;"),
    "external entity, http": (b'[<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]', b"&x;"),
    "parameter entities": (b'[<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]', b"0."),
    "parameter entities in each other": (b"[<!ENTITY % a '&#37;b;'><!ENTITY % b '&#37;a;'> %a;]", b"0."),
    "external document type": (b'SYSTEM "http://127.0.0.1:9/x.dtd"', b"0."),
    "attributes by default": (b'[<!ATTLIST TIER PARTICIPANT CDATA "x">]', b"0."),
}
LINK = b'<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></x>'


def cases() -> Iterator[Case]:
    for kind, (declared, value) in TYPES.items():
        yield refused(kind, "visit.eaf", lambda d=declared, v=value: _elan(d, v), "document type")
        yield refused(kind, "visit.its", lambda d=declared, v=value: _lena(d, v), "document type")
    yield from _both("attribute of 8 MiB", lambda file: file.replace(b'="CHI"', b'="%s"' % (b"x" * 8 * MIB)).replace(
        b'="CHN"', b'="%s"' % (b"x" * 8 * MIB)), "longer than 64 KB")  # fmt: skip
    depth = b"<a>" * 100_000 + b"</a>" * 100_000
    yield refused("depth 100,000", "visit.eaf", lambda: _inside(ELAN, depth), "not whole XML")
    yield read("depth 100,000", "visit.its", lambda: _inside(LENA, depth))  # nothing is built, so depth costs nothing
    yield from _both("depth 100,000, never closed", lambda file: _inside(file, b"<a>" * 100_000))
    yield from _both("five million elements", lambda file: _inside(file, b"<a/>" * 5_000_000), "2,000,000 elements")
    yield from _both("100,000 attributes in one tag", lambda file: _inside(file, _wide()), "")
    yield from _both("the same attribute twice", lambda file: _inside(file, b'<a b="1" b="2"/>'), "not whole XML")
    yield from _both("an entity nobody declared", lambda file: _inside(file, b"&nbsp;"), "not whole XML")
    yield from _both("control sign", lambda file: _inside(file, b"\1"), "not whole XML")
    yield from _both("control sign by its number", lambda file: _inside(file, b"&#0;"), "not whole XML")
    yield from _both("lone surrogate by its number", lambda file: _inside(file, b"&#xD800;"), "not whole XML")
    yield from _both("a second root", lambda file: file + b"<a/>", "not whole XML")
    yield from _both("another encoding declared", lambda file: file.replace(b"UTF-8", b"latin-1").replace(b"video", b"\xe4")
                     + b"<!-- \xe4 -->", "UTF-8")  # fmt: skip
    for file, data in (("visit.eaf", ELAN), ("visit.its", LENA)):
        yield read("include of a file", file, lambda d=data: _inside(d, LINK))
        yield read("style sheet from elsewhere", file, lambda d=data: d.replace(
            b"?>\n", b'?>\n<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>\n', 1))  # fmt: skip
        yield read("schema from elsewhere", file, lambda d=data: re.sub(
            rb"<(ANNOTATION_DOCUMENT|ITS)", rb'<\1 xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
            rb'i:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd"', d, count=1))  # fmt: skip
    yield from _circles()
    yield from _times()


def _both(kind: str, harm: Callable[[bytes], bytes], says: str = "") -> Iterator[Case]:
    yield refused(kind, "visit.eaf", lambda: harm(ELAN), says)
    yield refused(kind, "visit.its", lambda: harm(LENA), says)


def _elan(declared: bytes, value: bytes) -> bytes:
    whole = ELAN.replace(b"<ANNOTATION_VALUE>0.", b"<ANNOTATION_VALUE>" + value)
    return whole.replace(b"?>\n", b"?>\n<!DOCTYPE ANNOTATION_DOCUMENT " + declared + b">\n", 1)


def _lena(declared: bytes, value: bytes) -> bytes:
    whole = LENA.replace(b'SYSTEM "its.dtd"', declared)
    return whole.replace(b"<ProcessingUnit>", b"<ProcessingUnit><x>" + value + b"</x>")


def _inside(data: bytes, put: bytes) -> bytes:
    """The file with something in its first large part."""
    for before in (b"<TIME_ORDER>", b"<ProcessingUnit>"):
        data = data.replace(before, before + put, 1)
    return data


def _wide() -> bytes:
    return b"<a " + b" ".join(b'b%d=""' % n for n in range(100_000)) + b"/>"


def _circles() -> Iterator[Case]:
    def to(old: bytes, new: bytes) -> Callable[[], bytes]:
        assert old in ELAN
        return lambda: ELAN.replace(old, new)

    yield refused(
        "cyclic references, a row", "visit.eaf", to(b'ANNOTATION_REF="a1"', b'ANNOTATION_REF="a3"'), "under itself"
    )
    yield refused("cyclic references, siblings", "visit.eaf", to(
        b'"a3" ANNOTATION_REF="a1"', b'"a3" ANNOTATION_REF="a1" PREVIOUS_ANNOTATION="a4"'), "under itself")  # fmt: skip
    yield refused("cyclic references, tiers", "visit.eaf", to(
        b'TIER_ID="CHI"', b'TIER_ID="CHI" PARENT_REF="vcm@CHI"'), "under itself")  # fmt: skip
    yield refused(
        "cyclic references, a tier", "visit.eaf", to(b'PARENT_REF="CHI"', b'PARENT_REF="vcm@CHI"'), "under itself"
    )
    yield read(
        "references to nothing", "visit.eaf", to(b'ANNOTATION_REF="a1"', b'ANNOTATION_REF="zz"'), "dangling-reference"
    )
    yield read("references to nothing, slots", "visit.eaf", to(b'REF1="t1"', b'REF1="zz"'), "dangling-reference")
    yield read(
        "references to nothing, tiers", "visit.eaf", to(b'PARENT_REF="CHI"', b'PARENT_REF="zz"'), "dangling-reference"
    )
    yield read("duplicate ids", "visit.eaf", to(b'ANNOTATION_ID="a2"', b'ANNOTATION_ID="a1"'), "id-twice")
    yield read("duplicate tiers", "visit.eaf", to(b'TIER_ID="vcm@CHI"', b'TIER_ID="CHI"'), "id-twice")
    yield refused("rows 2,000 deep", "visit.eaf", _deep, "64 levels")


def _deep() -> bytes:
    rows = b"".join(
        b'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="d%d" ANNOTATION_REF="d%d"/></ANNOTATION>' % (n + 1, n)
        for n in range(2_000)
    )
    tier = b'<TIER TIER_ID="deep" LINGUISTIC_TYPE_REF="k" PARENT_REF="CHI">' + rows + b"</TIER>"
    return ELAN.replace(b'"a1"', b'"d0"').replace(b"<LINGUISTIC_TYPE ", tier + b"<LINGUISTIC_TYPE ", 1)


def _times() -> Iterator[Case]:
    """Times that cannot be: each is named and its row left out."""

    def slot(time: bytes) -> Callable[[], bytes]:
        return lambda: ELAN.replace(b'TIME_VALUE="900"', b'TIME_VALUE="%s"' % time)

    def end(time: bytes) -> Callable[[], bytes]:
        return lambda: LENA.replace(
            b'startTime="PT1.00S" endTime="PT3.07S"', b'startTime="PT1.00S" endTime="%s"' % time
        )

    yield read(
        "negative time", "visit.eaf", lambda: ELAN.replace(b'TIME_VALUE="0"', b'TIME_VALUE="-900"'), "time-negative"
    )
    yield read("beyond 48 hours", "visit.eaf", slot(b"172800001"), "time-too-late")
    yield read("integer of 5,000 digits", "visit.eaf", slot(b"9" * 5_000), "time-too-late")
    yield read("NaN", "visit.eaf", slot(b"NaN"), "time-not-readable")
    yield read("1e999", "visit.eaf", slot(b"1e999"), "time-not-readable")
    yield read("year 9999", "visit.eaf", slot(b"9999-12-31T23:59:59Z"), "time-not-readable")
    yield read("reversed times", "visit.eaf", lambda: ELAN.replace(
        b'REF1="t2" TIME_SLOT_REF2="t3"', b'REF1="t3" TIME_SLOT_REF2="t1"'), "times-reversed")  # fmt: skip
    yield read("negative time", "visit.its", end(b"PT-3.07S"), "time-not-readable")
    yield read("reversed times", "visit.its", end(b"PT0.50S"), "times-reversed")
    yield read("beyond 48 hours", "visit.its", end(b"PT172801S"), "time-too-late")
    yield read("integer of 5,000 digits", "visit.its", end(b"PT%sS" % (b"9" * 5_000)), "time-not-readable")
    yield read("1e999", "visit.its", end(b"PT1e999S"), "time-not-readable")
    yield read("NaN", "visit.its", end(b"PTNaNS"), "time-not-readable")
    for year in (b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"2026-03-29T02:30:00+01:00"):
        kind = "a clock time that no clock showed" if year.startswith(b"2026") else f"year {year[:4].decode()}"
        yield read(kind, "visit.its", lambda y=year: LENA.replace(b"2026-03-29T01:30:00Z", y))
