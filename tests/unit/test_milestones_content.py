"""The list of milestones: nothing is dropped, and it says the same as the list it came from."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from attunement.errors import BadContent, WrongUse
from attunement.milestones import (
    Checked,
    Flag,
    Strength,
    all_milestones,
    at_checkpoint,
    checkpoints,
    domains,
    how_sure,
    milestone,
    usually_seen,
)
from attunement.milestones.catalogue import MILESTONES, read_milestones

GIVEN = Path(__file__).parents[3] / "shared" / "science" / "milestones.csv"


def test_all_hundred_are_there_each_once():
    assert len(all_milestones()) == 100
    assert len({each.id for each in all_milestones()}) == 100


def test_each_checkpoint_has_its_list_and_together_they_are_all():
    assert checkpoints() == (2, 3, 4, 6, 9, 12, 15, 18, 24, 30, 36)
    sizes = {months: len(at_checkpoint(months)) for months in checkpoints()}
    assert sizes == {2: 8, 3: 9, 4: 6, 6: 13, 9: 15, 12: 16, 15: 7, 18: 7, 24: 6, 30: 6, 36: 7}


@pytest.mark.parametrize(("mark", "count"), [("3mo", 15), ("6mo", 12), ("9mo", 14), ("12mo", 15)])
def test_the_milestones_of_the_founding_articles_are_all_there(mark, count):
    assert sum(mark in each.in_seed for each in all_milestones()) == count


@pytest.mark.parametrize(("months", "count"), [(3, 9), (6, 11), (9, 14), (12, 13)])
def test_their_four_ages_are_lists_of_our_own(months, count):
    assert sum(each.from_seed for each in at_checkpoint(months)) == count


def test_the_flags_are_as_given():
    assert Counter(each.flag for each in all_milestones()) == {Flag.ASK: 57, Flag.NONE: 41, Flag.LOSS: 2}


@pytest.mark.skipif(not GIVEN.exists(), reason="the list it came from is not beside this checkout")
def test_every_row_says_the_same_as_the_list_it_came_from():
    with GIVEN.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    with MILESTONES.open(encoding="utf-8", newline="") as file:
        shipped = [{name: row[name] for name in given[0]} for row in csv.DictReader(file)]
    assert shipped == given


def test_each_has_a_source_a_strength_and_a_range():
    for each in all_milestones():
        start, end = usually_seen(each)
        assert each.source and each.evidence and each.version == 1
        assert 0 <= start < end and start <= each.age_months
        assert (each.strength is Strength.CHECKPOINT) == each.evidence.startswith("normative")
        assert (each.checked is Checked.READ) == ("read" in each.evidence and "memory" not in each.evidence)


def test_the_three_capacities_have_titles_and_milestones():
    assert [each.id for each in domains()] == ["express-and-regulate", "relate", "explore-and-learn"]
    assert Counter(each.domain for each in all_milestones()) == {
        "relate": 46,
        "express-and-regulate": 38,
        "explore-and-learn": 16,
    }


def test_how_sure_we_are_is_said_in_words():
    assert how_sure(Strength.STRONG, Checked.READ) == "Many studies agree."
    assert "check the source" in how_sure(Strength.LIMITED, Checked.MEMORY)


def test_an_unknown_name_or_age_is_refused():
    assert milestone("smiles-back-2").age_months == 2
    with pytest.raises(WrongUse, match="no milestone “smiles”"):
        milestone("smiles")
    with pytest.raises(WrongUse, match="no list at 5 months"):
        at_checkpoint(5)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2,2,0,3,express", "2,5,0,3,express", r"line 2 \(eases-when-held-2\): has the age 5; use one of"),
        ("2,2,0,3,express", "2,2,3,3,express", "has a window from 3 to 3; let it end"),
        ("2,2,0,3,express", "2,two,0,3,express", "has the age_months “two”; write a whole number"),
        (",express-and-regulate,", ",express,", "has the domain “express”"),
        (",ask-your-doctor-if-not-yet,", ",ask,", "has the flag “ask”; use one of none"),
        ("studies-your-face-2", "eases-when-held-2", "stands twice"),
        (",checkpoint,read,no,1", ",checkpoint,read,no", "has 15 fields; give 16"),
        (",checkpoint,read,no,1", ",checkpoint,read,maybe,1", "has the phase “maybe”"),
        ("id,age_months", "name,age_months", "line 1: has other columns"),
    ],
)
def test_a_row_that_breaks_the_rules_is_named(tmp_path, old, new, said):
    lines = MILESTONES.read_text(encoding="utf-8").splitlines(keepends=True)[:4]
    path = tmp_path / "milestones.csv"
    path.write_text("".join(lines).replace(old, new), encoding="utf-8")
    with pytest.raises(BadContent, match=said):
        read_milestones(path)
