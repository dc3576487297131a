"""What the words of an event table mean in a scheme: actor and code as they stand, or tier and value by its rules."""

from __future__ import annotations

import numpy as np
import polars as pl

from attunement.errors import WrongUse
from attunement.events import NONE, Index, Session, session_from_rows
from attunement.schemes import BUILT_IN, Scheme, code_session, coding_of, scheme
from attunement.schemes.as_written import NAME as AS_WRITTEN
from attunement.schemes.choosing import LEAST_SHARE

SKIPPED, OBSERVED = -2, -3  # instead of a code: refines other rows; marks what was watched


def scheme_for(words: pl.DataFrame, asked: str | None, *, tiers: bool, place: str) -> Scheme:
    """The scheme `asked` for, else the built-in one that knows most of the different words (n, 2), at least half of them.

    Raises WrongUse, BadScheme.
    """
    if asked == AS_WRITTEN:
        raise WrongUse("a table is not measured as written", place=place, remedy="see attunement schemes")
    if asked is not None:
        return scheme(asked)
    if tiers:
        best = coding_of(_session(words)).scheme
        found = best.name != AS_WRITTEN
    else:
        codes = set(words.to_series(1)) - {""}
        best = max(map(scheme, BUILT_IN), key=lambda one: len(codes & one.at.keys()))
        found = bool(codes) and len(codes & best.at.keys()) >= LEAST_SHARE * len(codes)
    if not found:
        raise WrongUse("none of our schemes knows half of these codes", place=place, remedy="name one with --scheme")
    return best


def by_code(words: pl.DataFrame, by: Scheme) -> tuple[list[str], Index]:
    """Actor and code of each pair (actor, code); NONE for a code that the scheme does not have."""
    codes = [by.at.get(code, NONE) for code in words.to_series(1)]
    return words.to_series(0).to_list(), np.array(codes, np.int32)


def by_tier(words: pl.DataFrame, by: Scheme) -> tuple[list[str], Index]:
    """Actor and code of each pair (tier, value) by the rules of the scheme; NONE, SKIPPED or OBSERVED for no code.

    A table has no rows that hang under others, so rules that ask for them do not apply.
    """
    coding = code_session(_session(words), by)
    unknown = {one.place.removeprefix("tier ") for one in coding.issues if one.code == "not-in-scheme"}
    actors, codes = words.to_series(0).to_list(), np.full(len(words), NONE, np.int32)
    for at, tier in enumerate(words.to_series(0)):
        if any(pattern.fullmatch(tier) for pattern in by.observed_tiers):
            codes[at] = OBSERVED
        elif tier not in unknown:
            codes[at] = SKIPPED
    events = coding.events
    for row, actor, code in zip(coding.rows.tolist(), events.actor.tolist(), events.code.tolist(), strict=True):
        actors[row], codes[row] = events.actors[actor], code
    return actors, codes


def _session(words: pl.DataFrame) -> Session:
    """The different pairs of words, each once, as if they were a recording."""
    return session_from_rows([(*pair, 0, 0) for pair in words.rows()], name="table", ids=[""] * len(words))
