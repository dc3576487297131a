"""What to offer first when a moment is noted: by age, by this family's habits, in an order that stays put."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from attunement.events import Diary
from attunement.insights.facts import FUNCTIONS, signals_noted
from attunement.schemes import Code, Function, Scheme

OLDEST_MONTHS = 36
COULD_NOT = "no-response"  # "I couldn't just then" is as easy to reach as any answer
NOT_SURE = "not-sure"
_NEEDS = (Function.COMFORT, Function.BREAK)  # what serves them stands before what also fits
_OWN_ANSWER = {"hunger-cue": "feed-or-nurse"}  # signals that name their answer themselves

# Which endings come first, by what the signal asked for; `any` serves every signal.
_ENDINGS_FIRST = {
    Function.COMFORT: (Function.COMFORT, Function.ANY),
    Function.CONNECT: (Function.CONNECT, Function.ANY),
    Function.BREAK: (Function.ANY, Function.BREAK, Function.CONNECT),
    Function.EXPLORE: (Function.EXPLORE, Function.CONNECT, Function.ANY),
    Function.ANY: (Function.CONNECT, Function.ANY, Function.EXPLORE),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """Code ids: what is offered at once, and the rest behind *more*."""

    first: tuple[str, ...]
    more: tuple[str, ...]


def usual_signals(diary: Diary, age_months: float, scheme: Scheme, *, n: int = 8) -> Choices:
    """About `n` signals usual at this age, all functions among them as far as the age has them.

    Habits choose who is in; the scheme's order says where it stands, so buttons do not move about from day to day.
    """
    seen = signals_noted(diary, scheme)
    usual = [code for code in scheme.codes if code.kind == "signal" and _at_age(code, age_months)]
    chosen = set(_in_turn(*(_by_habit(usual, function, seen) for function in FUNCTIONS))[:n])
    kept = ([code.id for code in usual if code.id in chosen and code.function is function] for function in FUNCTIONS)
    first = tuple(_in_turn(*kept))
    return Choices(first, tuple(code.id for code in usual if code.id not in first))


def fitting_acts(
    signal: str | None, age_months: float, scheme: Scheme, habits: Mapping[str, int], *, n: int = 8
) -> Choices:
    """Acts for the second step: those that fit the signal, by habit, comfort and a break where they are asked for, then the
    scheme's order; all others after.

    `habits`: how often this family noted each act (`acts_noted`). `signal` None: just a good moment, all acts fit.
    `no-response` closes the first group, on the same screen as the rest; a good moment has nothing to miss.
    """
    acts = [code for code in scheme.codes if code.kind in ("act", "miss") and _at_age(code, age_months)]
    row = None if signal is None else scheme.fits[scheme.at[signal]]
    fitting = [code for code in acts if code.kind == "act" and (row is None or row[scheme.at[code.id]])]
    own, asked = _OWN_ANSWER.get(signal or ""), None if signal is None else scheme[signal].function

    def place(code: Code) -> tuple[int, bool, bool, bool]:
        waits = asked in _NEEDS and code.function is not asked
        return -habits.get(code.id, 0), code.id != own, code.function is Function.ANY, waits

    fitting.sort(key=place)  # stable: the scheme's order
    could_not = tuple(code.id for code in acts if code.id == COULD_NOT and signal is not None)
    first = (*(code.id for code in fitting[: n - len(could_not)]), *could_not)
    rest = (*(code.id for code in fitting), *(code.id for code in acts))
    return Choices(first, tuple(code for code in dict.fromkeys(rest) if code not in first))


def likely_outcomes(signal: str | None, age_months: float, scheme: Scheme) -> Choices:
    """Endings for the third step: first those that belong to what the signal asked for, "not sure" last."""
    endings = [code for code in scheme.codes if code.kind == "outcome" and _at_age(code, age_months)]
    asked = scheme[signal].function or Function.ANY if signal is not None else Function.ANY
    first = [code.id for function in _ENDINGS_FIRST[asked] for code in endings if code.function is function]
    offered = (*(code for code in first if code != NOT_SURE), *(code.id for code in endings if code.id == NOT_SURE))
    return Choices(offered, tuple(code.id for code in endings if code.id not in offered))


def _at_age(code: Code, age_months: float) -> bool:
    return code.from_month <= min(max(age_months, 0), OLDEST_MONTHS) <= code.to_month


def _by_habit(signals: Iterable[Code], function: Function, seen: Mapping[str, int]) -> list[str]:
    """Signals of one function, most noted first; unnoted ones: upset first, then looks and sounds in turn."""
    place = {True: 0, False: 0}
    ranked = []
    for order, code in enumerate(signals):
        if code.function is function:
            ranked.append((-seen.get(code.id, 0), not code.upset, place[code.sound], order, code.id))
            place[code.sound] += 1
    return [ranks[-1] for ranks in sorted(ranked)]


def _in_turn(*lists: list[str]) -> list[str]:
    """One of each list in turn."""
    return [code for row in zip_longest(*lists) for code in row if code is not None]
