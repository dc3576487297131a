"""Says how far two coders of one recording agree: time units, aligned events, kappa with its margins."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from attunement import __version__, formats
from attunement.cli._parser import Parser
from attunement.clock import parse_duration
from attunement.errors import ExitCode, Severity, WrongUse
from attunement.events import Reading
from attunement.measures import Agreement, agreement, agreement_json
from attunement.measures.rules import Json
from attunement.reports.agreeing import agreement_in_words
from attunement.schemes import Coding, coding_of

_MORE = """\
examples:
  attunement agreement coder1.eaf coder2.eaf
  attunement agreement coder1.csv coder2.csv --tolerance 500ms --unit 100ms --json

Both files are read with one scheme: the one that is named, or the one that knows most of the first file. Where files
hold several sessions, those of the same name are compared.
Exit codes: 0 done; 2 wrong use; 3 read, but an issue forbids a number; 4 not readable.
"""


def main(argv: Sequence[str]) -> int:
    parser = Parser("agreement", "Say how far two coders of one recording agree.", epilog=_MORE)
    parser.add_argument("first", metavar="FILE1", help="one coder's file (see attunement formats)")
    parser.add_argument("second", metavar="FILE2", help="the other coder's file of the same recording")
    parser.add_argument(
        "--tolerance",
        metavar="TIME",
        default="1s",
        help="how far apart onsets of one event may be (default %(default)s)",
    )
    parser.add_argument("--unit", metavar="TIME", default="1s", help="the length of a time unit (default %(default)s)")
    parser.add_argument(
        "--scheme", metavar="NAME|FILE", help="the coding scheme (see attunement schemes); default: best"
    )
    parser.add_argument("--despite-issues", action="store_true", help="give numbers even where rows had to be left out")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    wanted = parser.parse_args(argv)
    unit_ms, tolerance_ms = parse_duration(wanted.unit), parse_duration(wanted.tolerance)
    found: list[tuple[str, Coding, Agreement]] = []
    forbidden = False
    for name, one, other in _pairs(wanted.first, wanted.second, wanted.scheme):
        if _forbids(one, other) and not wanted.despite_issues:
            forbidden = True
            continue
        coded = tuple(coding for coding, _ in (one, other))
        found.append((name, coded[0], agreement(*coded, unit_ms=unit_ms, tolerance_ms=tolerance_ms)))
    files = [Path(wanted.first).name, Path(wanted.second).name]
    print(_as_json(files, found) if wanted.json else _as_text(files, found))
    return ExitCode.NO_NUMBER if forbidden else ExitCode.DONE


_Read = tuple[Coding, Sequence[str]]  # and its issues of severity ERROR


def _pairs(first: str, second: str, scheme: str | None) -> list[tuple[str, _Read, _Read]]:
    """The sessions to compare, each with its name."""
    mine, theirs = formats.readings(first), formats.readings(second)
    both = list(zip(mine, theirs, strict=False))
    if len(mine) > 1 or len(theirs) > 1:
        named = {reading.session.name: reading for reading in theirs}
        both = [(one, named[one.session.name]) for one in mine if one.session.name in named]
    if not both:
        raise WrongUse(
            "no session of the one file has a name that is in the other", remedy="name sessions alike in both"
        )
    found: list[tuple[str, _Read, _Read]] = []
    for one, other in both:
        coding = coding_of(one.session, asked=scheme)
        again = coding_of(other.session, asked=scheme or coding.scheme.name)
        wrong, also = _errors(first, one, coding), _errors(second, other, again)
        found.append((one.session.name, (coding, wrong), (again, also)))
    return found


def _errors(file: str, reading: Reading, coding: Coding) -> list[str]:
    every = (*reading.issues, *coding.issues)
    return [f"{file}: {issue.place}: {issue.message}" for issue in every if issue.severity is Severity.ERROR]


def _forbids(one: _Read, other: _Read) -> bool:
    said = [*one[1], *other[1]]
    for line in said:
        print(f"attunement: {line}", file=sys.stderr)
    return bool(said)


def _as_text(files: Sequence[str], found: Sequence[tuple[str, Coding, Agreement]]) -> str:
    lines = []
    for name, coding, agreed in found:
        title = f"{' and '.join(files)}" + (f": {name}" if len(found) > 1 else "")
        lines += [f"{title}, scheme {coding.scheme.name} {coding.scheme.version}", *agreement_in_words(agreed), ""]
    return (
        "\n".join(lines) if lines else "An issue stands in the way of a number; --despite-issues gives it all the same."
    )


def _as_json(files: Sequence[str], found: Sequence[tuple[str, Coding, Agreement]]) -> str:
    sessions: list[Json] = [
        {
            "session": name, "scheme": {"name": coding.scheme.name, "version": coding.scheme.version},
            "agreement": agreement_json(agreed),
        }
        for name, coding, agreed in found
    ]  # fmt: skip
    told: dict[str, Json] = {"attunement": __version__, "files": list(files), "sessions": sessions}
    return json.dumps(told, ensure_ascii=False, indent=2)
