"""Which scheme a session is read with: the one that was asked for, or the built-in one that knows most of its rows."""

from __future__ import annotations

from attunement.events import Session
from attunement.schemes.as_written import NAME, code_as_written
from attunement.schemes.coding import code_session
from attunement.schemes.loading import BUILT_IN, scheme
from attunement.schemes.scheme import Coding

LEAST_SHARE = 0.5  # of the rows: codes of somebody's own may have a word of ours by chance


def coding_of(session: Session, *, asked: str | None = None) -> Coding:
    """The session read with the scheme `asked` for (a name or a TOML file), else with the best built-in one.

    Of several that know equally many, the one that is sure of the kind of file, then the one that expects the rest. Where
    none knows half of the rows that it does not leave out, the file is taken as written. Raises BadScheme.
    """
    if asked == NAME:
        return code_as_written(session)
    if asked is not None:
        return code_session(session, scheme(asked))
    codings = (code_session(session, scheme(name)) for name in BUILT_IN)
    best = max(codings, key=lambda coding: (len(coding.events), _is_sure(coding, session), -len(coding.issues)))
    known, rows = len(best.events), len(best.events) + best.unknown
    if known and known >= LEAST_SHARE * rows:
        return best
    return code_as_written(
        session, nearest=f"the nearest, {best.scheme.name}, knows {known} of {rows} rows" if known else ""
    )


def _is_sure(coding: Coding, session: Session) -> bool:
    """Whether tiers stand here that stand together only in files of this scheme's kind."""
    marks, tiers = coding.scheme.known_by, session.events.actors
    return bool(marks) and all(any(mark.fullmatch(tier) for tier in tiers) for mark in marks)
