"""Writes a report of a recording: its time line, and each measure in words with its basis."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from attunement.cli._parser import Parser
from attunement.cli.measure import add_rule, exit_code, measure
from attunement.errors import WrongUse, harmless
from attunement.formats.whole import whole
from attunement.measures.rules import Json
from attunement.reports import Measured, as_record, build, envelope, to_html, to_markdown

_MORE = """\
examples:
  attunement report visit.eaf --out visit.html     one page that stands alone: open it, print it, send it
  attunement report visit.eaf --out visit.md       the same as text
  attunement report project.boris --out visit.md   a file of several sessions: visit-1.md, visit-2.md, ...

Exit codes: 0 done; 2 wrong use; 3 written, but an issue forbids a number; 4 not readable.
"""


def main(argv: Sequence[str]) -> int:
    parser = Parser("report", "Write a report of one recording.", epilog=_MORE)
    parser.add_argument("file", metavar="FILE", help="a coded recording (see attunement formats)")
    parser.add_argument("--out", metavar="REPORT", required=True, help="ending in .html, .md or .json")
    parser.add_argument("--force", action="store_true", help="write over a report of that name")
    add_rule(parser)
    wanted = parser.parse_args(argv)
    out = Path(wanted.out)
    write = _WRITERS.get(out.suffix.lower())
    if write is None:
        raise WrongUse(
            f"we do not write “{out.suffix or 'no ending'}”", place=out.name, remedy="use .html, .md or .json"
        )
    found = measure(wanted.file, wanted.scheme, wanted.window, wanted.despite_issues)
    for at, session in enumerate(found, 1):
        target = out if len(found) == 1 else out.with_stem(f"{out.stem}-{at}")
        _save(target, write(session), over=wanted.force)
        print(harmless(f"{target}: the report of {session.source.title}"))
    return exit_code(found)


def _save(out: Path, words: str, *, over: bool) -> None:
    """A report that somebody wrote in by hand is not written over unasked, and never by half."""
    if out.exists() and not over:
        raise WrongUse("a file of this name is there already", place=str(out), remedy="choose another name or --force")
    with whole(out) as beside:
        beside.write_text(words, encoding="utf-8")


def _json(found: Measured) -> str:
    report = build(found)
    told: list[Json] = [
        {"heading": part.heading, "sentences": list(part.sentences), "basis": part.basis} for part in report.sections
    ]
    said: dict[str, Json] = {"title": report.title, "sections": told, "closing": report.closing}
    record: dict[str, Json] = {**as_record(found), "report": said}
    return json.dumps(envelope([record]), ensure_ascii=False, indent=2) + "\n"


_WRITERS: dict[str, Callable[[Measured], str]] = {
    ".html": lambda found: to_html(build(found)),
    ".md": lambda found: to_markdown(build(found)),
    ".json": _json,
}
