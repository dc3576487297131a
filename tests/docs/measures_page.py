"""The measures' page: below the prose of each measure, what the code and tests/spec say of it themselves.

The prose (rule, source, what it does not say) is written by hand in the page. The formulas and units, from the docstrings of
what computes them, the signatures with their defaults, and the pictures with what is counted in them are put in here, so
that they cannot drift.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.formulas import formulas
from tests.spec import drawn

from attunement import measures

SPEC = Path(drawn.__file__).parent
PICTURES = "How to read the pictures"
BEGIN, END = (
    "<!-- made from the code and tests/spec by: python -m tests.docs -->\n<!-- fmt: off -->",
    "<!-- fmt: on -->\n<!-- made until here -->",
)
MADE = re.compile(rf"\n*{re.escape(BEGIN)}.*?{re.escape(END)}\n*", re.DOTALL)
ONE_LINE = re.compile(r'"((?:baby|mother)[^"\n]*\\n[^"\n]*)"')
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """What is shown below one heading. told: what a helper of those tests gives, where its docstring does not say."""

    functions: Sequence[str]
    results: Sequence[str] = ()
    spec: str = ""
    pictures: Sequence[str] = ()
    told: Mapping[str, str] = field(default_factory=dict)


SECTIONS = {
    "Replies": Section(
        ["replies"], ["Replies", "Share"], "test_replies.py",
        ["a_fitting_act_in_the_window_answers",
         "the_last_moment_of_the_window_still_counts_and_the_next_does_not",
         "an_act_already_under_way_answers_nothing",
         "an_act_may_begin_while_the_signal_lasts_unless_overlap_is_ruled_out",
         "one_act_answers_several_signals_unless_each_act_answers_only_the_nearest",
         "a_fitting_act_after_the_window_and_before_the_next_signal_is_late",
         "an_act_that_does_not_fit_is_a_misread_signal",
         "an_upset_signal_has_no_window_only_an_end",
         "accident_alone_would_answer_as_large_a_share_as_the_windows_cover"],
    ),
    "Latency": Section(
        ["latency"], ["Latency"], "test_latency.py",
        ["a_sound_is_waited_for_from_its_end", "a_smile_is_waited_for_from_its_onset",
         "an_act_that_begins_during_the_sound_came_before_its_end", "the_next_signal_ends_the_waiting_unseen",
         "an_act_that_does_not_fit_is_waited_through"],
        {"waited": "each signal's time in ms, and whether an answer was seen"},
    ),
    "Turns": Section(
        ["turns", "turns_by_chance"], ["Turns", "Chance"], "test_turns.py",
        ["child_then_adult_is_a_turn_and_the_other_way_round_too", "turns_go_in_pairs",
         "sounds_of_the_same_party_are_one_run", "five_seconds_of_silence_end_a_conversation",
         "cries_and_acts_without_a_sound_take_no_turn"],
    ),
    "Match and repair": Section(
        ["repair"], ["Repair"], "test_repair.py",
        ["time_counts_when_both_are_in_a_state", "from_mismatch_to_match_is_a_repair", "the_child_can_mend_it_too",
         "a_mismatch_that_just_stops_is_not_mended"],
    ),
    "Comfort": Section(
        ["comfort"], ["Comfort"], "test_comfort.py",
        ["calm_after_a_hug_is_settled_together", "calm_without_anybody_is_settled_alone",
         "a_hug_that_was_there_before_the_upset_is_not_what_settled_it", "cries_closer_than_calm_are_one_episode",
         "what_the_coder_says_has_the_last_word", "times_to_comfort_and_from_comfort_to_quiet"],
    ),
    "States and counts": Section(
        ["states"], ["States", "State"], "test_states.py",
        ["how_often_how_long_and_how_many_an_hour", "points_have_a_count_and_no_length"],
    ),
    "Contingency": Section(
        ["contingency"], ["Contingency"], "test_contingency.py",
        ["the_window_runs_from_the_onset_to_five_seconds_after_the_end", "a_narrower_window",
         "an_act_under_way_does_not_begin_again", "two_acts_in_one_unit_are_one_unit"],
        {"table": "units a, b, c, d, of one second each"},
    ),
    "Event lags": Section(
        ["lags"], ["Lags"], "test_order.py",
        ["moves_follow_each_other_whatever_the_time_between", "no_step_leads_into_another_session"],
    ),
    "Serve and return": Section(
        ["serve_return"], ["ServeReturn"], "test_exchange.py",
        ["a_bid_and_its_return_are_one_round", "an_exchange_goes_on_while_both_answer", "after_a_pause_it_is_a_new_bid",
         "bids_repeated_before_the_return_are_one"],
    ),
    "Secure base": Section(
        ["secure_base"], ["SecureBase"], "test_exchange.py",
        ["exploring_goes_on_over_a_short_stop", "a_look_back_counts_while_exploring_and_shortly_after",
         "a_child_who_is_upset_while_exploring_may_come_back"],
        {"based": "bouts, ms in them, check-backs, upsets from exploring, returns; here e explores, k looks back, "
                  "y cries, u holds her arms up"},
    ),
    "Synchrony": Section(["synchrony"], ["Synchrony"], "test_exchange.py", ["the_two_series_are_signed"]),
    "Transitions and time budgets": Section(
        ["transitions", "budgets"], ["Transitions", "Moves", "Budgets", "Budget"], "test_order.py",
        ["a_time_budget_as_the_coding_programs_give_it"],
    ),
    "LENA's own count": Section(["lena_count"]),
    "Agreement": Section(
        ["agreement"], ["Agreement"], "test_agreement.py",
        ["unit_by_unit_with_its_table_and_margins", "tolerance_forgives_an_onset_that_is_a_little_off"],
        {"between": "agreement of two codings of one baby, unit by unit of half a second"},
    ),
}  # fmt: skip


def made(page: str) -> str:
    """The page with what is made in it put in anew, below the prose of each section."""
    prose = MADE.sub("\n\n", page)
    parts = HEADING.split(prose)
    told = [parts[0].rstrip()]
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        told.append(f"## {heading}\n\n{text.strip()}".strip())
        if heading in SECTIONS or heading == PICTURES:
            lines = _legend() if heading == PICTURES else [*formulas(heading), *_of(SECTIONS[heading])]
            told.append("\n\n".join([BEGIN, *lines, END]))
    return "\n\n".join(told) + "\n"


def _of(section: Section) -> Iterator[str]:
    yield "<details><summary>In code</summary>"
    yield _code("\n".join(_signature(name) for name in section.functions))
    for name in section.functions:
        yield _docstring(name, section)
    for name in section.results:
        yield f"`{name}`: {inspect.getdoc(getattr(measures, name))}"
    yield "</details>"
    if section.pictures:
        yield "<details><summary>As pictures</summary>"
        yield from _pictures(section)
        yield "</details>"


def _docstring(name: str, section: Section) -> str:
    said = inspect.getdoc(getattr(measures, name)) or ""
    return said if len(section.functions) == 1 else f"`{name}`: {said}"


def _signature(name: str) -> str:
    """The call with its defaults, on one line or a line for each argument."""
    parameters = inspect.signature(getattr(measures, name)).parameters.values()
    told, star = [], False
    for one in parameters:
        if one.kind is one.KEYWORD_ONLY and not star:
            told, star = [*told, "*"], True
        told.append(one.name if one.default is one.empty else f"{one.name}={one.default!r}")
    line = f"{name}({', '.join(told)})"
    return line if len(line) <= 120 else f"{name}(\n    {', '.join(told)}\n)"


def _pictures(section: Section) -> Iterator[str]:
    source = (SPEC / section.spec).read_text(encoding="utf-8")
    found = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    tests = [found[f"test_{name}"] for name in section.pictures]
    called = {node.func.id: None for test in tests for node in ast.walk(test) if _is_call(node)}
    for name in called:
        said = section.told.get(name) or (ast.get_docstring(found[name]) if name in found else None)
        if said:
            yield f"`{name}` gives {said[0].lower()}{said[1:].rstrip('.')}."
    for name, test in zip(section.pictures, tests, strict=True):
        lines = source.splitlines()[test.body[0].lineno - 1 : test.end_lineno]
        body = textwrap.dedent("\n".join(line.removesuffix("  # fmt: skip") for line in lines))
        yield f"{name[0].upper()}{name[1:].replace('_', ' ')}:"
        yield _code(ONE_LINE.sub(_drawn_out, body))


def _drawn_out(found: re.Match[str]) -> str:
    """A picture that the test writes on one line, as it is seen."""
    return '"""\n    ' + found[1].replace("\\n", "\n    ") + '\n"""'


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _legend() -> Iterator[str]:
    yield _code(inspect.cleandoc(drawn.__doc__ or ""), "text")
    rows = [f"| `{letter}` | {code} | {drawn.ATTUNEMENT[code].function} |" for letter, code in drawn.LETTERS.items()]
    yield "\n".join(["| letter | code | asks for, or serves |", "|---|---|---|", *rows])


def _code(text: str, language: str = "python") -> str:
    return f"```{language}\n{text}\n```"
