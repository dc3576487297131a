"""How tables of many programs become rows: delimiters, names, units, and the lines that cannot be read."""

from __future__ import annotations

import pytest
from tests.unit.formats.test_elan_read import codes, rows

from attunement.errors import NotReadable, Severity
from attunement.formats import read_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("onset_ms,offset_ms,tier,code\n0,900,child,smile\n", ("child", "smile", 0, 900)),
        ("Start (s);Stop (s);Subject;Behavior\n0,5;1,25;child;smile\n", ("child", "smile", 500, 1_250)),
        ("tier\tbegin_ms\tduration_ms\tvalue\nchild\t100\t50\tsmile\n", ("child", "smile", 100, 150)),
        ("segtype,startsec,endsec\nCHN,1.33,2.10\n", ("CHN", "CHN", 1_330, 2_100)),
        ("Begin Time - msec,End Time - msec,tier,annotation\n5,9,x,y\n", ("x", "y", 5, 9)),
        ("Begin Time - hh:mm:ss.ms,duration_ms,who,label\n01:00:02.250,7,x,y\n", ("x", "y", 3_602_250, 3_602_257)),
        ("onset,offset,code\n00:00:01:500,00:01:02:250,y\n", ("events", "y", 1_500, 62_250)),
        ("startSeconds,endSeconds,targetChildProminence\n29.49,30.51,1\n", ("events", "1", 29_490, 30_510)),
        ("segment_onset,segment_offset,speaker_type\n14,888,CHI\n", ("CHI", "CHI", 14, 888)),
        ("0.5,1.5,smile\n", ("events", "smile", 500, 1_500)),
        ("onset_ms,tier,code\n7,child,point\n", ("child", "point", 7, 7)),
        ("onset_min,offset_min,code\n1,1.5,x\n", ("events", "x", 60_000, 90_000)),
    ],
)  # fmt: skip
def test_it_reads_the_dialects_of_the_field(text: str, expected: tuple[str, str, int, int]) -> None:
    for data in (text.encode(), text.replace("\n", "\r\n").encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        assert rows(read_bytes(data, "t.csv"))[0][:4] == expected
    assert rows(read_bytes(text.replace("\n", "\r").encode(), "t.csv"))[0][:4] == expected


@pytest.mark.parametrize(
    ("times", "expected", "said"),
    [
        ("0.5,1.5", (500, 1_500), [("unit-taken", Severity.NOTE)]),
        ("2.0,3.0", (2_000, 3_000), [("unit-taken", Severity.NOTE)]),
        ("2,3.0", (2_000, 3_000), [("unit-taken", Severity.NOTE)]),
        ("2,3", (2, 3), [("unit-not-stated", Severity.ERROR)]),
        ("500,1500", (500, 1_500), [("unit-not-stated", Severity.ERROR)]),
        ("500,200000", (500, 200_000), [("unit-taken", Severity.NOTE)]),
        ("500.0,200000.0", (500, 200_000), [("unit-taken", Severity.NOTE)]),
        ("0,0", (0, 0), []),
    ],
)
def test_a_unit_that_nobody_stated_is_said(
    times: str, expected: tuple[int, int], said: list[tuple[str, Severity]]
) -> None:
    found = read_bytes(f"onset,offset,code\n{times},x\n".encode(), "t.csv")
    assert rows(found)[0][2:4] == expected
    assert [(issue.code, issue.severity) for issue in found.issues] == said


@pytest.mark.parametrize("header", ["onset,offset,code\n", "onset_s,offset_s,code\n"])
def test_a_time_beyond_all_numbers_is_an_issue_and_no_noise(header: str) -> None:
    found = read_bytes(f"{header}1,1e308,x\n0.5,2,y\n".encode(), "t.csv")
    assert "time-too-late" in codes(found) and rows(found)[0][2:4] == (500, 2_000)


def test_the_unit_of_one_column_counts_for_the_other() -> None:
    found = read_bytes(b"onset_s,duration,code\n2,3,x\n", "t.csv")
    assert (rows(found)[0][2:4], found.issues) == ((2_000, 5_000), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("onset_ms,offset_ms,code,duration_ms\n0,9,x,600\n20,30,y,600\n", 600),
        ("onset_ms,offset_ms,code,duration_ms\n0,9,x,600\n20,30,y,\n", 30),
        ("onset_ms,offset_ms,code,duration_ms\n0,9,x,9\n20,30,y,10\n", 30),
        ("onset_ms,offset_ms,code,duration_ms\n20,30,y,10\n", 30),
        ("onset_ms,offset_ms,code,duration_ms\n0,9,x,long\n", 9),
        ("onset_ms,offset_ms,code,duration_ms\n0,9,x,172800001\n", 9),
        ("onset_ms,code,duration_ms\n0,x,9\n", 9),
    ],
)
def test_a_recording_lasts_as_long_as_every_row_says_beside_its_own_end(text: str, expected: int) -> None:
    assert read_bytes(text.encode(), "t.csv").session.events.duration_ms.tolist() == [expected]


@pytest.mark.parametrize("quoted", ["", '"'])
def test_lines_that_cannot_be_read_are_named_and_the_others_kept(quoted: str) -> None:
    text = f"onset_ms,offset_ms,code\n0,5,{quoted}a{quoted}\nx,5,b\n10,y,c\n20,25\n30,35,d,e\n\n40,45,f\n"
    found = read_bytes(text.encode(), "t.csv")
    assert [row[1] for row in rows(found)] == ["a", "f"]
    assert sorted(issue.place for issue in found.issues) == ["line 3", "line 4", "line 5", "line 6"]
    assert set(codes(found)) == {"line-not-read"}


def test_a_quotation_mark_without_partner_costs_its_line_only() -> None:
    found = read_bytes(b'onset_ms,offset_ms,code\n0,5,a\n6,7,"b\n8,9,c\n', "t.csv")
    assert [row[1] for row in rows(found)] == ["a", "c"]
    assert [(issue.code, issue.place) for issue in found.issues] == [("line-not-read", "line 3")]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    found = read_bytes(b'onset_ms,offset_ms,code\n0,5,"a\nb"\n9,5,c\n', "t.csv")
    assert [row[1] for row in rows(found)] == ["a\nb"]
    assert [(issue.code, issue.place) for issue in found.issues] == [("times-reversed", "events line 4")]


def test_an_end_that_is_not_set_makes_a_point_and_is_said() -> None:
    found = read_bytes(b"onset_ms,offset_ms,code\n5,,a\n", "t.csv")
    assert rows(found)[0][2:4] == (5, 5) and codes(found) == ["end-not-set"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("-5,9", "time-negative"),
        ("9,5", "times-reversed"),
        ("0,172800001", "time-too-late"),
        ("0,1e300", "time-too-late"),
        ("1,1e308", "time-too-late"),
    ],
)
def test_impossible_times_are_errors_with_their_line(line: str, code: str) -> None:
    found = read_bytes(f"onset_ms,offset_ms,tier,code\n{line},child,x\n".encode(), "t.csv")
    assert [(issue.code, issue.severity, issue.place) for issue in found.issues] == [
        (code, Severity.ERROR, "child line 2")
    ]
    assert rows(found) == []


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "0x10", "1_0", "--5", "5" * 400])
def test_what_is_no_number_is_no_time(number: str) -> None:
    found = read_bytes(f"onset_ms,offset_ms,code\n{number},9,x\n".encode(), "t.csv")
    assert rows(found) == [] and len(found.issues) == 1


def test_different_labels_may_overlap_where_no_tier_is_named_and_equal_ones_are_said() -> None:
    assert codes(read_bytes(b"onset_ms,offset_ms,code\n0,9,look\n5,8,smile\n", "t.csv")) == []
    assert codes(read_bytes(b"onset_ms,offset_ms,code\n0,9,look\n5,8,look\n", "t.csv")) == ["overlap"]


def test_a_tier_has_the_participant_that_the_table_names_or_none() -> None:
    named = read_bytes(b"onset_ms,tier,participant,code\n0,talk,MOT,hi\n", "t.csv").session.tiers[0]
    bare = read_bytes(b"onset_ms,tier,code\n0,talk,hi\n", "t.csv").session.tiers[0]
    assert (named.participant, bare.participant) == ("MOT", "")


def test_columns_that_are_not_read_are_named() -> None:
    found = read_bytes(b"onset_ms,offset_ms,tier,code,mood\n0,9,child,look,fine\n", "t.csv")
    assert [(issue.code, issue.severity) for issue in found.issues] == [("columns-not-read", Severity.NOTE)]
    assert "mood" in found.issues[0].message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"a,b,c\n1,2,3\n", "when a row begins"),
        (b"onset,offset\n1,2\n", "who or what"),
        (b"session,onset,code\nx,1,a\ny,2,a\n", "2 sessions"),
        (b"onset_frames,offset_frames,code\n1,2,a\n", "frames"),
        ("onset,offset,code\n1,2,ärger\n".encode("cp1252"), "UTF-8"),
        (b"onset,offset,code\n1,2,a\0b\n", "zero bytes"),
        (b"just words\n", "no columns"),
        (b"onset," + b"x" * 70_000 + b"\n", "first line"),
    ],
)
def test_what_is_no_table_of_events_is_refused_in_one_line(text: bytes, why: str) -> None:
    with pytest.raises(NotReadable, match=why) as refused:
        read_bytes(text, "t.csv")
    assert "\n" not in str(refused.value) and refused.value.remedy
