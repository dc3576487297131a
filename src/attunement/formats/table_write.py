"""Event tables (CSV), written: nine columns that read back equal, and that no spreadsheet takes for formulas."""

from __future__ import annotations

import polars as pl

from attunement.events import NONE, Session
from attunement.formats.table import SHIELD, SHIELDED
from attunement.formats.table_columns import OWN

_FORMULA = SHIELDED.replace("'+", "'*")  # what begins with the shield already gets one more, so that each reads back


def written(session: Session) -> bytes:
    """The session's rows in UTF-8, sorted by time; tiers without rows have no place in a table."""
    events = session.events
    who = {tier.name: tier.participant for tier in session.tiers}
    tier, code = events.actor.tolist(), events.code.tolist()
    columns = (
        pl.repeat(session.name, len(events), eager=True, dtype=pl.String),
        _strings([events.actors[at] for at in tier]),
        _strings([who.get(events.actors[at], "") for at in tier]),
        _strings([events.codes[at] for at in code]),
        pl.Series(events.start), pl.Series(events.end),
        _strings(list(session.ids)),
        _strings([session.ids[row] if row != NONE else "" for row in session.parent.tolist()]),
        pl.repeat(int(events.duration_ms[0]), len(events), eager=True, dtype=pl.Int64),
    )  # fmt: skip
    frame = pl.DataFrame([column.alias(name) for name, column in zip(OWN, columns, strict=True)])
    shielded = [
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(SHIELD + pl.col(name))
        .when(pl.col(name) != "")
        .then(pl.col(name))
        .alias(name)  # an empty string would be written as two quotes
        for name in OWN
        if frame.schema[name] == pl.String
    ]
    return frame.with_columns(shielded).write_csv().encode("utf-8")


def _strings(cells: list[str]) -> pl.Series:
    return pl.Series(cells, dtype=pl.String)
