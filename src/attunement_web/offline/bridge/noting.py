"""The three taps for every signal, and the rule by which a moment reads, as plain lists of codes."""

from __future__ import annotations

from datetime import date
from typing import Any

from attunement.moments.noted import GOODBYE_CODES, GREETING_CODES, LATE_CODES, MISSED_CODES
from attunement_web.diary import bridge as diary
from attunement_web.families.models import Child


def codes() -> dict[str, list[str]]:
    """Each code's words, kind and what it asks for or serves; its icon bears its name."""
    known = diary.codes().codes
    return {code.id: [diary.wording(code.id), code.kind, diary.group_of(code)] for code in known}


def offered(child: Child, on: date, habits: diary.Diary) -> dict[str, Any]:
    """What each tap offers: signals of this child, and for each signal (empty: a good moment) acts and endings."""
    signals = ["", *(code.id for code in diary.codes().codes if code.kind == "signal")]
    endings = {signal: _listed(diary.outcome_choices(signal, child, on)) for signal in signals}
    kinds = list({str(one): one for one in endings.values()}.values())  # five ways, shared by all signals
    return {
        "signals": _listed(diary.signal_choices(child, on, habits)),
        "acts": {signal: _listed(diary.act_choices(signal, child, on, habits)) for signal in signals},
        "endings": kinds,
        "ending_of": {signal: kinds.index(one) for signal, one in endings.items()},
    }


def _listed(choices: diary.Choices) -> list[list[str]]:
    """What is offered first, then the rest in the order of its groups."""
    return [[code.id for code in choices.first], [code.id for group in choices.rest.values() for code in group]]


def reading() -> dict[str, Any]:
    """The library's rule (`attunement.moments.noted`) as lists, for the same reading on the phone."""
    scheme = diary.codes()
    acts = [code.id for code in scheme.codes if code.kind == "act"]
    fits = {
        code.id: [act for act in acts if scheme.fits[scheme.at[code.id], scheme.at[act]]]
        for code in scheme.codes
        if code.kind == "signal"
    }
    return {
        "fits": fits,
        "upset": [code.id for code in scheme.codes if code.upset],
        "missed": sorted(MISSED_CODES),
        "late": sorted(LATE_CODES),
        "greeting": sorted(GREETING_CODES),
        "goodbye": sorted(GOODBYE_CODES),
        "good": list(scheme.endings.good),
        "unresolved": list(scheme.endings.unresolved),
        "mends": list(scheme.endings.mends),
    }
