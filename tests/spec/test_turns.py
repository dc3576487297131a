"""Turns, as pictures."""

import pytest
from tests.spec.drawn import ATTUNEMENT, drawn

from attunement.events import events_from_rows
from attunement.measures import turns, turns_by_chance
from attunement.schemes import scheme

ACLEW = scheme("aclew")


def counted(picture, **rule):
    """Pairs, LENA-like count, conversations."""
    found = turns(drawn(picture), ATTUNEMENT, **rule)
    return found.pairs, found.lena_like_count, found.conversations


def lena_like(segments, *, gap_ms=5_000):
    """(speaker, start, end) in seconds, as LENA names them, read with the aclew scheme."""
    code = {"CHN": ("child", "vocalisation"), "CRY": ("child", "cry"), "FAN": ("FA1", "speech"),
            "MAN": ("MA1", "speech"), "CXN": ("FC1", "other-child-sound")}  # fmt: skip
    rows = [(*code[who], round(first * 1_000), round(last * 1_000)) for who, first, last in segments]
    return turns(events_from_rows(rows, codes=ACLEW.ids), ACLEW, gap_ms=gap_ms).lena_like_count


def test_child_then_adult_is_a_turn_and_the_other_way_round_too():
    assert counted("baby   cc......\nmother ...tt...") == (1, 1, 1)
    assert counted("baby   ...cc...\nmother tt......") == (1, 1, 1)


def test_turns_go_in_pairs():
    assert counted("""
        baby   cc......cc......
        mother ....tt..........
    """) == (2, 1, 1)  # fmt: skip
    assert counted("""
        baby   cc......cc......
        mother ....tt......tt..
    """) == (3, 2, 1)  # fmt: skip


def test_sounds_of_the_same_party_are_one_run():
    assert counted("""
        baby   c.c.c.......
        mother ......t.....
        father ........t...
    """) == (1, 1, 1)  # fmt: skip


def test_five_seconds_of_silence_end_a_conversation():
    assert counted("""
        baby   cc............
        mother ...........tt.
    """) == (1, 1, 1)  # fmt: skip
    assert counted("""
        baby   cc............
        mother ............tt
    """) == (0, 0, 0)  # fmt: skip


def test_somebody_else_in_between_breaks_it():
    rows = [("child", "vocalisation", 0, 500), ("FC1", "other-child-sound", 800, 900), ("FA1", "speech", 1_000, 1_500)]
    found = turns(events_from_rows(rows, codes=ACLEW.ids), ACLEW)
    assert (found.pairs, found.lena_like_count, found.conversations) == (0, 0, 0)


def test_cries_and_acts_without_a_sound_take_no_turn():
    assert counted("baby   yyyy..............c\nmother .....t............") == (0, 0, 0)
    assert counted("baby   cc................\nmother .....h...........t") == (0, 0, 0)


def test_overlapping_sounds_follow_each_other_by_onset():
    assert counted("baby   cccccc..\nmother ..tt....") == (1, 1, 1)


def test_a_long_sound_holds_the_conversation_together():
    assert counted("""
        baby   cccccccccccccccccccc....
        face   ..c.....................
        mother ......................t.
    """) == (0, 1, 1)  # fmt: skip


def test_sounds_of_the_very_same_time_are_taken_in_the_schemes_order_whatever_the_files():
    rows = [("baby", "coo", 0, 500), ("mother", "talk", 0, 500), ("baby", "babble", 600, 700)]
    for given in (rows, rows[::-1]):
        found = turns(events_from_rows(given, codes=ATTUNEMENT.ids), ATTUNEMENT)
        assert (found.pairs, found.opened_by_child.tolist()) == (2, [True])


def test_conversations_have_an_opener_and_a_length():
    found = turns(drawn("""
        baby   cc................cc....
        mother ....tt..........t...tt..
    """), ATTUNEMENT)  # fmt: skip
    assert found.opened_by_child.tolist() == [True, False]
    assert found.length_ms.tolist() == [3_000, 3_000]
    assert found.turns.tolist() == [1, 1]


# LENA's rule, re-derived from its own files (gap of 5.00 s ends a block; runs in pairs; another child breaks the chain).
@pytest.mark.parametrize(
    ("segments", "count"),
    [
        ([("CHN", 0, 1), ("FAN", 5.99, 7)], 1),  # 4.99 s
        ([("CHN", 0, 1), ("FAN", 6.00, 7)], 0),  # 5.00 s
        ([("CHN", 0, 1), ("FAN", 2, 3), ("CHN", 4, 5)], 1),
        ([("CHN", 0, 1), ("FAN", 2, 3), ("CHN", 4, 5), ("MAN", 6, 7)], 2),
        ([("CHN", 0, 1), ("FAN", 2, 3), ("MAN", 4, 5), ("CHN", 6, 7), ("CHN", 8, 9), ("FAN", 10, 11)], 2),
        ([("CHN", 0, 1), ("CXN", 1, 2), ("FAN", 2, 3), ("CHN", 4, 5)], 1),
        ([("CHN", 0, 1), ("FAN", 2, 3), ("CXN", 3, 4), ("CHN", 4, 5), ("FAN", 6, 7)], 2),
        ([("CHN", 0, 1), ("CXN", 5, 6), ("FAN", 10, 11)], 0),
        ([("CHN", 0, 1), ("CRY", 1, 2), ("FAN", 2, 3)], 1),
        ([("FAN", 0, 1), ("FAN", 2, 3)], None),
    ],
)
def test_the_lena_like_count_by_hand(segments, count):
    assert lena_like(segments) == count


def test_lenas_own_count_is_never_made_up():
    assert turns(drawn("baby c...\nmother .t.."), ATTUNEMENT).lena_count is None


def test_with_no_sounds_there_is_nothing_to_say():
    found = turns(drawn("baby ss..\nmother ..h."), ATTUNEMENT)
    assert (found.pairs, found.lena_like_count, found.conversations) == (None, None, None)


def test_without_sounds_of_both_no_turn_was_missed_for_all_we_know():
    for picture in ("baby   cc..c...\nmother ..h.....", "baby   ..y.....\nmother tt..t...", "baby   cc.\nother  ..c"):
        assert counted(picture) == (None, None, None)


def test_a_talker_who_never_stops_makes_turns_by_accident():
    events = drawn("baby   " + "c..........." * 6 + "\nmother " + "t.t.t.t.t.t." * 6)
    found, chance = turns(events, ATTUNEMENT), turns_by_chance(events, ATTUNEMENT)
    assert found.pairs == 11
    assert chance.pairs == pytest.approx(found.pairs, abs=1)  # she would speak next to the baby at any time


def test_turns_that_belong_together_are_more_than_accident():
    events = drawn(
        "baby   " + "c............................." * 8 + "\nmother " + ".t............................" * 8
    )
    chance = turns_by_chance(events, ATTUNEMENT)
    assert chance.pairs < 0.75 * turns(events, ATTUNEMENT).pairs
    assert chance == turns_by_chance(events, ATTUNEMENT)  # the same each time
    assert turns_by_chance(events, ATTUNEMENT, rotations=0) is None
