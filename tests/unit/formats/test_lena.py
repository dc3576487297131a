"""LENA recordings: what each segment gives, borders between Recordings, and files that are not as they say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attunement.errors import NotReadable
from attunement.events import Reading
from attunement.formats import lena, read_bytes
from attunement.schemes.choosing import coding_of

HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE ITS SYSTEM "its.dtd" >\n'
CHILD = '<PrimaryChild ChildKey="SECRET" DOB="2017-01-01" Gender="F"/>'


def its(*recordings: str, head: str = HEAD, after: str = "") -> bytes:
    body = "".join(recordings)
    return f'{head}<ITS fileName="SECRET"><ProcessingUnit>{CHILD}{body}{after}</ProcessingUnit></ITS>'.encode()


def recording(number: int, start: str, end: str, *blocks: str) -> str:
    return f'<Recording num="{number}" startTime="PT{start}S" endTime="PT{end}S">{"".join(blocks)}</Recording>'


def talk(*segments: str, turns: int = 0) -> str:
    start, end = 'startTime="PT0.00S"', 'endTime="PT9.00S"'
    return f'<Conversation num="1" type="CIC" turnTaking="{turns}" {start} {end}>{"".join(segments)}</Conversation>'


def segment(who: str, start: str, end: str, more: str = "") -> str:
    return f'<Segment spkr="{who}" average_dB="-1" {more} startTime="PT{start}S" endTime="PT{end}S" />'


CRY = 'childUttCnt="0" startCry1="PT1.10S" endCry1="PT1.50S"'
DAY = its(
    recording(
        1, "0.00", "9.00",
        talk(
            segment("CHN", "0.00", "1.00", 'conversationInfo="|BC|" childUttCnt="2" startUtt1="PT0.10S" endUtt1="PT0.30S"'),
            segment("CHN", "1.00", "2.00", CRY), segment("FAN", "2.00", "3.07", 'femaleAdultWordCnt="1.73"'),
            segment("MAN", "3.07", "4.00", 'maleAdultWordCnt="0.00"'), turns=1,
        ),
        f"<Pause>{segment('SIL', '4.00', '9.00')}</Pause>",
    )
)  # fmt: skip


def rows(reading: Reading) -> list[tuple[str, str, int, int]]:
    events = reading.session.events
    columns = (events.actor.tolist(), events.code.tolist(), events.start.tolist(), events.end.tolist())
    return [(events.actors[who], events.codes[what], a, b) for who, what, a, b in zip(*columns, strict=True)]


def test_segments_are_rows_and_centiseconds_are_milliseconds() -> None:
    found = rows(read_bytes(DAY, "day.its"))
    assert ("FAN", "FAN", 2_000, 3_070) in found
    assert ("SIL", "SIL", 4_000, 9_000) in found
    assert ("recording", "1", 0, 9_000) in found
    assert ("conversation", "CIC", 0, 9_000) in found


def test_what_lena_counted_hangs_under_its_segment() -> None:
    session = read_bytes(DAY, "day.its").session
    found = rows(read_bytes(DAY, "day.its"))
    over = {row: found[session.parent[at]] for at, row in enumerate(found) if session.parent[at] >= 0}
    assert over[("utterances@CHN", "2", 0, 1_000)] == ("CHN", "CHN", 0, 1_000)
    assert over[("speechlike@CHN", "speechlike", 100, 300)] == ("CHN", "CHN", 0, 1_000)
    assert over[("cry@CHN", "cry", 1_100, 1_500)] == ("CHN", "CHN", 1_000, 2_000)
    assert over[("words@FAN", "1.73", 2_000, 3_070)] == ("FAN", "FAN", 2_000, 3_070)
    assert over[("turns@conversation", "1", 0, 9_000)] == ("conversation", "CIC", 0, 9_000)
    assert over[("conversation@CHN", "|BC|", 0, 1_000)] == ("CHN", "CHN", 0, 1_000)


def test_the_scheme_tells_speech_like_sounds_from_cries_and_words_from_none() -> None:
    coding = coding_of(read_bytes(DAY, "day.its").session)
    events = coding.events
    said = [(events.actors[who], events.codes[what]) for who, what in zip(events.actor, events.code, strict=True)]
    assert coding.scheme.name == "lena"
    assert said == [
        ("child", "vocalisation"), ("child", "cry"), ("FAN", "speech"), ("MAN", "adult-sound"), ("room", "silence"),
    ]  # fmt: skip
    assert coding.issues == ()
    assert events.observed_ms.tolist() == [9_000]


def test_it_says_that_the_childs_own_data_were_left_out_and_keeps_none_of_them() -> None:
    reading = read_bytes(DAY, "day.its")
    assert [issue.code for issue in reading.issues] == ["private-left-out"]
    assert "SECRET" not in str(rows(reading)) + str(reading.issues) and "2017" not in str(reading.issues)


def test_sounds_on_both_sides_of_a_pause_are_in_different_sessions() -> None:
    child, adult = segment("CHN", "4.00", "5.00"), segment("FAN", "5.00", "6.00", 'femaleAdultWordCnt="1"')
    data = its(
        recording(1, "0.00", "5.00", f"<Pause>{child}</Pause>"), recording(2, "5.00", "8.00", f"<Pause>{adult}</Pause>")
    )
    first, second = lena.read_all(data, "day.its")
    assert rows(first) == [("recording", "1", 0, 5_000), ("CHN", "CHN", 4_000, 5_000)]
    assert rows(second) == [("FAN", "FAN", 0, 1_000), ("words@FAN", "1", 0, 1_000), ("recording", "2", 0, 3_000)]
    assert second.session.parent.tolist() == [-1, 0, -1]
    assert (first.session.name, second.session.name) == ("day#1", "day#2")


def test_the_whole_file_says_where_the_recorder_paused() -> None:
    data = its(recording(1, "0.00", "5.00"), recording(2, "5.00", "8.00"))
    reading = lena.read(data, "day.its")
    assert [issue.code for issue in reading.issues] == ["private-left-out", "several-recordings"]
    assert rows(reading) == [("recording", "1", 0, 5_000), ("recording", "2", 5_000, 8_000)]


def test_the_hourly_summary_is_no_recording() -> None:
    summary = '<Bar startClockTime="x"><Recording num="7" startTime="PT0.00S" endTime="PT1.00S"/><Bar/></Bar>'
    reading = lena.read(its(recording(1, "0.00", "5.00"), after=summary), "day.its")
    assert rows(reading) == [("recording", "1", 0, 5_000)]


def test_attributes_in_another_order_give_the_same_rows() -> None:
    turned = '<Segment startTime="PT1.00S" childUttCnt="1" endTime="PT2.00S" spkr="CHN"/>'
    reading = lena.read(its(recording(1, "0.00", "5.00", f"<Pause>{turned}</Pause>")), "day.its")
    assert rows(reading)[1:] == [("CHN", "CHN", 1_000, 2_000), ("utterances@CHN", "1", 1_000, 2_000)]


@pytest.mark.parametrize("time", ["PT1e3S", "1.00", "PT-1.00S", "PT1.0.0S", "", "PTS", "PT1_0S", "PT١S", "PTNaNS"])
def test_a_time_that_is_none_is_said_and_only_its_row_left_out(time: str) -> None:
    odd = f'<Segment spkr="FAF" startTime="{time}" endTime="PT3.00S"/>'
    reading = lena.read(its(recording(1, "0.00", "5.00", f"<Pause>{odd}{segment('SIL', '1', '2')}</Pause>")), "day.its")
    assert [(issue.code, issue.place) for issue in reading.issues][1:] == [("time-not-readable", "FAF segment 1")]
    assert rows(reading) == [("recording", "1", 0, 5_000), ("SIL", "SIL", 1_000, 2_000)]


TWICE = segment("SIL", "0", "1", 'a="1" a="2"')
REFUSED = {
    "another document type": its(head='<!DOCTYPE ITS SYSTEM "http://127.0.0.1:9/its.dtd">'),
    "entities in the known type": its(head='<!DOCTYPE ITS SYSTEM "its.dtd" [<!ENTITY a "b">]>'),
    "the known type twice": its(head=HEAD + '<!DOCTYPE ITS SYSTEM "its.dtd" >'),
    "an entity": its(recording(1, "0", "1", "&lol;")),
    "no recording": its(),
    "segments outside": its(segment("SIL", "0", "1"), recording(1, "0.00", "5.00")),
    "an attribute twice": its(recording(1, "0", "9", TWICE)),
    "an attribute twice where nothing is read": its(recording(1, "0", "9", f"<Bar>{TWICE}</Bar>")),
    "cut off": DAY[:-20],
    "another root": b"<ITSX/>",
    "another encoding": DAY.replace(b'"UTF-8"', b'"UTF-16"').decode().encode("utf-16-le"),
    "a value of 8 MiB": its(recording(1, "0", "1", segment("x" * 2**23, "0", "1"))),
    "nothing but openings": b"<ITS>" + b"<a>" * 100_000,
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_as_it_should_be_gives_one_clear_line(data: bytes) -> None:
    with pytest.raises(NotReadable) as refused:
        lena.read(data, "day.its")
    assert str(refused.value).startswith("day.its") and "\n" not in str(refused.value)
    assert "SECRET" not in str(refused.value)


WORDS = st.sampled_from(["CHN", "PT1.00S", "PT9S", "", "x", "1", "&lt;", "PT99999999S", '"', "<"])
SOUNDS = st.sampled_from(["startUtt1", "endUtt1", "a"])
PIECES = st.one_of(
    st.builds(segment, WORDS, WORDS, WORDS),
    st.just(recording(1, "0", "9")),
    st.sampled_from(["</Recording>", "<Bar>", "</Bar>"]),
    st.builds(lambda key, value: f'<Segment spkr="CHN" {key}="{value}"/>', SOUNDS, WORDS),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=6), st.integers(0, len(DAY)), st.binary(max_size=3))
def test_any_file_gives_a_reading_or_one_clear_line(pieces: list[str], at: int, noise: bytes) -> None:
    for data in (its(recording(1, "0", "9", *pieces)), DAY[:at] + noise + DAY[at + len(noise) :]):
        try:
            assert all(isinstance(one, Reading) for one in lena.read_all(data, "day.its"))
        except NotReadable as refused:
            assert "\n" not in str(refused)
