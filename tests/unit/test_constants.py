"""The numbers of the project: all there, each with its reason, and the code uses the same ones."""

from pathlib import Path

import pytest

from attunement import clock
from attunement.constants import CONSTANTS, Status, all_constants, constant, number, numbers, read_constants, text
from attunement.errors import BadContent, WrongUse

# name -> value, as the list of constants gives it
GIVEN = {
    "bid_window_s": 5,
    "bid_window_tight_s": 2,
    "distress_window_s": None,
    "latency_bins_min": (1, 5, 15),
    "episode_gap_min": 5,
    "good_enough_share": 0.50,
    "good_enough_band": (0.40, 0.85),
    "below_band_n": 30,
    "match_share": 0.30,
    "sensitivity_security_r": 0.25,
    "sep_peak_months": (10, 18),
    "cdc_threshold": 0.75,
    "checkpoint_ages": (2, 3, 4, 6, 9, 12, 15, 18, 24, 30, 36),
    "show_words_only_below": 8,
    "show_rough_from": 8,
    "show_rough_days": 3,
    "show_band_from": 20,
    "show_band_days": 5,
    "show_number_from": 50,
    "show_change_from": 90,
    "show_change_posterior": 0.95,
    "design_icc": 0.10,
    "max_prompts_per_day": 2,
    "help_line_recheck_days": 90,
}
PLAIN = 'version = "1"\nlicence = "CC BY 4.0"\n[windows]\n'


def written(folder: Path, rows: str) -> Path:
    path = folder / "constants.toml"
    path.write_text(PLAIN + rows, encoding="utf-8")
    return path


@pytest.mark.parametrize(("key", "value"), GIVEN.items())
def test_a_constant_has_the_value_that_was_decided(key, value):
    assert constant(key).value == value


def test_each_constant_says_why_and_where_from():
    for each in all_constants().values():
        assert len(each.why) > 4 and each.source and each.unit and isinstance(each.status, Status), each.key


def test_ages_are_corrected_by_the_same_numbers_as_stated():
    assert number("corrected_below_weeks") == clock.BORN_EARLY_BELOW_WEEKS
    assert number("corrected_full_term_weeks") == clock.FULL_TERM_WEEKS
    assert number("corrected_through_months") == clock.CORRECTED_THROUGH_MONTHS


def test_what_is_computed_can_be_computed_again():
    repair, leave = 0.35, number("implied_leave_rate")
    assert repair / (repair + leave) == pytest.approx(number("match_share"), abs=0.005)
    seen_as_upset = 0.68  # truly settled together, noted once; the rest noted twice as often
    noted = seen_as_upset / (seen_as_upset + number("upset_noted_ratio") * (1 - seen_as_upset))
    assert noted == pytest.approx(0.52, abs=0.01)


def test_the_file_names_its_version_and_licence():
    head = CONSTANTS.read_text(encoding="utf-8").split("[windows]")[0]
    assert 'version = "' in head and 'licence = "CC BY 4.0"' in head


@pytest.mark.parametrize(
    ("ask", "key"),
    [(constant, "no_such"), (number, "checkpoint_ages"), (number, "distress_window_s"), (numbers, "match_share")],
)
def test_a_wrong_question_is_refused_with_a_remedy(ask, key):
    with pytest.raises(WrongUse, match=r"constants\.toml: .*;"):
        ask(key)


def test_a_text_is_asked_for_as_a_text():
    assert text("missing_text").startswith("This is what you noted")
    with pytest.raises(WrongUse, match="not a text"):
        text("match_share")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('a = { value = 1, unit = "s", status = "guess", source = "x", why = "y" }', "status “guess”; use one of read"),
        ('a = { value = 1, unit = "s", status = "read", source = "x" }', "a: has no why; add why"),
        ('a = { value = true, unit = "s", status = "read", source = "x", why = "y" }', "value True; give a number"),
        ('a = { value = [], unit = "s", status = "read", source = "x", why = "y" }', r"value \[\]"),
        ('a = { value = 1, note = "n", unit = "s", status = "read", source = "x", why = "y" }', "field “note”"),
        ("a = 5", "is no table"),
        ("a = ", "cannot be read: .*; mend the TOML"),
    ],
)
def test_a_row_that_breaks_the_rules_is_named(tmp_path, rows, said):
    with pytest.raises(BadContent, match=said):
        read_constants(written(tmp_path, rows))


def test_the_same_name_in_two_sections_is_refused(tmp_path):
    row = 'a = { value = 1, unit = "s", status = "read", source = "x", why = "y" }\n'
    with pytest.raises(BadContent, match="stands twice"):
        read_constants(written(tmp_path, f"{row}[notes]\n{row}"))
