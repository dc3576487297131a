"""Praat text grids: three text forms that say the same, what is said of odd ones, and back again."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attunement.errors import NotReadable, Severity, WrongUse
from attunement.events import Reading, Session, Tier, session_from_rows
from attunement.formats import read_bytes, written
from attunement.formats.textgrid_tokens import one_by_one, tokens

LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2.3
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "CHI"
        xmin = 0
        xmax = 2.3
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 0.7126
            text = "a ""big"" word
on two lines"
        intervals [2]:
            xmin = 0.7126
            xmax = 1.5
            text = ""
        intervals [3]:
            xmin = 1.5
            xmax = 2.3
            text = "no"
    item [2]:
        class = "TextTier"
        name = "bell"
        xmin = 0
        xmax = 2.3
        points: size = 1
        points [1]:
            number = 1.25e0
            mark = "ding!"
"""
SHORT = """File type = "ooTextFile short"
"TextGrid"

0
2.3
<exists>
2
"IntervalTier"
"CHI"
0
2.3
3
0
0.7126
"a ""big"" word
on two lines"
0.7126
1.5
""
1.5
2.3
"no"
"TextTier"
"bell"
0
2.3
1
1.25
"ding!"
"""
CHRONOLOGICAL = """"Praat chronological TextGrid text file"
0 2.3   ! Time domain.
2   ! Number of "tiers" 7
"IntervalTier" "CHI" 0 2.3
"TextTier" "bell" 0 2.3
! CHI's:
1 0 0.7126
"a ""big"" word
on two lines"
! CHI:
1 0.7126 1.5
""
! bell "x:
2 1.25
"ding!"
! CHI:
1 1.5 2.3
"no"
"""
Row = tuple[str, str, int, int, str]


def read(text: str) -> Reading:
    return read_bytes(text.encode(), "visit.TextGrid")


def rows(session: Session) -> list[Row]:
    events = session.events
    return [
        (events.actors[events.actor[at]], events.codes[events.code[at]], int(events.start[at]), int(events.end[at]),
         session.ids[at])
        for at in range(len(events))
    ]  # fmt: skip


def codes(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


@pytest.mark.parametrize(
    "text",
    [LONG, SHORT, CHRONOLOGICAL, LONG.replace("\n", "\r\n"), SHORT.replace("\n", "\r"), LONG.replace("]:", "]"),
     CHRONOLOGICAL.replace("\n", "\r")],
)  # fmt: skip
def test_every_text_form_says_the_same(text: str) -> None:
    reading = read(text)
    word = 'a "big" word\non two lines'.replace("\n", "\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n")
    assert rows(reading.session) == [
        ("CHI", word, 0, 713, "interval 1"),
        ("bell", "ding!", 1_250, 1_250, "point 1"),
        ("CHI", "no", 1_500, 2_300, "interval 3"),
    ]
    assert [(tier.name, tier.kind) for tier in reading.session.tiers] == [("CHI", "IntervalTier"), ("bell", "TextTier")]
    assert reading.session.events.duration_ms.tolist() == [2_300]
    assert [(issue.code, issue.severity) for issue in reading.issues] == [("no-label", Severity.NOTE)]
    assert reading.issues[0].message.startswith("1 rows")


@pytest.mark.parametrize("text", [LONG, SHORT, CHRONOLOGICAL])
def test_other_encodings_with_their_mark_are_read(text: str) -> None:
    foreign = text.replace('"no"', '"né"')
    for encoding in ("utf-8-sig", "utf-16"):
        assert rows(read_bytes(foreign.encode(encoding), "x").session) == rows(read(foreign).session)
    assert rows(read_bytes(b"\xfe\xff" + foreign.encode("utf-16-be"), "x").session) == rows(read(foreign).session)


def test_the_binary_form_and_other_objects_are_refused_with_a_remedy() -> None:
    for data in (b"ooBinaryFile\x08TextGrid\0\0", b'File type = "ooTextFile"\nObject class = "PitchTier"\n\n0\n1\n0\n'):
        with pytest.raises(NotReadable) as caught:
            read_bytes(data, "x.TextGrid")
        assert "Praat" in str(caught.value) and caught.value.remedy
    with pytest.raises(NotReadable, match="no tiers"):
        read(LONG[:90])


def test_sizes_are_not_trusted() -> None:
    reading = read(
        LONG.replace("intervals: size = 3", "intervals: size = 999999999").replace("size = 2\n", "size = 9\n")
    )
    assert rows(reading.session) == rows(read(LONG).session)
    assert codes(reading).count("size-differs") == 2


def test_neighbours_that_overlap_by_less_than_a_millisecond_meet() -> None:
    reading = read(LONG.replace("xmax = 1.5\n", "xmax = 1.5004999\n").replace('text = ""', 'text = "b"'))
    assert rows(reading.session)[1:3] == [("CHI", "b", 713, 1_500, "interval 2"), rows(read(LONG).session)[1]]
    assert "overlap" not in codes(reading)
    more = read(LONG.replace("xmax = 1.5\n", "xmax = 1.502\n").replace('text = ""', 'text = "b"'))
    assert "overlap" in codes(more) and rows(more.session)[1][3] == 1_502


def test_spaces_around_a_tier_name_are_said_and_left_away() -> None:
    reading = read(LONG.replace('"CHI"', '"    CHI "').replace('"bell"', '"CHI"'))
    assert [tier.name for tier in reading.session.tiers] == ["CHI"]
    notes = {issue.code: issue.message for issue in reading.issues}
    assert "“    CHI ”" in notes["name-trimmed"] and "id-twice" in notes


def test_a_grid_that_begins_later_keeps_its_times() -> None:
    reading = read(SHORT.replace("\n0\n2.3\n<exists>", "\n0.5\n2.3\n<exists>"))
    assert rows(reading.session) == rows(read(SHORT).session) and "begins-late" in codes(reading)


def test_what_has_no_times_is_named_and_left_out() -> None:
    reading = read(LONG.replace("xmin = 1.5\n", "xmin = soon\n"))
    assert [row[4] for row in rows(reading.session)] == ["interval 1", "point 1"]
    assert ("row-not-read", "CHI interval 3") in {(issue.code, issue.place) for issue in reading.issues}
    for number in ("1e999", "-1", "200000", "1_0", "nan"):
        odd = read(LONG.replace("xmin = 1.5\n", f"xmin = {number}\n"))
        assert len(rows(odd.session)) == 2 and any(issue.place == "CHI interval 3" for issue in odd.issues), number
    strange = read(CHRONOLOGICAL.replace("2 1.25", "9 1.25"))
    assert len(rows(strange.session)) == 2 and "row-not-read" in codes(strange)


def test_a_file_that_was_cut_forbids_numbers() -> None:
    for text in (LONG, SHORT, CHRONOLOGICAL):
        reading = read(text[: text.index("ding") + 2])
        assert len(rows(reading.session)) == (1 if text is CHRONOLOGICAL else 2)
        assert [issue.severity for issue in reading.issues if issue.code == "file-cut"] == [Severity.ERROR]
    assert "size-differs" in codes(read(LONG[: LONG.index("intervals [3]")]))


TOKENS = st.lists(
    st.sampled_from(
        ['"', '""', " ", "\n", "1.5", "-2e3", "x=", "1_0", ".", "é", "+", '"a"', "[1]:", "7" * 30, "\t", "1,2"]
    )
)


@settings(max_examples=500, deadline=None)
@given(TOKENS)
def test_both_ways_of_finding_tokens_agree(parts: list[str]) -> None:
    text = "".join(parts)
    all_at_once, each = tokens(text.encode()), one_by_one(text)
    assert all_at_once.strings == each.strings and all_at_once.cut == each.cut
    assert np.array_equal(all_at_once.numbers, each.numbers, equal_nan=True)
    assert all_at_once.first.tolist() == each.first.tolist()


NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(repr) | st.from_regex(r"\A[0-9]{1,9}\.[0-9]{0,9}\Z")


@settings(max_examples=300, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_numbers_are_those_that_python_reads(numbers: list[str]) -> None:
    assert tokens(("x = " + "\nx = ".join(numbers)).encode()).numbers.tolist() == [float(one) for one in numbers]


LABELS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=8).filter(
    lambda label: bool(label.strip())
)


@st.composite
def grids(draw: st.DrawFn) -> Session:
    """Tiers of intervals or of points that do not overlap, as Praat has them."""
    names = draw(st.lists(LABELS.map(str.strip).filter(bool), min_size=1, max_size=3, unique=True))
    listed = []
    for name in names:
        times = sorted(draw(st.sets(st.integers(0, 172_000_000), max_size=8)))
        if draw(st.booleans()):
            listed += [(name, draw(LABELS), at, at) for at in times]
        else:
            pairs = zip(times[::2], times[1::2], strict=False)
            listed += [(name, draw(LABELS), start, end) for start, end in pairs]
    tiers = [Tier(name) for name in names]
    return session_from_rows(listed, name="v", ids=[""] * len(listed), tiers=tiers, duration_ms=172_800_000)


@settings(max_examples=200, deadline=None)
@given(grids())
def test_what_is_written_reads_back_the_same(session: Session) -> None:
    reading = read_bytes(written(session, "v.TextGrid"), "v.TextGrid")
    back = reading.session
    assert sorted(row[:4] for row in rows(back)) == sorted(row[:4] for row in rows(session))
    assert [tier.name for tier in back.tiers] == [tier.name for tier in session.tiers]
    assert back.events.duration_ms.tolist() == session.events.duration_ms.tolist()
    assert {issue.code for issue in reading.issues} <= {"no-label"}
    assert written(back, "v.TextGrid") == written(session, "v.TextGrid")


@pytest.mark.parametrize(
    "listed",
    [
        [("a", "x", 0, 10), ("a", "y", 5, 20)], [("a", "x", 0, 10), ("a", "y", 12, 12)], [("a", " ", 0, 10)],
        [("a", "x", -5, 10)], [("a", "x", 10, 5)], [(" a", "x", 0, 10)], [("a", "x\0", 0, 10)],
        [("a", "\ud800", 0, 10)], [("a", "x" * 70_000, 0, 10)], [("a", "x", 0, 0)], [],
    ],
)  # fmt: skip
def test_what_praat_cannot_hold_is_not_written(listed: list[tuple[str, str, int, int]]) -> None:
    with pytest.raises(WrongUse):
        written(session_from_rows(listed, name="v", ids=[""] * len(listed)), "v.TextGrid")


HARD = {
    "quotes": LONG + '"' * 3_000_001,
    "comments": LONG + "! x\n" * 300_000,
    "comments with quotes": LONG + '! "\n' * 300_000,
    "one label of 20 MB": LONG.replace("no", "x" * 20_000_000),
    "a number of 5 MB": LONG.replace("2.3", "2" * 5_000_000),
    "many tiers": LONG + "".join(f'"IntervalTier" "{at}" 0 1 0\n' for at in range(20_000)),
    "brackets": LONG + "[" * 3_000_000,
}


@pytest.mark.parametrize("kind", HARD)
def test_a_hard_grid_is_read_or_refused_soon(kind: str) -> None:
    begun = time.process_time()
    read_or_refused(HARD[kind].encode())
    assert time.process_time() - begun < 2


BASES = st.sampled_from([LONG, SHORT, CHRONOLOGICAL])
PIECES = st.sampled_from([base[at : at + 9] for base in (LONG, SHORT, CHRONOLOGICAL) for at in range(0, len(base), 5)])
ODD = st.text(st.sampled_from('"! 0123.-e\n\x00é<>[]IntervalTier'), max_size=9)


@settings(max_examples=300, deadline=None)
@given(BASES, st.lists(st.tuples(st.integers(0, len(LONG)), st.integers(0, 30), PIECES | ODD), max_size=8))
def test_a_grid_with_anything_changed_is_read_or_refused(text: str, changes: list[tuple[int, int, str]]) -> None:
    for begin, length, put in changes:
        text = text[:begin] + put + text[begin + length :]
    read_or_refused(text.encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b'"ooTextFile" "TextGrid" 0 1 1 "IntervalTier" "a" 0 1 1 0 1 ']))
def test_any_bytes_are_read_or_refused(data: bytes, begin: bytes) -> None:
    read_or_refused(begin + data)


def read_or_refused(data: bytes) -> None:
    try:
        session = read_bytes(data, "v.TextGrid").session
    except NotReadable as error:
        assert error.remedy
        return
    events = session.events
    assert len(session.ids) == len(events)
    assert (events.start >= 0).all() and (events.end >= events.start).all()
    assert (events.end <= events.duration_ms[0]).all()
