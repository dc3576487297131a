"""One idea to try, chosen by plain rules from what was noted, and why: never "the best one"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from attunement.clock import Age
from attunement.guidance.strategies import IDEAS, Offer, Strategy, all_strategies, groups, ideas, strategy
from attunement.milestones import Milestone
from attunement.milestones.shipped import row_of

INNER_QUOTES = str.maketrans("“”", "‘’")  # a quoted statement may quote a word itself


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule: these codes, noted at least so often, lead to one of these ideas. Without codes: a fixed reason."""

    code: str
    when: tuple[str, ...]
    at_least: int
    strategies: tuple[Strategy, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An idea, the code of the reason, the reason in words, and the facts it rests on."""

    strategy: Strategy
    why_code: str
    why: str
    facts: Mapping[str, int | str]


def one_to_try(
    age: Age,
    *,
    day: date,
    noted: Mapping[str, int] | None = None,
    working_on: Sequence[Milestone] = (),
    avoid: Collection[str] = (),
) -> Suggestion:
    """One idea that fits this age, the same for the same day and notes.

    `noted` counts what the family noted lately: codes of signals, acts and endings, functions, "missed", "misread".
    `avoid` holds the ids of ideas shown lately; they come back only when nothing else is left. The first reason
    of the file that was noted often enough wins; then a baby born early, the milestones looked out for, the age.
    """
    noted = noted or {}
    for skipped in (frozenset(avoid), frozenset[str]()):
        found = (
            _from_notes(age, noted, skipped, day)
            or _born_early(age, skipped)
            or _from_milestones(age, working_on, skipped, day)
            or _from_age(age, skipped, day)
        )
        if found is not None:
            return found
    raise AssertionError("every age has an idea: a test goes through all of them")


@cache
def reasons() -> Mapping[str, Reason]:
    """The rules, in their order. Raises BadContent."""
    found: dict[str, Reason] = {}
    for at, table in enumerate(ideas()["reason"], 1):
        row = row_of(table, f"{IDEAS.name}, reason {at}", ("code", "when", "at_least", "strategies", "why"))
        known = {each.id for each in all_strategies()}
        for named in table.get("strategies", ()):
            if named not in known:
                row.refuse(f"names the idea “{named}”", "use an id of strategies.csv")
        chosen = tuple(map(strategy, table.get("strategies", ())))
        when = tuple(table.get("when", ()))
        least = row.whole("at_least") if when else 0
        found[row.text("code")] = Reason(row.text("code"), when, least, chosen, row.text("why"))
    return found


def _from_notes(age: Age, noted: Mapping[str, int], skipped: Collection[str], day: date) -> Suggestion | None:
    for reason in reasons().values():
        count = sum(noted.get(code, 0) for code in reason.when)
        if reason.when and count >= reason.at_least:
            chosen = _of_the_day(age, reason.strategies, skipped, day)
            if chosen:
                return Suggestion(chosen, reason.code, reason.why.format(count=count), {"count": count})
    return None


def _born_early(age: Age, skipped: Collection[str]) -> Suggestion | None:
    reason = reasons()["born-early"]
    chosen = _fitting(age, reason.strategies, skipped) if age.uses == "corrected" else []
    return Suggestion(chosen[0], reason.code, reason.why, {"weeks_early": age.weeks_early}) if chosen else None


def _from_milestones(
    age: Age, working_on: Sequence[Milestone], skipped: Collection[str], day: date
) -> Suggestion | None:
    reason = reasons()["milestone"]
    for milestone in working_on:
        going_with = [each for each in _offered(Offer.AGE, Offer.MILESTONE) if milestone.id in each.milestone_ids]
        chosen = _of_the_day(age, going_with, skipped, day)
        if chosen:
            why = reason.why.format(milestone=milestone.statement.translate(INNER_QUOTES))
            return Suggestion(chosen, reason.code, why, {"milestone": milestone.id})
    return None


def _from_age(age: Age, skipped: Collection[str], day: date) -> Suggestion | None:
    reason = reasons()["age"]
    chosen = _of_the_day(age, _offered(Offer.AGE), skipped, day)
    return Suggestion(chosen, reason.code, reason.why, {"months": age.months}) if chosen else None


def _offered(*offers: Offer) -> list[Strategy]:
    open_groups = {each.id for each in groups() if each.offer in offers}
    return [each for each in all_strategies() if each.group in open_groups]


def _of_the_day(age: Age, strategies: Sequence[Strategy], skipped: Collection[str], day: date) -> Strategy | None:
    """The same idea all day; the next one tomorrow."""
    fitting = _fitting(age, strategies, skipped)
    return fitting[day.toordinal() % len(fitting)] if fitting else None


def _fitting(age: Age, strategies: Sequence[Strategy], skipped: Collection[str]) -> list[Strategy]:
    return [each for each in strategies if each.fits(age) and each.id not in skipped]
