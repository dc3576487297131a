"""How one noted moment reads, as a table: what was tapped on the left, what it means on the right."""

import numpy as np
import pytest
from tests.noting import SCHEME, tapped

from attunement.errors import WrongUse
from attunement.events import CALM_BINS, NONE, Diary
from attunement.moments.noted import TOPICS, Answer, Noted, Settled, Topic, between, read_noted


def read(*moments: tuple) -> Noted:
    return read_noted(tapped(*moments), SCHEME)


@pytest.mark.parametrize(
    ("signal", "acts", "outcome", "answer"),
    [
        ("coo", "", None, Answer.NOT_SAID),
        ("coo", "", "delighted", Answer.NOT_SAID),  # a note may stop half-way: no miss is made of it
        ("coo", "talk", None, Answer.ANSWERED),
        ("coo", "no-response", None, Answer.MISSED),
        ("coo", "late-response", None, Answer.LATE),
        ("coo", "too-much", None, Answer.MISREAD),
        ("handle-object", "cut-in", None, Answer.MISREAD),
        ("cry", "sharp-voice", "settled-with-you", Answer.MISREAD),  # a noted miss stays one, however it ended
        ("look-away", "play-back", None, Answer.MISREAD),
        ("look-away", "play-back", "turned-away-after", Answer.MISREAD),
        ("look-away", "play-back", "kept-playing", Answer.ANSWERED),  # what counts is how it ended
        ("look-away", "give-space", "still-upset", Answer.ANSWERED),
        ("cry", "talk", "still-upset", Answer.MISREAD),
        ("cry", "talk hold-chest-to-chest", "still-upset", Answer.ANSWERED),  # the best reading stands
        ("coo", "no-response late-response", None, Answer.LATE),
        ("surprised-look", "rock", None, Answer.ANSWERED),  # asks for anything
        ("wave", "goodbye-and-hello", None, Answer.ANSWERED),
        (None, "left-without-bye", None, Answer.MISREAD),
        (None, "talk", None, Answer.NOT_SAID),  # nothing was asked
    ],
)
def test_an_answer_reads_as(signal, acts, outcome, answer):
    assert Answer(read((signal, acts, outcome)).answer[0]) is answer


@pytest.mark.parametrize(
    ("acts", "outcome", "said", "mended"),
    [
        ("no-response", None, None, False),
        ("no-response", None, 1, True),
        ("no-response", None, 0, False),
        ("no-response talk", None, None, True),
        ("talk no-response", None, None, True),  # the order of taps is not known
        ("no-response talk", None, 0, False),  # her own "not yet" stands
        ("repair", None, None, True),
        ("late-response", None, None, False),
        ("late-response", "delighted", None, True),
        ("too-much play-back", None, None, True),
        ("too-much rock", None, None, False),  # does not fit a coo
        ("too-much rock", "delighted", None, True),
        ("talk", "delighted", None, False),  # nothing was missed
        ("", None, 1, True),
    ],
)
def test_a_moment_is_mended(acts, outcome, said, mended):
    assert read(("coo", acts, outcome, said)).mended[0] == mended


@pytest.mark.parametrize(
    ("signal", "acts", "outcome", "topic"),
    [
        ("cry", "", None, Topic.UPSET),
        ("cling", "hug-child", None, Topic.UPSET),
        ("arms-up", "", None, Topic.CALLS),  # asks for comfort without being upset
        ("hunger-cue", "", None, Topic.CALLS),
        ("coo", "", None, Topic.CALLS),
        ("surprised-look", "", None, Topic.CALLS),
        ("look-away", "", None, Topic.BREAKS),
        ("check-back", "", None, Topic.EXPLORING),
        ("follow", "", None, Topic.GOODBYES),
        ("cry", "goodbye-and-hello", None, Topic.GOODBYES),
        ("cling", "left-without-bye", None, Topic.GOODBYES),
        (None, "goodbye-and-hello", None, Topic.GOODBYES),
        (None, "", None, Topic.GOOD),
        (None, "hug-child", "cuddle-in", Topic.GOOD),
        (None, "no-response", None, Topic.OTHER),
        (None, "", "still-upset", Topic.OTHER),
    ],
)
def test_a_moment_is_about(signal, acts, outcome, topic):
    assert TOPICS[read((signal, acts, outcome)).topic[0]] is topic


def test_every_signal_has_a_topic_that_is_summed_up():
    signals = [(code.id,) for code in SCHEME.codes if code.kind == "signal"]
    noted = read(*signals)
    assert len(signals) == 56
    assert not (noted.about(Topic.GOOD) | noted.about(Topic.OTHER)).any()


def test_how_an_upset_ended():
    endings = ["settled-with-you", "cuddle-in", "settled-alone", "still-upset", "more-upset", "not-sure", None]
    settled = [Settled(mark).name for mark in read(*(("cry", "", ending) for ending in endings)).settled]
    assert settled == ["TOGETHER", "TOGETHER", "ALONE", "UNRESOLVED", "UNRESOLVED", "UNKNOWN", "UNKNOWN"]


def test_acts_stay_with_their_moment_in_any_order_of_rows():
    diary = tapped(("coo", "no-response"), ("cry", "rock"), ("look-away", ""), ("coo", "talk too-much"))
    turned = np.argsort([2, 0, 3, 1]).astype(np.int32)  # moments in another order, acts too
    landed = np.empty(4, np.int32)
    landed[turned] = np.arange(4, dtype=np.int32)
    acts = np.arange(len(diary.act_row))[::-1]
    other = Diary(
        diary.day[turned], diary.signal[turned], diary.outcome[turned], diary.mended[turned], diary.calm[turned],
        landed[diary.act_row[acts]], diary.act_code[acts], diary.codes,
    )  # fmt: skip
    before, after = read_noted(diary, SCHEME), read_noted(other, SCHEME)
    for column in ("day", "answer", "mended", "topic", "settled"):
        assert getattr(after, column).tolist() == getattr(before, column)[turned].tolist()


def test_a_diary_may_have_its_codes_in_its_own_order():
    turned = tuple(reversed(SCHEME.ids))
    places = np.array([turned.index(code) for code in SCHEME.ids] + [NONE], np.int32)
    diary = tapped(("cry", "rock", "settled-with-you"), (None, ""), ("coo", "no-response", None, 1))
    other = Diary(
        diary.day, places[diary.signal], places[diary.outcome], diary.mended, diary.calm, diary.act_row,
        places[diary.act_code], turned,
    )  # fmt: skip
    assert read_noted(other, SCHEME).answer.tolist() == read_noted(diary, SCHEME).answer.tolist()
    assert read_noted(other, SCHEME).topic.tolist() == read_noted(diary, SCHEME).topic.tolist()


def test_codes_of_another_scheme_are_refused():
    empty = np.empty(0, np.int32)
    with pytest.raises(WrongUse, match="giggle"):
        read_noted(Diary(empty, empty, empty, empty, empty, empty, empty, ("giggle",)), SCHEME)


def test_between_keeps_whole_days_with_their_acts():
    diary = tapped(("coo", "talk"), ("cry", "rock sing"), ("coo", "no-response"), ("coo", "talk"), days=[1, 2, 3, 4])
    kept = between(diary, 2, 3)
    assert kept.day.tolist() == [2, 3]
    assert kept.act_row.tolist() == [0, 0, 1]
    assert [kept.codes[code] for code in kept.act_code] == ["rock", "sing", "no-response"]
    assert read_noted(kept, SCHEME).answer.tolist() == [Answer.ANSWERED, Answer.MISSED]
    assert len(between(diary, 5, 9)) == 0


def test_time_until_calm_plays_no_part_for_an_upset():
    quick, slow = tapped(("cry", "rock", "settled-with-you")), tapped(("cry", "rock", "settled-with-you"))
    quick.calm[0], slow.calm[0] = 0, len(CALM_BINS) - 1
    assert read_noted(quick, SCHEME).answer.tolist() == read_noted(slow, SCHEME).answer.tolist()
    assert read_noted(quick, SCHEME).settled.tolist() == read_noted(slow, SCHEME).settled.tolist()
