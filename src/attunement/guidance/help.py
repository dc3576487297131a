"""The three levels of help in words: get help now, talk to your doctor soon, keep noticing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attunement.clock import Age
from attunement.errors import WrongUse
from attunement.milestones import Checked, Level, State
from attunement.milestones.shipped import row_of, toml_of

HELP = Path(__file__).with_name("help.toml")


@dataclass(frozen=True, slots=True)
class Urgent:
    """Level 3. `call` names the kinds of help lines to show, in order; "doctor" is the family's own.

    `private`: keep no note of it and show it to nobody else. `quick_exit`: offer a way to leave the page at once.
    """

    id: str
    when: str
    text: str
    call: tuple[str, ...]
    private: bool
    quick_exit: bool
    source: str
    checked: Checked


@dataclass(frozen=True, slots=True)
class TalkSoon:
    """Level 2. `about` is child, feelings or caregiver; `by_months` is set for the lists by age."""

    id: str
    about: str
    text: str
    items: tuple[str, ...]
    note: str
    from_months: int
    by_months: int | None
    source: str
    checked: Checked


@cache
def urgent() -> tuple[Urgent, ...]:
    """Level 3, most pressing first; the same for everyone, asked or not."""
    names = ("id", "when", "text", "call", "private", "quick_exit", "source", "checked")
    rows = (row_of(each, f"{HELP.name}, urgent {at}", names) for at, each in enumerate(_file()["urgent"], 1))
    return tuple(
        Urgent(
            row.text("id"),
            row.text("when"),
            row.text("text"),
            row.several("call"),
            row.fields["private"] == "True",
            row.fields["quick_exit"] == "True",
            row.text("source"),
            row.one_of("checked", Checked),
        )
        for row in rows
    )


@cache
def all_talk_soon() -> tuple[TalkSoon, ...]:
    """Level 2, every row."""
    names = ("id", "about", "text", "items", "note", "from_months", "by_months", "source", "checked")
    rows = (row_of(each, f"{HELP.name}, talk_soon {at}", names) for at, each in enumerate(_file()["talk_soon"], 1))
    return tuple(
        TalkSoon(
            row.text("id"),
            row.text("about"),
            row.text("text"),
            row.several("items") if row.fields["items"] else (),
            row.fields["note"],
            row.whole("from_months") if row.fields["from_months"] else 0,
            row.whole("by_months") if row.fields["by_months"] else None,
            row.text("source"),
            row.one_of("checked", Checked),
        )
        for row in rows
    )


def talk_soon(age: Age) -> tuple[TalkSoon, ...]:
    """Level 2 for this age in use: what counts at any age, and the one list of the last checkpoint reached."""
    reached = [row.by_months for row in all_talk_soon() if row.by_months and row.by_months <= age.months]
    current = max(reached, default=None)
    return tuple(
        row
        for row in all_talk_soon()
        if row.from_months <= age.months and (row.by_months is None or row.by_months == current)
    )


@cache
def texts() -> Mapping[str, str]:
    """Single sentences: each_time, worry, in_range, for_the_visit, skill_gone, ask_soon, keep_noticing, early_help."""
    return {name: str(said) for name, said in _file()["texts"].items()}


def words_for(level: Level, state: State, *, weeks: int = 4) -> str:
    """What a family reads when `notice` answers with this level: levels 1 and 2 (level 3 is `urgent()`).

    `weeks` until we ask again. Raises WrongUse for level 3.
    """
    if level is Level.NOW:
        raise WrongUse("level 3 is never reached from a milestone", remedy="show urgent()")
    if level is Level.KEEP_NOTICING:
        return texts()["keep_noticing"].format(weeks=weeks)
    return texts()["skill_gone" if state is State.GONE else "ask_soon"]


def early_help(country: str) -> str:
    """Where help without a diagnosis is found."""
    return texts()["early_help_us" if country == "US" else "early_help"]


@cache
def never_flags() -> Mapping[str, str]:
    """What leads to no flag, ever; for practitioners and for our tests."""
    return {row["id"]: row["text"] for row in _file()["never"]}


def countries() -> Mapping[str, str]:
    """The countries that have help lines, by code; ZZ stands for elsewhere."""
    return {code: str(name) for code, name in _file()["countries"].items()}


@cache
def _file() -> dict[str, Any]:
    return toml_of(HELP)
