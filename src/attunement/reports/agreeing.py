"""What two coders agree on, in words: agreement first, then kappa with its interval and the margins beside it."""

from __future__ import annotations

from textwrap import wrap

from attunement.clock import show_duration
from attunement.measures.agreement import NOTHING, ActorAgreement, Agreement
from attunement.reports.wording import counted, percent
from attunement.stats.kappa import Kappa

WIDTH = 100  # of a line on the screen
BASIS = (
    "Each time unit has the code that fills most of it, or {nothing} where no code touches it; that counts as a category. "
    "With tolerance, a unit agrees when the other coder has its code that near. Events are linked in order, onset to onset, "
    "within the tolerance, the same code first. Kappa is agreement beyond what the margins alone give, and depends on "
    "them: look at both. The interval of time units takes stretches of 60 s for independent, and needs ten of them."
)


def agreement_in_words(found: Agreement) -> list[str]:
    """Lines of text."""
    lines = [
        f"Both watched {show_duration(found.both_ms)}; time units of {show_duration(found.unit_ms)}, onsets within "
        f"{show_duration(found.tolerance_ms)}."
    ]
    if found.outside:
        lines.append(f"{counted(found.outside, 'event begins', 'events begin')} where only one watched; left out.")
    for one in found.actors:
        lines += ["", *_actor(one)]
    if not found.actors:
        lines.append("Nothing was coded there.")
    return [*lines, "", *wrap(BASIS.format(nothing=NOTHING), WIDTH)]


def _actor(one: ActorAgreement) -> list[str]:
    units, events = one.units, one.events
    first, second = one.within
    return [
        f"{one.actor}",
        f"  time units        {_same(units, 'unit', 'units')}; {_kappa(units)}",
        f"  with tolerance    kappa {_value(first)} from the first coder's side, {_value(second)} from the second's",
        f"  events            {events.first} and {events.second}: {events.linked} linked, {events.same} with the same code; "
        f"{_kappa(events.kappa)}",
        f"  alpha (nominal)   {'too few to say' if one.alpha is None else f'{one.alpha:.2f}'}",
        "  share of units by the first coder and by the second",
        *_margins(one),
    ]


def _same(found: Kappa, unit: str, units: str) -> str:
    if found.agreement is None:
        return f"no {units} in which both watched"
    return f"the same in {percent(found.agreement)} of {counted(found.n, unit, units)}"


def _kappa(found: Kappa) -> str:
    if found.value is None:
        return "kappa: too few, or too much alike, to say"
    low_high = f" (95 % interval {found.interval[0]:.2f} to {found.interval[1]:.2f})" if found.interval else ""
    return f"kappa {found.value:.2f}{low_high}"


def _value(found: Kappa) -> str:
    return "not told" if found.value is None else f"{found.value:.2f}"


def _margins(one: ActorAgreement) -> list[str]:
    """The share of the time that each code has, by both coders."""
    wide = max(len(code) for code in one.codes)
    both = zip(one.codes, *(margin.tolist() for margin in one.units.margins), strict=True)
    return [f"    {code:<{wide}}  {percent(mine):>6} {percent(theirs):>6}" for code, mine, theirs in both]
