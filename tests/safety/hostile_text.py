"""Harm in plain text: event tables, exports, transcripts, RTTM, text grids, BORIS projects."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.safety import samples
from tests.safety.hostile import Case, Make, read, refused
from tests.safety.samples import BORIS, BORIS_EVENTS, CHAT, DATAVYU_BELOW, RTTM, SHORT_TEXTGRID, TEXTGRID

LONG = 200_000
DIGITS = "9" * 5_000


def cases() -> Iterator[Case]:
    yield from _tables()
    yield from _exports()
    yield from _transcripts()
    yield from _diarized()
    yield from _grids()
    yield from _projects()


def _tables() -> Iterator[Case]:
    def row(text: str, header: str = "onset_ms,offset_ms,tier,code") -> Make:
        return lambda: f"{header}\n0,900,CHI,coo\n{text}\n".encode()

    own = "session,tier,participant,value,start_ms,end_ms,id,parent"
    yield read("200 KB CSV field", "visit.csv", row(f"1000,1800,MOT,{'x' * LONG}"), "line-not-read")
    yield read("200 KB CSV field in quotes", "visit.csv", row(f'1000,1800,MOT,"{"x," * LONG}"'), "line-not-read")
    yield refused("200 KB CSV header", "visit.csv", row("", header=f"onset_ms,{'x' * LONG}"), "64 KB")
    yield refused("2,000 columns", "visit.csv", row("", header=",".join(["onset_ms"] * 2_000)), "2000 columns")
    yield read("formula cells", "visit.csv", row('1000,1800,=HYPERLINK("http://127.0.0.1:9"),+1+1'), "")
    yield read("formula cells, later columns", "visit.csv", row("1000,1800,@SUM(A1),-2+3"))
    yield read("NaN", "visit.csv", row("NaN,1800,MOT,x"), "line-not-read")
    yield read("Infinity", "visit.csv", row("1000,Infinity,MOT,x"), "line-not-read")
    yield read("1e999", "visit.csv", row("1000,1e999,MOT,x"), "line-not-read")
    yield read("integer of 5,000 digits", "visit.csv", row(f"0,{DIGITS},MOT,x"), "line-not-read")
    yield read("negative time", "visit.csv", row("-5,900,MOT,x"), "time-negative")
    yield read("reversed times", "visit.csv", row("900,5,MOT,x"), "times-reversed")
    yield read("beyond 48 hours", "visit.csv", row("0,172800001,MOT,x"), "time-too-late")
    yield read(
        "an hour that no clock showed",
        "visit.csv",
        row("2026-03-29T02:30:00,2026-03-29T03:30:00,MOT,x"),
        "line-not-read",
    )
    yield read("year 0001", "visit.csv", row("0001-01-01T00:00:00,0001-01-01T00:00:01,MOT,x"), "line-not-read")
    yield read("year 9999", "visit.csv", row("9999-12-31T23:59:59,9999-12-31T23:59:59,MOT,x"), "line-not-read")
    yield read("a quote that nobody closes", "visit.csv", row('1000,1800,MOT,"x'), "line-not-read")
    yield read(
        "duplicate column names",
        "visit.csv",
        row("1,2,a,b,c", header="onset_ms,offset_ms,tier,code,code"),
        "line-not-read",
    )
    yield read("a row of 100,000 cells", "visit.csv", row("," * 100_000), "line-not-read")
    yield refused("cyclic references", "visit.csv", row("v,a,,x,0,1,1,1", header=own), "under itself")
    yield refused("100 MB single line", "visit.csv", lambda: b"onset_ms," + b"x" * 100_000_000, "longer than 1 MB")
    yield refused(
        "100 MB single line below a header",
        "visit.csv",
        lambda: b"onset_ms,code\n0,coo\n1," + b"x" * 100_000_000,
        "longer than 1 MB",
    )
    yield refused(
        "100 MB single line", "visit.tsv", lambda: BORIS_EVENTS.replace(b"wide", b"x" * 100_000_000), "longer than 1 MB"
    )
    yield refused("100 MB of line ends", "visit.csv", lambda: b"\n" * 100_000_000, "empty")
    yield refused("100 MB of quotes", "visit.csv", lambda: b"onset_ms,code\n" + b'"' * 100_000_000, "longer than 1 MB")


def _exports() -> Iterator[Case]:
    def pressed(old: str, new: str) -> Make:
        assert old.encode() in BORIS_EVENTS
        return lambda: BORIS_EVENTS.replace(old.encode(), new.encode())

    def cell(text: str) -> Make:
        return lambda: DATAVYU_BELOW + f"dyad1,hands,2,{text}\n".encode()

    yield read("1e999", "visit.tsv", pressed("2.0\t", "1e999\t"), "time-not-readable")
    yield read("NaN", "visit.tsv", pressed("2.0\t", "NaN\t"), "time-not-readable")
    yield read("integer of 5,000 digits", "visit.tsv", pressed("2.0\t", f"{DIGITS}\t"), "time-not-readable")
    yield read("negative time", "visit.tsv", pressed("2.0\t", "-2.0\t"), "time-negative")
    yield read("beyond 48 hours", "visit.tsv", pressed("2.0\t", "48:00:01\t"), "time-too-late")
    yield read("an end before its beginning", "visit.tsv", pressed("4.0\t", "1.0\t"), "state-unpaired")
    yield refused("200 KB CSV field", "visit.tsv", pressed("wide", "x" * LONG), "64 KB")
    yield read("formula cells", "visit.tsv", pressed("wide", "=1+1"))
    yield refused("a quote that nobody closes", "visit.tsv", pressed("wide", '"wide'), "told apart")
    yield read("integer of 5,000 digits", "cells.csv", cell(f"{DIGITS},9,left,"), "line-not-read")
    yield read("NaN", "cells.csv", cell("NaN,9,left,"), "line-not-read")
    yield read("negative time", "cells.csv", cell("-9,9,left,"), "time-negative")
    yield read("reversed times", "cells.csv", cell("9,5,left,"), "times-reversed")
    yield read("beyond 48 hours", "cells.csv", cell("9,172800001,left,"), "time-too-late")
    yield read("200 KB CSV field", "cells.csv", cell(f"9,10,{'x' * LONG},"), "line-not-read")


def _transcripts() -> Iterator[Case]:
    def line(text: str) -> Make:
        return lambda: CHAT.replace(b"@End", text.encode() + b"\n@End")

    def bullet(text: str) -> Make:
        return line(f"*CHI:\tba . \x15{text}\x15")

    yield refused("100 MB single line", "visit.cha", lambda: CHAT + b"*CHI:\t" + b"x" * 100_000_000, "longer than 1 MB")
    yield read("a line that goes on for 200 KB", "visit.cha", line("*CHI:\tba" + "\n\tba" * 50_000), "line-not-read")
    yield read("bullets 20,000 in a line", "visit.cha", line("*CHI:\tba" + " \x151_2\x15" * 5_000))
    yield read("brackets 30,000 deep", "visit.cha", line("*CHI:\t" + "[+ " * 15_000 + "\x152000_2100\x15"))
    yield read("integer of 5,000 digits", "visit.cha", bullet(f"2000_{DIGITS}"), "time-too-late")
    yield read("negative time", "visit.cha", bullet("-5_900"), "bullet-not-read")
    yield read("NaN", "visit.cha", bullet("NaN_900"), "bullet-not-read")
    yield read("1e999", "visit.cha", bullet("0_1e999"), "bullet-not-read")
    yield read("reversed times", "visit.cha", bullet("2900_2000"), "times-reversed")
    yield read("beyond 48 hours", "visit.cha", bullet("0_172800001"), "time-too-late")
    yield read(
        "age of 5,000 digits", "visit.cha", lambda: CHAT.replace(b"2;03.04", DIGITS.encode() + b";"), "age-not-read"
    )
    yield read("a document type", "visit.cha", line('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x">'), "line-not-read")


def _diarized() -> Iterator[Case]:
    def row(text: str) -> Make:
        return lambda: RTTM + f"SPEAKER day 1 {text}\n".encode()

    tail = "<NA> <NA> CHI <NA> <NA>"
    yield refused(
        "100 MB single line",
        "visit.rttm",
        lambda: RTTM + b"SPEAKER day 1 2 1 <NA> <NA> " + b"x" * 100_000_000,
        "longer than 1 MB",
    )
    yield read("integer of 5,000 digits", "visit.rttm", row(f"{DIGITS} 1 {tail}"), "line-not-read")
    yield read("NaN", "visit.rttm", row(f"NaN 1 {tail}"), "line-not-read")
    yield read("1e999", "visit.rttm", row(f"1 1e999 {tail}"), "line-not-read")
    yield read("negative time", "visit.rttm", row(f"-1 0.5 {tail}"), "time-negative")
    yield read("reversed times", "visit.rttm", row(f"1 -0.5 {tail}"), "times-reversed")
    yield read("beyond 48 hours", "visit.rttm", row(f"172800 1 {tail}"), "time-too-late")
    yield read("20 fields", "visit.rttm", row(f"1 1 {tail} {tail} {tail}"), "line-not-read")
    yield refused("no line of a speaker", "visit.rttm", lambda: RTTM.replace(b"SPEAKER", b"SPEAKERS"), "SPEAKER")


def _grids() -> Iterator[Case]:
    def other(old: bytes, new: bytes, data: bytes = TEXTGRID) -> Make:
        assert old in data
        return lambda: data.replace(old, new)

    yield read(
        "TextGrid size 999999999",
        "visit.TextGrid",
        other(b"size = 2\n        intervals", b"size = 999999999\n        intervals"),
        "size-differs",
    )
    yield read(
        "TextGrid size 999999999, tiers",
        "visit.TextGrid",
        other(b"size = 2\nitem", b"size = 999999999\nitem"),
        "size-differs",
    )
    yield read(
        "TextGrid size 999999999, short",
        "visit.TextGrid",
        other(b"\n1\n0\n1.25", b"\n999999999\n0\n1.25", SHORT_TEXTGRID),
        "size-differs",
    )
    yield read("size of 5,000 digits", "visit.TextGrid", other(b"size = 2\nitem", f"size = {DIGITS}\nitem".encode()))
    yield read(
        "integer of 5,000 digits", "visit.TextGrid", other(b"xmax = 1.25", f"xmax = {DIGITS}".encode()), "row-not-read"
    )
    yield read("NaN", "visit.TextGrid", other(b"xmax = 1.25", b"xmax = NaN"), "row-not-read")
    yield read("1e999", "visit.TextGrid", other(b"xmax = 1.25", b"xmax = 1e999"), "row-not-read")
    yield read(
        "negative time",
        "visit.TextGrid",
        other(b"xmin = 0\n            xmax = 1.25", b"xmin = -1\n            xmax = 1.25"),
        "time-negative",
    )
    yield read(
        "reversed times",
        "visit.TextGrid",
        other(b"xmin = 0\n            xmax = 1.25", b"xmin = 3\n            xmax = 1.25"),
        "times-reversed",
    )
    yield read("beyond 48 hours", "visit.TextGrid", other(b"xmax = 1.25", b"xmax = 172801"), "time-too-late")
    yield read("a label that nobody closes", "visit.TextGrid", other(b'mark = "up"', b'mark = "up'), "file-cut")
    yield refused(
        "100 MB single line", "visit.TextGrid", other(b'"up"', b'"%s"' % (b"x" * 100_000_000)), "longer than 1 MB"
    )
    yield read("200,000 quotes", "visit.TextGrid", other(b'"up"', b'"%s"' % (b'""' * 100_000)), "value-too-long")
    yield refused("Praat's binary form", "visit.TextGrid", lambda: b"ooBinaryFile\x08TextGrid\0\0\0", "binary form")
    yield refused("another object of Praat", "visit.TextGrid", other(b'"TextGrid"', b'"Sound 1"'), "no text grid")
    yield read("a script for Praat in a label", "visit.TextGrid", other(b'"up"', b'"\'system$: ""id""\'"'))


def _projects() -> Iterator[Case]:
    def time(text: str) -> Make:
        return lambda: BORIS.replace(b"[2, ", f"[{text}, ".encode())

    def offset(text: str) -> Make:
        return lambda: BORIS.replace(b'"time offset": 0.0', f'"time offset": {text}'.encode())

    yield read("NaN", "visit.boris", time("NaN"), "time-not-readable")
    yield refused("Infinity", "visit.boris", time("Infinity"), "Infinity")
    yield refused("1e999", "visit.boris", time("1e999"), "too large")
    yield refused("integer of 5,000 digits", "visit.boris", time(DIGITS), "too many digits")
    yield refused("integer beyond 2^53", "visit.boris", time(str(2**53 + 1)), "too many digits")
    yield refused("NaN as the offset", "visit.boris", offset("NaN"), "no number")
    yield refused("a text as the offset", "visit.boris", offset('"0"'), "no number")
    yield read("negative time", "visit.boris", time("-2"), "time-negative")
    yield read("beyond 48 hours", "visit.boris", time("172801"), "time-too-late")
    yield read("an offset of a million years", "visit.boris", offset("31557600000000"), "time-too-late")
    yield refused("deep JSON", "visit.boris", offset("[" * 100_000 + "]" * 100_000), "64 deep")
    yield refused("deep JSON, never closed", "visit.boris", offset('{"a":' * 100_000), "64 deep")
    yield refused(
        "duplicate keys",
        "visit.boris",
        lambda: BORIS.replace(b'"time offset"', b'"events": [], "time offset"'),
        "stands twice",
    )
    yield refused(
        "duplicate keys, by escape",
        "visit.boris",
        lambda: BORIS.replace(b'"time offset"', b'"\\u0065vents": [], "time offset"'),
        "stands twice",
    )
    yield refused("lone surrogate", "visit.boris", lambda: BORIS.replace(b'"wide"', b'"\\ud800"'), "half a letter")
    yield refused("200 KB in one value", "visit.boris", lambda: BORIS.replace(b"wide", b"x" * LONG), "64 KB")
    yield refused("100 MB single line", "visit.boris", lambda: BORIS.replace(b"wide", b"x" * 100_000_000), "64 KB")
    yield refused("two values in one file", "visit.boris", lambda: BORIS + BORIS, "not whole JSON")
    yield read("a list for an event", "visit.boris", time("[]"), "time-not-readable")
    yield read(
        "an object for an event", "visit.boris", lambda: BORIS.replace(b"[2, ", b'{"a": 1}, [2, '), "event-not-read"
    )
    yield refused("a list for the project", "visit.boris", lambda: b'[{"behaviors_conf":' + BORIS + b"}]", "")
    yield read("formula cells", "visit.boris", lambda: BORIS.replace(b"wide", b"=1+1"))
    yield read("keys of Python's own", "visit.boris", lambda: BORIS.replace(b"wide", b"__class__"))
    yield read(
        "years 0001 and 9999",
        "visit.boris",
        lambda: json.dumps(samples.PROJECT | {"date": ["0001-01-01", "9999-12-31T24:00:00"]}).encode(),
    )
    yield refused("packed project", "visit.boris", lambda: b"\x1f\x8b\x08\0\0\0\0\0", "compressed")
