"""What goes with what, in words: sections on contingency, serve and return, the secure base, synchrony, and order."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from attunement.clock import show_duration
from attunement.measures import FEWEST, Budgets, Contingency, Lags, Measures, SecureBase, ServeReturn, Synchrony
from attunement.measures.secure_base import exploring
from attunement.measures.serve_return import RULE
from attunement.measures.transitions import Transitions
from attunement.reports.report import Section, Table
from attunement.reports.wording import counted, interval, per, percent

MOST_ROWS = 60  # of a table on paper; the JSON has them all


def bonds(measures: Measures) -> list[Section]:
    """One section a measure that was made and that this scheme can speak of."""
    scheme, found = measures.scheme, []
    if scheme.is_signal.any() and scheme.is_act.any():
        if measures.contingency:
            found.append(_contingency(measures.contingency))
        if measures.serve_return is not None:
            found.append(_serve_return(measures.serve_return))
        if measures.synchrony is not None:
            found.append(_synchrony(measures.synchrony))
        if measures.lags is not None:
            found.append(_lags(measures.lags))
    if measures.secure_base is not None and exploring(scheme).any():
        found.append(_secure_base(measures.secure_base))
    return found


def order_and_time(measures: Measures) -> list[Section]:
    """What needs no scheme: how time was spent, and what came after what."""
    found = []
    if measures.budgets is not None and measures.budgets.by:
        found.append(_budgets(measures.budgets))
    if measures.transitions is not None and measures.transitions.by:
        found.append(_transitions(measures.transitions))
    return found


def _contingency(found: Sequence[Contingency]) -> Section:
    whole = found[0]
    table = whole.table
    sentences = [
        f"An act began in {table.a:,} of {counted(table.a + table.b, 'time unit', 'time units')} within the window after a "
        f"signal, and in {table.c:,} of {table.c + table.d:,} at other times."
    ]
    if not whole.told:
        sentences.append(f"Too few for more (fewer than {FEWEST} signals or acts, or no other time to compare with).")
    else:
        sentences += _odds(whole)
    basis = (
        f"Time is cut into units of {show_duration(whole.unit_ms)}. A unit lies within the window when it touches the time "
        f"from a signal's onset to {show_duration(whole.window_ms)} after its end (Yoder & Tapp 2004). p: the acts of each "
        f"session turned round by a random time, {whole.permutations:,} times with seed {whole.seed}; the share with as "
        "many units or more. The interval takes stretches of time, or sessions where there are several, for independent, "
        "and is not given where too few units would hold an act by accident. Of many rows below, one small p in twenty is "
        "to be expected. That acts follow signals does not say that more is better; close tracking of all is not the aim."
    )
    return Section("contingency", "After a signal", tuple(sentences), basis, _pairs(found))


def _odds(found: Contingency) -> list[str]:
    table = found.table
    bounds = found.log_odds_interval
    reach = f"95 % interval {exp(bounds[0]):.1f} to {exp(bounds[1]):.1f}; " if bounds else ""
    halves = " An empty cell was taken as one half." if table.corrected else ""
    said = [
        f"The odds of an act are {table.odds_ratio or 0:.1f} times those at other times ({reach}Yule's Q "
        f"{table.yules_q or 0:.2f}).{halves}",
        f"If the same acts came at any other time, one would begin in about {percent(found.chance or 0)} of the units after "
        f"a signal; here it was {percent(table.a / (table.a + table.b))}.",
    ]
    if found.p is not None:
        said.append(f"As many or more by random rotation: {_p(found.p)}.")
    return said


def _pairs(found: Sequence[Contingency]) -> Table | None:
    rows = tuple(
        (
            "all" if one.pair.asking is None else str(one.pair.asking), "fitting" if one.pair.fitting else "all",
            one.pair.caregiver or "anyone", *(f"{cell:,}" for cell in (one.table.a, one.table.b, one.table.c, one.table.d)),
            f"{one.table.yules_q:.2f}" if one.told and one.table.yules_q is not None else "",
            "" if one.p is None else f"{one.p:.3f}",
        )
        for one in found
    )  # fmt: skip
    head = ("Signals", "Acts", "By", "After: act", "none", "Else: act", "none", "Q", "p")
    return Table("Each pair of tracks, in time units", head, rows)


def _serve_return(found: ServeReturn) -> Section:
    said = [
        f"{counted(found.bids, 'bid', 'bids')}: {found.returned:,} returned, with "
        f"{counted(found.rounds, 'round', 'rounds')} in all."
    ]
    if found.share is None:
        said.append(f"Too few bids for a share (fewer than {FEWEST}).")
    else:
        said.append(f"Returned: {percent(found.share)}{interval(found.interval)}.")
    if found.rounds_per_exchange is not None:
        said.append(f"Rounds in an exchange: {found.rounds_per_exchange:.1f} on average.")
    window = show_duration(found.window_ms)
    basis = f"{RULE} The window is {window}. No single source defines this count, so the rule goes with it."
    return Section("serve-return", "Serve and return", tuple(said), basis)


def _synchrony(found: Synchrony) -> Section:
    if found.peak is None or found.peak_ms is None:
        said = f"Too few stretches in which both move (fewer than {FEWEST}) to speak of moving together."
    else:
        when = show_duration(abs(found.peak_ms))
        who = {"child": f"the child first, by {when}", "caregiver": f"the caregivers first, by {when}",
               "together": "both at once"}[found.leads or "together"]  # fmt: skip
        said = f"From second to second: largest correlation {found.peak:.2f}, with {who}."
        if found.p is not None:
            said += f" As large or larger by random rotation: {_p(found.p)}."
    basis = (
        f"Two series in units of {show_duration(found.unit_ms)}: the child drawn in (connecting, exploring) or away (upset, "
        f"asking for a break), caregivers acting or not. Correlation within stretches of {show_duration(found.window_ms)}, "
        f"up to {show_duration(int(found.lag_ms.max()))} both ways, over {counted(found.windows, 'stretch', 'stretches')} "
        "(after Boker et al. 2002). It is another thing than match; more is not better."
    )
    return Section("synchrony", "Moving together", (said,), basis)


def _lags(found: Lags) -> Section:
    fit = found.fit
    said = [f"{counted(found.steps, 'step', 'steps')} from one move to the next, of {len(found.kinds)} kinds."]
    if fit is None:
        said.append("Too few steps for what accident would give.")
    else:
        by_chance = "" if found.p is None else f" ({_p(found.p)})"
        said.append(
            f"Against accident: G2 = {fit.g2:.1f} on {counted(fit.df, 'degree', 'degrees')} of freedom{by_chance}."
        )
    rows = tuple(
        (first, then, f"{found.counts[i, j]:,}", "" if fit is None else f"{fit.expected[i, j]:.1f}",
         "" if fit is None else f"{fit.residuals[i, j]:.1f}".replace("nan", ""))
        for i, first in enumerate(found.kinds)
        for j, then in enumerate(found.kinds)
        if found.possible[i, j]
    )  # fmt: skip
    basis = (
        "Signals and acts in order of onset, named by who and what they ask for or serve, whatever the time between. "
        "Adjusted residuals beyond 2 either way are rare by accident when there are many steps (Bakeman & Quera 2011)."
    )
    head = ("Move", "Next move", "Count", "By accident", "Adjusted residual")
    return Section("lags", "What follows what", tuple(said), basis, _table("Each step", head, rows))


def _secure_base(found: SecureBase) -> Section:
    if not found.bouts:
        return Section("secure-base", "Exploring and coming back", ("No exploring was coded.",), _base_rule(found))
    said = [
        f"{counted(found.bouts, 'stretch', 'stretches')} of exploring, {show_duration(found.exploring_ms)} in all, with "
        f"{counted(found.check_backs, 'look back', 'looks back')} to the caregiver."
    ]
    if found.check_backs_per_minute is not None:
        said.append(f"That is {per(found.check_backs_per_minute)} a minute of exploring.")
    if found.upsets:
        upsets = counted(found.upsets, "upset that began while exploring", "upsets that began while exploring")
        said.append(f"Of {upsets}, the child came close in {found.returns}.")
    return Section("secure-base", "Exploring and coming back", tuple(said), _base_rule(found))


def _base_rule(found: SecureBase) -> str:
    return (
        f"Exploring signals less than {show_duration(found.gap_ms)} apart are one stretch; looks back and upsets belong to "
        "it until that long after its end. Both going off and coming back are part of feeling safe. Ainsworth et al. 1978."
    )


def _budgets(found: Budgets) -> Section:
    rows = tuple(
        (actor, code, f"{one.bouts:,}", "" if one.share is None else f"{one.share * 100:.1f} %", _time(one.mean_ms),
         _time(one.sd_ms), _time(one.interval_mean_ms), _time(one.interval_sd_ms))
        for actor, codes in found.by.items()
        for code, one in codes.items()
    )  # fmt: skip
    head = ("Who", "Code", "Bouts", "Share", "Bout", "SD", "Between", "SD")
    basis = (
        f"Share of the observed time, {show_duration(found.observed_ms)}. Events of one code that overlap are one bout; "
        "between: from the end of one to the onset of the next. Means, and standard deviations (SD, n - 1)."
    )
    said = f"{counted(len(rows), 'code', 'codes')} of {counted(len(found.by), 'person or track', 'people or tracks')}."
    return Section("budgets", "How time was spent", (said,), basis, _table("Time budget", head, rows))


def _p(p: float) -> str:
    return f"p = {p:.3f}" if p >= 0.0005 else "p below 0.001"


def _time(ms: float | None) -> str:
    return "" if ms is None else show_duration(ms)


def _transitions(found: Transitions) -> Section:
    rows = tuple(
        (actor, moves.codes[i], moves.codes[j], f"{moves.counts[i, j]:,}",
         f"{moves.probabilities[i, j] * 100:.0f} %".replace("nan %", ""))
        for actor, moves in found.by.items()
        for i in range(len(moves.codes))
        for j in range(len(moves.codes))
        if moves.counts[i, j]
    )  # fmt: skip
    many = sum(int(moves.counts.sum()) for moves in found.by.values())
    basis = f"Each event of an actor and the next one, whatever the time between; shares from {FEWEST} events on."
    head = ("Who", "From", "To", "Count", "Of the times")
    said = f"{counted(many, 'transition', 'transitions')}."
    return Section("transitions", "What each did next", (said,), basis, _table("Transitions", head, rows))


def _table(caption: str, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table | None:
    more = f", the first {MOST_ROWS} of {len(rows)} rows" if len(rows) > MOST_ROWS else ""
    return Table(caption + more, head, rows[:MOST_ROWS]) if rows else None
