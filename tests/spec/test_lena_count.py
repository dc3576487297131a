"""LENA's own count, from sessions as its files give them: segments with what LENA counted in them."""

import pytest

from attunement.events import session_from_rows
from attunement.measures import lena_count, measure_all
from attunement.schemes import code_session, scheme

COUNTED = {"CHN": "utterances", "CHF": "utterances", "FAN": "words", "MAN": "words"}


def day(segments, recordings=((0, 100),)):
    """(speaker, start, end, count) in seconds; count: the words or utterances as written, None where LENA wrote none."""
    rows = [("recording", str(at), start * 1_000, end * 1_000) for at, (start, end) in enumerate(recordings, 1)]
    parents = [-1] * len(rows)
    for who, start, end, count in segments:
        times = round(start * 1_000), round(end * 1_000)
        rows.append((who, who, *times))
        parents.append(-1)
        if count is not None:
            rows.append((f"{COUNTED[who]}@{who}", count, *times))
            parents.append(len(rows) - 2)
    return session_from_rows(rows, name="day", ids=[""] * len(rows), parents=parents)


@pytest.mark.parametrize(
    ("segments", "count"),
    [
        ([("CHN", 0, 1, "1"), ("FAN", 2, 3, "4.20")], 1),
        ([("CHN", 0, 1, "1"), ("FAN", 5.99, 7, "4")], 1),
        ([("CHN", 0, 1, "1"), ("FAN", 6, 7, "4")], 0),  # 5.00 s apart
        ([("CHN", 0, 1, "0"), ("FAN", 2, 3, "4")], 0),  # a cry has no utterance
        ([("CHN", 0, 1, "1"), ("FAN", 2, 3, "0.00")], 0),  # no words
        ([("CHF", 0, 1, "1"), ("MAN", 2, 3, "4")], 1),  # a far child counts where LENA heard utterances
        ([("CHN", 0, 1, "1"), ("CXN", 1, 2, None), ("FAN", 2, 3, "4")], 0),  # another child breaks it
        ([("CHN", 0, 1, "1"), ("OLN", 1, 2, None), ("TVN", 2, 3, None), ("FAN", 3, 4, "4")], 1),
        ([("CHN", 0, 1, "1"), ("FAN", 1, 2, "4"), ("FAN", 2, 3, "4"), ("CHN", 3, 4, "2"), ("MAN", 5, 6, "1")], 2),
    ],
)
def test_by_hand(segments, count):
    assert lena_count(day(segments)) == count


def test_no_turn_leads_from_one_recording_into_the_next():
    segments = [("CHN", 8, 9, "1"), ("FAN", 11, 12, "4")]
    assert lena_count(day(segments)) == 1
    assert lena_count(day(segments, recordings=((0, 10), (10, 20)))) == 0


def test_only_lenas_own_files_allow_it():
    others = [("CHN", "CHN", 0, 1_000), ("FAN", "FAN", 2_000, 3_000), ("recording", "1", 0, 9_000)]
    assert lena_count(session_from_rows(others, name="vtc", ids=["", "", ""])) is None
    assert lena_count(session_from_rows(others[:2], name="vtc", ids=["", ""])) is None
    assert lena_count(day([("CHN", 0, 1, "x"), ("FAN", 2, 3, "4")])) == 0  # a count that is no number counts nothing


def test_measuring_a_coding_brings_it_along():
    coding = code_session(
        day([("CHN", 0, 1, "1"), ("FAN", 2, 3, "4"), ("CHF", 4, 5, "1"), ("FAN", 6, 7, "1")]), scheme("lena")
    )
    turns = measure_all(coding, rotations=0).turns
    assert (turns.lena_count, turns.lena_like_count) == (2, 1)  # the scheme keeps the far child apart
    assert measure_all(coding.events, coding.scheme, rotations=0).turns.lena_count is None
