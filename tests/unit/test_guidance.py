"""The ideas to try: nothing is dropped, and the one suggested follows plainly from what was noted."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attunement.clock import age_on, months_after
from attunement.errors import BadContent, WrongUse
from attunement.guidance import (
    Offer,
    all_strategies,
    groups,
    one_to_try,
    reasons,
    situations,
    strategies_for,
    strategy,
    topic,
    topics,
)
from attunement.guidance.strategies import STRATEGIES, read_strategies
from attunement.milestones import all_milestones, milestone, to_look_for

GIVEN = Path(__file__).parents[3] / "shared" / "science" / "strategies.csv"
BORN, DAY = date(2026, 1, 15), date(2026, 11, 22)

# Wording mended because of the words we never use (bad, normal, fail, pass) or to tell the size of a study.
MENDED = {
    ("grandma-wait", "what_to_try"): ("not bad manners", "not rude"),
    ("phone-down-repair", "why_it_helps"): ("Phone breaks are normal.", "Phone breaks happen to all of us."),
    ("half-is-plenty", "situation"): ("feeling like you fail", "feeling you get it wrong"),
    ("half-is-plenty", "why_it_helps"): (
        "About half the time was enough for a secure bond in one careful study.",
        "In one study of 83 families, about half the time was enough. No one needs to catch them all.",
    ),
    ("sound-check", "what_to_try"): (
        "Did your baby pass the newborn hearing test? If",
        "Did your baby have the newborn hearing test, and did it go well? If",
    ),
}


def at(months, *, weeks=None):
    return age_on(months_after(BORN, months), born=BORN, gestation_weeks=weeks)


def test_all_seventy_eight_are_there_each_once():
    assert len(all_strategies()) == 78
    assert len({each.id for each in all_strategies()}) == 78


@pytest.mark.skipif(not GIVEN.exists(), reason="the list they came from is not beside this checkout")
def test_every_row_says_the_same_as_the_list_it_came_from_but_for_the_mended_wording():
    with GIVEN.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    for row in given:
        for (id, field), (old, new) in MENDED.items():
            if row["id"] == id:
                assert old in row[field]
                row[field] = row[field].replace(old, new)
    with STRATEGIES.open(encoding="utf-8", newline="") as file:
        shipped = [{name: row[name] for name in given[0]} for row in csv.DictReader(file)]
    assert shipped == given


def test_a_mended_row_has_a_higher_version():
    assert {each.id for each in all_strategies() if each.version == 2} == {id for id, _ in MENDED}


def test_each_has_a_source_a_strength_and_a_group():
    for each in all_strategies():
        assert each.source and each.how_sure and each.milestone_ids
        assert each.group in {group.id for group in groups()}


def test_every_milestone_but_lost_skills_has_an_idea_that_goes_with_it():
    covered = {id for each in all_strategies() for id in each.milestone_ids}
    assert {each.id for each in all_milestones()} - covered == set()


def test_ideas_are_found_by_age_situation_and_group():
    assert [each.id for each in strategies_for(at(9), "leaving")] == ["short-bye"]
    assert strategies_for(at(3), "leaving") == ()
    assert {each.group for each in strategies_for(at(9), group="breaks")} == {"breaks"}
    assert "tantrum" in situations() and "tantrum" not in situations(at(3))
    assert len(situations()) == len(set(situations())) == 72


def test_ideas_for_three_year_olds_go_on_after_their_birthday():
    assert strategies_for(at(40)) == strategies_for(at(36)) != ()


def test_an_unknown_idea_situation_group_or_topic_is_refused():
    for ask in (
        lambda: strategy("no-such"),
        lambda: strategies_for(at(3), "no such"),
        lambda: strategies_for(at(3), group="no-such"),
        lambda: topic("no-such"),
    ):
        with pytest.raises(WrongUse, match="there is no"):
            ask()


@pytest.mark.parametrize(
    ("noted", "code", "group"),
    [
        ({"still-upset": 2, "more-upset": 1, "connect": 9}, "hard-to-settle", None),
        ({"break": 2}, "breaks", "breaks"),
        ({"tantrum": 3}, "storms", "limits-and-storms"),
        ({"sharp-voice": 1}, "a-hard-moment", None),
        ({"missed": 1, "misread": 1}, "missed", "mending"),
        ({"wary-look": 2}, "new-people", None),
        ({"connect": 3, "comfort": 1}, "connect", "chat-and-play"),
        ({"connect": 2}, "age", None),
    ],
)
def test_what_was_noted_leads_to_the_idea(noted, code, group):
    found = one_to_try(at(14), day=DAY, noted=noted)
    assert found.why_code == code
    assert group in (None, found.strategy.group)


def test_the_reason_gives_its_count_and_facts():
    found = one_to_try(at(14), day=DAY, noted=Counter(["break", "break", "too-much"]))
    assert found.why == "You noted 3 signs for a break."
    assert found.facts == {"count": 3}


def test_milestones_looked_out_for_come_next_and_then_the_age():
    found = one_to_try(at(9), day=DAY, working_on=[milestone("peekaboo-fun-9")])
    assert (found.why_code, found.strategy.id) == ("milestone", "peekaboo-pause")
    assert found.facts == {"milestone": "peekaboo-fun-9"}
    assert one_to_try(at(9), day=DAY).why_code == "age"


def test_a_quoted_word_inside_the_reason_keeps_its_own_quotes():
    why = one_to_try(at(3), day=DAY, working_on=[milestone("early-chat-3")]).why
    assert why.count("“") == 1 and "‘chat’" in why


def test_a_baby_born_early_gets_the_idea_for_it_first_but_not_before_what_was_noted():
    assert one_to_try(at(4, weeks=30), day=DAY).strategy.id == "early-bird-baby"
    assert one_to_try(at(4, weeks=30), day=DAY, noted={"break": 2}).why_code == "breaks"
    assert one_to_try(at(4, weeks=30), day=DAY, avoid=["early-bird-baby"]).why_code == "age"


def test_ideas_shown_lately_are_left_out_until_nothing_else_is_left():
    first = one_to_try(at(9), day=DAY, noted={"break": 2}).strategy.id
    assert one_to_try(at(9), day=DAY, noted={"break": 2}, avoid=[first]).strategy.id != first
    everything = [each.id for each in all_strategies()]
    assert one_to_try(at(9), day=DAY, noted={"break": 2}, avoid=everything).strategy.id == first


@given(
    st.integers(0, 48),
    st.dictionaries(st.sampled_from([code for each in reasons().values() for code in each.when]), st.integers(0, 9)),
    st.integers(0, 400),
)
def test_at_every_age_there_is_one_that_fits_and_it_is_the_same_all_day(months, noted, days):
    age, day = at(months), DAY + timedelta(days)
    found = one_to_try(age, day=day, noted=noted, working_on=to_look_for(age))
    assert found.strategy.fits(age)
    assert found == one_to_try(age, day=day, noted=dict(reversed(noted.items())), working_on=to_look_for(age))


def test_nobody_is_told_out_of_the_blue_that_she_may_feel_low():
    unasked = {each.id for each in groups() if each.offer is Offer.NOTED}
    for months in range(0, 49, 2):
        for step in range(0, 80, 3):
            found = one_to_try(at(months), day=DAY + timedelta(step), working_on=to_look_for(at(months)))
            assert found.strategy.group not in unasked


def test_no_reason_calls_an_idea_the_best():
    assert not any("best" in each.why.lower().split() for each in reasons().values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",melts-into-cuddles-3;", ",melts;", r"line 2 \(hold-till-calm\): names the milestone “melts”"),
        (",0,24,", ",24,0,", "is for 24 to 0 months"),
        (",moderate,", ",sure,", "has the strength “sure”; use one of checkpoint"),
        (",crying,1", ",shouting,1", "has the group “shouting”"),
    ],
)
def test_a_row_that_breaks_the_rules_is_named(tmp_path, old, new, said):
    lines = STRATEGIES.read_text(encoding="utf-8").splitlines(keepends=True)[:2]
    path = tmp_path / "strategies.csv"
    path.write_text("".join(lines).replace(old, new), encoding="utf-8")
    with pytest.raises(BadContent, match=said):
        read_strategies(path)


def test_learn_has_its_topics_and_each_paragraph_its_source():
    assert [each.id for each in topics()][:6] == [
        "three-capacities",
        "signal-and-answer",
        "good-enough",
        "mending",
        "brain",
        "what-we-do-not-know",
    ]
    for each in topics():
        assert each.summary and len(each.paragraphs) >= 4
        assert all(paragraph.source and paragraph.how_sure for paragraph in each.paragraphs)


def test_good_enough_is_told_with_its_size_and_never_as_a_line():
    told = " ".join(paragraph.text for paragraph in topic("good-enough").paragraphs)
    assert "83 mothers and babies" in told and "do not use it as a line" in told


def test_no_text_says_that_the_brain_is_four_fifths_done():
    told = " ".join(paragraph.text for each in topics() for paragraph in each.paragraphs)
    assert "80" not in told and "%" not in told
