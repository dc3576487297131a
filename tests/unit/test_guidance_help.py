"""The three levels of help, and the numbers to call: honest, complete, and never raised by how a family answers."""

from datetime import date

import pytest

from attunement.clock import age_on, months_after
from attunement.constants import number
from attunement.errors import BadContent, WrongUse
from attunement.guidance import (
    HelpLine,
    LineKind,
    LineStatus,
    all_help_lines,
    all_talk_soon,
    countries,
    early_help,
    help_lines,
    never_flags,
    talk_soon,
    texts,
    urgent,
    words_for,
)
from attunement.guidance.lines import LINES, read_help_lines
from attunement.milestones import Level, State, checkpoints

BORN, TODAY = date(2026, 1, 15), date(2026, 11, 22)


def at(months, *, weeks=None):
    return age_on(months_after(BORN, months), born=BORN, gestation_weeks=weeks)


def line(**changes):
    words = {"id": "x", "country": "US", "name": "A line", "number": "1", "dial": "1", "how": "call", "note": ""}
    kept = {"kind": LineKind.CRISIS, "status": LineStatus.MEMORY, "last_checked": None, "checked_by": ""}
    return HelpLine(**(words | kept | changes))


def test_urgent_help_has_all_seven_rows_danger_to_life_first():
    assert [each.id for each in urgent()] == [
        "breathing",
        "young-fever",
        "cry-is-different",
        "might-hurt-baby",
        "in-danger-from-within",
        "not-safe-at-home",
        "touched-or-hurt",
    ]


def test_each_urgent_row_says_whom_to_call_and_it_is_a_kind_we_know():
    for each in urgent():
        assert each.call and set(each.call) <= {"doctor", *LineKind}
        assert "emergency" in each.call


def test_safety_at_home_is_private_and_can_be_left_at_once():
    private = {each.id for each in urgent() if each.private}
    assert private == {"might-hurt-baby", "in-danger-from-within", "not-safe-at-home", "touched-or-hurt"}
    assert [each.id for each in urgent() if each.quick_exit] == ["not-safe-at-home"]


def test_printed_thresholds_are_those_of_the_constants():
    fever = next(each for each in urgent() if each.id == "young-fever")
    assert f"{number('fever_urgent_c')} °C" in fever.when
    assert f"under {number('fever_urgent_below_months')} months" in fever.when
    crying = next(each for each in urgent() if each.id == "cry-is-different")
    assert f"about {number('soothing_urgent_h')} hours" in crying.when
    tantrums = next(each for each in all_talk_soon() if each.id == "long-tantrums")
    assert f"over {number('tantrum_long_min')} minutes" in tantrums.text


def test_every_checkpoint_from_two_months_has_its_list_but_our_own_at_three():
    lists = [each.by_months for each in all_talk_soon() if each.by_months]
    assert lists == [months for months in checkpoints() if months != 3]
    assert all(each.items for each in all_talk_soon() if each.by_months)


@pytest.mark.parametrize(("months", "by"), [(0, None), (2, 2), (3, 2), (8, 6), (9, 9), (35, 30), (48, 36)])
def test_talk_soon_shows_the_one_list_of_the_last_checkpoint_reached(months, by):
    assert [each.by_months for each in talk_soon(at(months)) if each.by_months] == ([by] if by else [])


def test_a_lost_skill_and_a_worried_caregiver_count_at_any_age():
    for months in (0, 5, 40):
        shown = {each.id for each in talk_soon(at(months))}
        assert {"a-skill-is-gone", "you-are-worried", "two-low-weeks"} <= shown


def test_the_pattern_of_few_looks_counts_after_nine_months_of_the_age_in_use():
    assert "few-of-each" not in {each.id for each in talk_soon(at(9))}
    assert "few-of-each" in {each.id for each in talk_soon(at(10))}
    assert "few-of-each" not in {each.id for each in talk_soon(at(11, weeks=30))}


def test_each_level_has_its_words():
    assert "now it is gone" in words_for(Level.TALK_SOON, State.GONE)
    assert "Not yet" in words_for(Level.TALK_SOON, State.NOT_YET)
    assert "again in 4 weeks" in words_for(Level.KEEP_NOTICING, State.NOT_YET)
    with pytest.raises(WrongUse, match="level 3"):
        words_for(Level.NOW, State.GONE)
    assert texts()["each_time"] == "Attunement helps you notice. It does not replace a doctor."


def test_what_never_leads_to_a_flag_is_written_down():
    assert set(never_flags()) == {"response-statistics", "everyday-behavior", "eye-contact-customs", "simulator"}


def test_every_country_has_its_emergency_number_first():
    for code in countries():
        shown = help_lines(code)
        assert shown[0].kind is LineKind.EMERGENCY, code
        assert [each.kind for each in shown].count(LineKind.EMERGENCY) == 1, code
    assert [help_lines(code)[0].dial for code in ("US", "GB", "ES", "AU", "BR")] == ["911", "999", "112", "000", "192"]


def test_a_country_we_do_not_know_gets_the_local_number_and_where_to_look():
    assert [each.id for each in help_lines("XX")] == ["zz-emergency", "zz-befrienders"]


def test_a_number_from_memory_is_kept_but_not_shown():
    shown = {each.id for code in countries() for each in help_lines(code)}
    from_memory = {each.id for each in all_help_lines() if each.status is LineStatus.MEMORY}
    assert "us-psi" in from_memory and not from_memory & shown
    assert {"us-988", "us-maternal", "gb-samaritans", "es-024", "au-panda"} <= shown


def test_no_day_of_a_check_is_made_up():
    assert all(each.last_checked is None and not each.checked_by for each in all_help_lines())


def test_each_line_says_honestly_how_it_was_checked():
    assert "have not called" in line(status=LineStatus.READ).how_checked(TODAY)
    assert line().how_checked(TODAY) == "Not yet checked by us: please look it up."
    assert line(kind=LineKind.EMERGENCY, status=LineStatus.GENERAL).how_checked(TODAY) == ""


def test_a_line_that_a_person_checked_is_shown_with_the_day_and_asks_again_after_ninety_days():
    fresh = line(last_checked=date(2026, 8, 24), checked_by="A. Person")
    assert fresh.shown and fresh.how_checked(TODAY) == "Checked on 24 August 2026."
    old = line(last_checked=date(2026, 8, 23), checked_by="A. Person")
    assert old.shown and "look it up too" in old.how_checked(TODAY)


def test_early_help_is_named_for_the_united_states_and_elsewhere():
    assert "early intervention" in early_help("US") and "child health line" in early_help("NZ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",general,,,1", ",general,2026-01-01,,1", "names a day or a person, not both"),
        (",general,,,1", ",general,soon,A. Person,1", "last checked on “soon”; write the day as"),
        (",emergency,", ",crisis,", r"\(us-emergency\): comes first in US; put its emergency number first"),
        ("911,911,", "911,nine,", "dials “nine”; write digits alone"),
        ("US,emergency", "USA,emergency", "has the country “USA”"),
    ],
)
def test_a_line_that_breaks_the_rules_is_named(tmp_path, old, new, said):
    lines = LINES.read_text(encoding="utf-8").splitlines(keepends=True)[:2]
    path = tmp_path / "help_lines.csv"
    path.write_text("".join(lines).replace(old, new), encoding="utf-8")
    with pytest.raises(BadContent, match=said):
        read_help_lines(path)
