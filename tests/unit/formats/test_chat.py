"""CHAT transcripts: what becomes a row, what hangs under it, and what is said of the rest."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attunement.errors import NotReadable, Severity
from attunement.events import NONE, Reading
from attunement.formats import read_bytes
from attunement.formats.chat_lines import timed
from attunement.schemes import coding_of

HEAD = """@UTF8
@Begin
@Participants:\tCHI Mia Target_Child, MOT Mother,
\tSIS Sister
@ID:\teng|home|CHI|1;06.12|female|||Target_Child|||
@ID:\teng|home|MOT||female|||Mother|||
@Media:\tvisit, video
"""
GOOD = HEAD + (
    "*CHI:\t&=babbles . [+ c] \x15100_900\x15\n%add:\tMOT\n"
    "*MOT:\thello\n\tyou two . \x151000_1500\x15 and more . \x151600_2000\x15\n%com:\tsmiles \x151_2\x15\n@End\n"
)


def read(text: str) -> Reading:
    return read_bytes(text.encode(), "visit.cha")


def rows(reading: Reading) -> list[tuple[str, str, int, int, str]]:
    session, events = reading.session, reading.session.events
    return [
        (events.actors[events.actor[at]], events.codes[events.code[at]], int(events.start[at]), int(events.end[at]),
         session.ids[at])
        for at in range(len(events))
    ]  # fmt: skip


def said(reading: Reading, code: str) -> list[str]:
    return [f"{issue.place}: {issue.message}" for issue in reading.issues if issue.code == code]


def test_utterances_have_the_span_of_their_bullets_and_lines_hang_under_them() -> None:
    reading = read(GOOD)
    assert rows(reading) == [
        ("CHI", "&=babbles . [+ c]", 100, 900, "line 8"),
        ("postcode@CHI", "c", 100, 900, "line 8"),
        ("add@CHI", "MOT", 100, 900, "line 9"),
        ("MOT", "hello you two . and more .", 1_000, 2_000, "line 10"),
        ("com@MOT", "smiles", 1_000, 2_000, "line 12"),
    ]
    assert reading.session.parent.tolist() == [NONE, 0, 0, NONE, 3]
    assert reading.session.media == ("visit",) and reading.format == "chat"
    kinds = {tier.name: (tier.kind, tier.participant, tier.parent) for tier in reading.session.tiers}
    assert kinds["CHI"] == ("Target_Child", "CHI", "") and kinds["add@CHI"] == ("add", "CHI", "CHI")
    assert kinds["SIS"] == ("Sister", "SIS", "")  # listed, and never heard
    assert said(reading, "age-stated") == ["CHI: age 1;06.12 (18 months), as stated in the file"]
    assert all(issue.severity is Severity.NOTE for issue in reading.issues)


def test_a_byte_order_mark_and_other_line_ends_change_nothing() -> None:
    plain = read(GOOD)
    for other in (b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode(), GOOD.encode("utf-16")):
        assert rows(read_bytes(other, "visit.cha")) == rows(plain)


def test_utterances_without_a_bullet_are_counted_and_left_out() -> None:
    reading = read(GOOD + "*CHI:\tmama .\n%add:\tMOT\n*SIS:\thi .\n")
    assert len(rows(reading)) == 5
    (issue,) = (issue for issue in reading.issues if issue.code == "no-time")
    assert issue.severity is Severity.WARNING
    assert issue.message == "2 of 4 utterances have no time bullet and are left out (CHI 1, SIS 1)"


def test_a_transcript_without_any_bullet_forbids_numbers() -> None:
    reading = read(HEAD + "*CHI:\tmama .\n*MOT:\tyes .\n")
    (issue,) = (issue for issue in reading.issues if issue.code == "no-time")
    assert issue.severity is Severity.ERROR and "none of its 2 utterances" in issue.message
    assert rows(reading) == []


def test_bullets_that_run_backwards_are_said_and_kept() -> None:
    reading = read(HEAD + "*CHI:\ta . \x15500_900\x15\n*MOT:\tb . \x15100_200\x15\n*MOT:\tc . \x15900_800\x15\n")
    assert [row[:4] for row in rows(reading)] == [("MOT", "b .", 100, 200), ("CHI", "a .", 500, 900)]
    why = "line 9: its bullet begins at 0:00:00.100, the one before it at 0:00:00.500; both are kept"
    assert said(reading, "bullets-backwards") == [why]
    assert len(said(reading, "times-reversed")) == 1


def test_two_speakers_may_share_a_bullet() -> None:
    reading = read(HEAD + "*CHI:\ta . \x15500_900\x15\n*MOT:\tb . \x15500_900\x15\n@End\n")
    assert len(rows(reading)) == 2 and not [one for one in reading.issues if one.severity is not Severity.NOTE]


@pytest.mark.parametrize(
    ("text", "times", "unread"),
    [
        ("a \x1512_34\x15", ((12, 34),), 0),
        ("a \x1512_34-\x15", ((12, 34),), 0),
        ('a \x15%snd:"a_b.wav"_12_34\x15', ((12, 34),), 0),
        ('a \x15%pic:"x_1_2.jpg"\x15', (), 0),
        ("a \x1512\x15", (), 1),
        ("a \x15x_3\x15", (), 1),
        ("a \x151_2_3\x15", (), 1),
        ("a \x15-1_3\x15", (), 1),
        ("a \x15\u0661_3\x15", (), 1),
        ("a \x151_3", (), 1),
        ("a \x151_" + "9" * 5_000 + "\x15", ((1, 2**53),), 0),
    ],
)
def test_bullets_of_every_kind(text: str, times: tuple[tuple[int, int], ...], unread: int) -> None:
    assert timed(text) == ("a", times, unread)


def test_what_is_no_line_of_chat_is_named() -> None:
    reading = read(HEAD + "%add:\tMOT\nnonsense\n*FAT:\thi . \x151_2\x15\n*FAT:\t" + "x" * 70_000 + "\n")
    assert said(reading, "dangling-reference") == ["line 8: no utterance stands before it; left out"]
    assert [one.partition(":")[0] for one in said(reading, "line-not-read")] == ["line 9", "line 11"]
    assert said(reading, "speaker-not-listed")


def test_a_text_that_is_no_transcript_is_refused() -> None:
    with pytest.raises(NotReadable, match="CHAT"):
        read("just words\n")


def test_the_chat_scheme_knows_the_usual_speakers() -> None:
    body = [
        "*CHI:\tmama .", "*CHI:\t&=cries . [+ r]", "*CHI:\t0 [=! laughing] .", "*CHI:\t0 .", "*CHI:\t&=coughs .",
        "*CHI:\tmama [=! whines] .", "*MOT:\tyes .", "*MOT:\tand you ?\n%add:\tFAT", "*FAT:\thi .\n%add:\tCHI, MOT",
        "*FAT:\t0 .", "*MOT:\t&=laughs .", "*SIS:\tme too .", "*ENV:\tbang .",
    ]  # fmt: skip
    text = ""
    for at, line in enumerate(body):
        first, _, more = line.partition("\n")
        text += f"{first} \x15{at * 1_000}_{at * 1_000 + 900}\x15\n{more}" + ("\n" if more else "")
    coding = coding_of(read(HEAD + text).session)
    assert coding.scheme.name == "chat" and coding.issues == ()
    assert [coding.events.codes[code] for code in coding.events.code] == [
        "vocalisation", "cry", "laugh", "no-speech", "body-sound", "vocalisation", "speech", "speech-to-others",
        "speech", "no-speech", "adult-sound", "other-child-sound", "other-sound",
    ]  # fmt: skip
    silent = coding.scheme["no-speech"]
    assert not silent.sound and silent.kind == "other"


HARD = {
    "bullets that never close": "*CHI:\t" + "\x15" + "1" * 60_000,
    "many bullets": "*CHI:\t" + "\x151_2\x15" * 10_000,
    "many open brackets": "*CHI:\t" + "[+ " * 20_000 + "\x151_2\x15",
    "postcodes that never close": "*CHI:\t" + "[+" * 30_000 + " \x151_2\x15",
    "events that go on": "*MOT:\t" + "&=a " * 15_000 + "b \x151_2\x15",
    "events in one word": "*MOT:\t" + "&=" * 30_000 + "a b \x151_2\x15",
    "a million lines that go on": "*CHI:\ta" + "\n\tb" * 1_000_000,
    "a line of nearly 1 MB": "*CHI:\t" + "a" * 1_000_000,
}


def test_a_transcript_without_its_end_may_be_cut() -> None:
    codes = [[one.code for one in read(HEAD + "*CHI:\ta . \x15500_900\x15\n" + end).issues] for end in ("@End\n", "")]
    assert "file-cut" not in codes[0] and "file-cut" in codes[1]


@pytest.mark.parametrize("kind", HARD)
def test_a_hard_transcript_is_read_soon(kind: str) -> None:
    data = (HEAD + HARD[kind]).encode()
    begun = time.process_time()
    coding_of(read_bytes(data, "visit.cha").session)
    assert time.process_time() - begun < 2


PIECES = st.sampled_from([GOOD[at : at + 9] for at in range(0, len(GOOD), 5)]) | st.text(
    st.sampled_from("*%@:\t\n\x150123_ [+].éCHI\x00\r"), max_size=9
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 30), PIECES), max_size=8))
def test_a_transcript_with_anything_changed_is_read_or_refused(changes: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for begin, length, put in changes:
        text = text[:begin] + put + text[begin + length :]
    read_or_refused(text.encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(data)


def read_or_refused(data: bytes) -> None:
    try:
        session = read_bytes(data, "v.cha").session
    except NotReadable as error:
        assert error.remedy
        return
    events = session.events
    assert len(session.ids) == len(session.parent) == len(events)
    assert (events.start >= 0).all() and (events.end >= events.start).all()
