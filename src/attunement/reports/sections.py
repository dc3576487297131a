"""Each measure in words: what was counted, what it says, the rule it rests on, and silence where it is too little."""

from __future__ import annotations

from attunement.clock import show_duration
from attunement.measures import FEWEST, Comfort, Latency, Measures, Repair, Replies, States, Turns
from attunement.reports.bonds import bonds, order_and_time
from attunement.reports.report import Section, Table
from attunement.reports.wording import counted, interval, listed, per, percent


def sections(measures: Measures) -> list[Section]:
    """One section a measure that this scheme can speak of; repair comes first."""
    scheme, found = measures.scheme, []
    if measures.repair is not None and scheme.matches.any():
        found.append(_repair(measures.repair))
    if measures.replies is not None and scheme.is_signal.any():
        found.append(_replies(measures.replies))
    if measures.latency is not None and scheme.is_signal.any():
        found.append(_latency(measures.latency))
    if measures.comfort is not None and scheme.is_upset.any():
        found.append(_comfort(measures.comfort))
    if measures.turns is not None and scheme.is_sound.any():
        found.append(_turns(measures.turns))
    found += bonds(measures)
    if measures.states is not None:
        found.append(_states(measures.states))
    return found + order_and_time(measures)


def _replies(found: Replies) -> Section:
    total, rule = found.total, found.rule
    window = show_duration(rule.window_ms)
    sentences = [
        f"{counted(total.signals, 'signal', 'signals')}: {total.answered:,} answered, {total.late:,} late, "
        f"{total.misread:,} met by another kind of act, {total.missed:,} without an act in time."
    ]
    if total.share is None:
        sentences.append(f"Too few signals for a share (fewer than {FEWEST}).")
    else:
        sentences.append(f"Answered within {window}: {percent(total.share)}{interval(total.interval)}.")
    if found.chance is not None:
        sentences.append(f"If the same acts came at any other time, about {percent(found.chance)} would be answered.")
    if total.signals and total.signals == total.missed and not found.chance:
        sentences.append(
            "No act that could answer is in the file. If adults were not coded, this says nothing of answers."
        )
    rows = tuple(
        (name, f"{part.signals:,}", f"{part.answered:,}", f"{part.late:,}", f"{part.misread:,}", f"{part.missed:,}")
        for name, part in found.per_function.items()
    )
    table = Table(
        "By what the signal asks for",
        ("Asks for", "Signals", "Answered", "Late", "Another kind of act", "No act in time"), rows,
    )  # fmt: skip
    basis = (
        f"A signal is answered when an act that serves what it asks for begins after the signal's onset and at most "
        f"{window} after its {rule.from_}. Acts may overlap the signal, and one act may answer several signals; an act "
        f"already under way answers nothing. For upset signals there is no window: what counts is a comforting act before "
        f"{show_duration(rule.calm_ms)} of quiet. Observed time {show_duration(found.observed_ms)}. The interval is "
        "Wilson's and takes signals for independent; where there are several sessions, it takes these. The level by "
        "accident is the mean over all rotations of the acts."
    )
    return Section("replies", "Signals and answers", tuple(sentences), basis, table if rows else None)


def _latency(found: Latency) -> Section:
    if found.median_ms is None:
        said = f"Too few answers for a median (fewer than {FEWEST}), or fewer than half were seen to be answered."
    else:
        seen = f"{int(found.seen.sum()):,} of {counted(len(found.times), 'signal', 'signals')} answered before the next one"
        said = f"Median time to the first fitting act: {show_duration(found.median_ms)} ({seen})."
        low, high = found.quartiles_ms
        if low is not None and high is not None:
            said += f" The middle half lies between {show_duration(low)} and {show_duration(high)}."
    basis = (
        "From the end of a sound, or the onset of any other signal, to the first fitting act (Kaplan-Meier; a signal that "
        f"was followed by the next one, or by the end, first is counted as not seen). {int(found.seen.sum()):,} of "
        f"{counted(len(found.times), 'signal', 'signals')} were seen to be answered; below zero means that the act began "
        "during the sound. Upset signals are left out."
    )
    return Section("latency", "How soon", (said,), basis)


def _comfort(found: Comfort) -> Section:
    if not found.episodes:
        return Section("comfort", "Upset and comfort", ("No upset moments were coded.",), _comfort_rule(found))
    sentences = [
        f"{counted(found.episodes, 'upset episode', 'upset episodes')}: {found.together} settled together, "
        f"{found.alone} settled alone, {found.unresolved} not settled by the end."
    ]
    if found.median_ms is not None:
        sentences.append(f"Median time from the first comforting act to quiet: {show_duration(found.median_ms)}.")
        if not found.median_ms:
            sentences.append("In half of them or more, the last upset sound was over when the act began.")
    else:
        sentences.append(f"Too few for a median time to quiet (fewer than {FEWEST}).")
    return Section("comfort", "Upset and comfort", tuple(sentences), _comfort_rule(found))


def _comfort_rule(found: Comfort) -> str:
    return (
        f"Upset signals less than {show_duration(found.calm_ms)} apart are one episode, and quiet that long is calm. "
        "Together: a comforting act had begun when calm was complete. How soon comfort came is not judged."
    )


def _repair(found: Repair) -> Section:
    if found.match_share is None:
        sentences = ["Too little time with both partners in a coded state to speak of match and repair."]
    else:
        rate = f", {per(found.repairs_per_minute or 0)} a minute" if found.repairs else ""
        sentences = [
            f"{counted(found.repairs, 'repair', 'repairs')} (mismatch turned into match){rate}.",
            f"Matching for {percent(found.match_share)} of {show_duration(found.both_ms)} in which both were in a coded "
            "state. About three in ten is usual in face-to-face play; more is not better.",
        ]
        if found.median_ms is not None:
            sentences.append(f"Median time to repair: {show_duration(found.median_ms)}.")
    basis = (
        "Match: both partners are in states that the scheme pairs. Only events that last count as states, and only time in "
        "which both are in one. Time to repair is the length of a mismatch (Kaplan-Meier, censored where a state ended). "
        "Tronick & Gianino 1986; Tronick & Cohn 1989."
    )
    return Section("repair", "Match and repair", tuple(sentences), basis)


def _turns(found: Turns) -> Section:
    if found.pairs is None:
        said = "No sounds of both a child and an adult were coded, so nothing can be said of turns."
        return Section("turns", "Turns", (said,), _turns_rule(found))
    sentences = [
        f"{counted(found.pairs, 'turn', 'turns')} between child and adults (adjacent pairs), in "
        f"{counted(found.conversations or 0, 'conversation', 'conversations')}. LENA-like count: {found.lena_like_count:,}."
    ]
    if found.lena_count is not None:
        sentences.append(f"LENA's own count, from its file: {found.lena_count:,}.")
    if found.chance is not None:
        sentences.append(
            f"If the adults' sounds came at any other time, about {per(found.chance.pairs)} turns would be counted "
            f"(LENA-like: {per(found.chance.lena_like_count)})."
        )
    return Section("turns", "Turns", tuple(sentences), _turns_rule(found))


def _turns_rule(found: Turns) -> str:
    return (
        f"A pair: a sound of the child and one of an adult, one after the other with nobody between, less than "
        f"{show_duration(found.gap_ms)} from the end of the first to the onset of the second; overlap counts, cries do not. "
        "The LENA-like count follows LENA's rule on these sounds and is not LENA's own number."
    )


def _states(found: States) -> Section:
    rows = tuple(
        (actor, code, f"{state.count:,}", show_duration(state.total_ms), show_duration(state.mean_ms),
         "" if state.rate_per_hour is None else per(state.rate_per_hour))
        for actor, codes in found.by.items()
        for code, state in codes.items()
    )  # fmt: skip
    kinds = len(rows)
    people = [f"{actor}: {sum(state.count for state in codes.values()):,}" for actor, codes in found.by.items()]
    said = f"{listed(people)} events." if people else "Nothing was coded."
    basis = f"Rates are per hour of observed time, which is {show_duration(found.observed_ms)} here."
    table = Table(
        f"Every code ({counted(kinds, 'row', 'rows')})",
        ("Who", "Code", "Count", "Total", "Mean", "Per hour"), rows,
    )  # fmt: skip
    return Section("states", "States and counts", (said,), basis, table)
