"""The page of a copy that a parent reads: one file, no script, nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attunement_web.diary.models import CLOCKED, Feeling
from attunement_web.milestones.models import Stage
from attunement_web.rights import bridge
from attunement_web.rights.models import kinds
from attunement_web.rights.models.kinds import About
from attunement_web.rights.queries.rows import rows_of

_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:auto;padding:1rem;color:#23302d;background:#fbf9f4}"
    "h1,h2{line-height:1.2}li{margin:.6rem 0}small{color:#55625e}ul{padding-left:1.2rem}"
    "p.said{white-space:pre-line;margin:.2rem 0}"
    "@media(prefers-color-scheme:dark){body{color:#e8ece9;background:#17201e}small{color:#a9b5b0}}"
)


def page_of(about: About, now: datetime) -> Iterator[str]:
    """Piece by piece, so that a long diary needs no memory."""
    names = {row["id"]: row["name"] for row in rows_of(kinds.PEOPLE, about)}
    children = list(rows_of(kinds.CHILDREN, about))
    called = {row["id"]: row["name"] for row in children}
    yield _head(now)
    yield from _section(_("Children"), (_child(row) for row in children))
    people = (format_html("{}", name) for name in names.values() if name)
    yield from _section(_("People whose names stand in it"), people)
    moments = (_moment(row, called, names) for row in rows_of(kinds.MOMENTS, about, order=("happened_at", "pk")))
    yield from _section(_("Moments"), moments)
    milestones = (_milestone(row, called) for row in rows_of(kinds.MILESTONES, about))
    yield from _section(_("Milestones you told"), milestones)
    recordings = (format_html("{} <small>{}</small>", row["name"], row["read_at"][:10])
                  for row in rows_of(kinds.RECORDINGS, about))  # fmt: skip
    yield from _section(_("Coded recordings"), recordings)
    grants = (_grant(row, called) for row in rows_of(kinds.GRANTS, about))
    yield from _section(_("Whom you let in"), grants)
    yield format_html("<p><small>{}</small></p></body></html>\n", _("Everything, with each detail, lies in data/."))


def _head(now: datetime) -> str:
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        "<style>{}</style></head><body><h1>{}</h1><p>{}</p>\n",
        get_language() or "en", _("Your family’s copy"), _STYLE, _("Your family’s copy"),
        _("Made on %(day)s. Please keep it as you would keep a diary: whoever has it can read it.")
        % {"day": now.date().isoformat()},
    )  # fmt: skip


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield format_html("<h2>{}</h2><ul>\n", title)
    is_empty = True
    for line in lines:
        is_empty = False
        yield format_html("<li>{}</li>\n", line)
    yield "</ul>\n" if not is_empty else format_html("</ul><p>{}</p>\n", _("Nothing here."))


def _child(row: dict[str, Any]) -> str:
    early = (
        _("after %(weeks)s weeks of pregnancy") % {"weeks": row["gestation_weeks"]} if row["gestation_weeks"] else ""
    )
    return format_html("{} <small>{} {}</small>", row["name"], row["born"], early)


def _moment(row: dict[str, Any], called: dict[str, str], names: dict[str, str]) -> str:
    by = names.get(row["noted_by"] or "", "")
    said = (row["local_day"], _clock(row), called[row["child"]], by)
    head = format_html("<small>{}</small>", " · ".join(each for each in said if each))
    if row["removed_at"]:
        head = format_html("{} <small>({})</small>", head, _("taken away"))
    told = " → ".join(bridge.wording(code) for code in (row["signal"], *row["acts"], row["outcome"]) if code)
    more = [row["with_child"], Feeling(row["feeling"]).label if row["feeling"] else ""]
    if row["mended"] is not None:
        more.append(_("found each other again") if row["mended"] else _("not mended yet"))
    words = format_html('<p class="said">{}</p>', row["words"]) if row["words"] else ""
    return format_html("{}<br>{} <small>{}</small>{}", head, told or _("A good moment"), _joined(more), words)


def _clock(row: dict[str, Any]) -> str:
    """On the family's clock; empty where the time is known roughly."""
    if row["precision"] not in CLOCKED:
        return ""
    there = datetime.fromisoformat(row["happened_at"]) + timedelta(minutes=row["offset_minutes"])
    return f"{there:%H:%M}"


def _joined(parts: Iterable[Any]) -> str:
    return ", ".join(str(part) for part in parts if part)


def _milestone(row: dict[str, Any], called: dict[str, str]) -> str:
    words = format_html('<p class="said">{}</p>', row["words"]) if row["words"] else ""
    about = _joined([called[row["child"]], Stage(row["stage"]).label, row["seen_on"]])
    return format_html("{} <small>{}</small>{}", bridge.milestone_words(row["milestone"]), about, words)


def _grant(row: dict[str, Any], called: dict[str, str]) -> str:
    about = _joined([called[row["child"]], row["email"], row["purpose"], row["until"][:10], row["state"]])
    return format_html("{} <small>{}</small>", row["called"], about)
