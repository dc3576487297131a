"""The content speaks of the same codes as the scheme that families note with."""

from attunement.guidance import reasons
from attunement.milestones import all_milestones
from attunement.milestones.looking import ENDS
from attunement.schemes import Function, scheme

CODES = {code.id: code for code in scheme("attunement").codes}


def test_every_cue_of_a_milestone_is_a_code():
    named = {cue for each in all_milestones() for cue in each.cue_examples} - {"any"}
    assert named - set(CODES) == set()


def test_what_milestones_name_as_endings_are_the_outcomes_among_their_cues():
    named = {cue for each in all_milestones() for cue in each.cue_examples} - {"any"}
    assert {cue for cue in named if CODES[cue].kind == "outcome"} == ENDS


def test_what_leads_to_an_idea_can_be_noted():
    known = set(CODES) | set(Function) | {"missed", "misread"}
    assert {code for each in reasons().values() for code in each.when} - known == set()
