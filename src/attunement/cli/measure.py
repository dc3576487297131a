"""Says what coded recordings show: replies, comfort, repair, turns, states."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from attunement.cli._parser import Parser
from attunement.clock import parse_duration, show_duration
from attunement.errors import AttunementError, ExitCode
from attunement.measures import WINDOW_MS
from attunement.reports import Measured, as_record, build, envelope, measure_file, to_text

_MORE = """\
examples:
  attunement measure visit.eaf
  attunement measure visit1.eaf visit2.eaf --window 2s --json
  attunement measure codes.csv --scheme my-scheme.toml

Every number comes with its counts and the rule it was made by; where it is too little to say, it says so.
Exit codes: 0 done; 2 wrong use; 3 read, but an issue forbids a number; 4 not readable.
"""


def main(argv: Sequence[str]) -> int:
    parser = Parser("measure", "Say what coded recordings show.", epilog=_MORE)
    parser.add_argument("files", metavar="FILE", nargs="+", help="a coded recording (see attunement formats)")
    add_rule(parser)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    wanted = parser.parse_args(argv)
    found: list[Measured] = []
    worst = ExitCode.DONE
    for file in wanted.files:
        try:
            sessions = measure(file, wanted.scheme, wanted.window, wanted.despite_issues)
        except AttunementError as error:
            if len(wanted.files) == 1:
                raise
            print(f"attunement: {error}", file=sys.stderr)  # the other files are still measured
            worst = max(worst, error.exit_code)
            continue
        found += sessions
        worst = max(worst, exit_code(sessions))
    if wanted.json:
        print(json.dumps(envelope([as_record(each) for each in found]), ensure_ascii=False, indent=2))
    else:
        print("\n".join(to_text(build(each)) for each in found), end="")
    return worst


def add_rule(parser: Parser) -> None:
    """The options that say how to count."""
    parser.add_argument(
        "--scheme", metavar="NAME|FILE", help="the coding scheme (see attunement schemes); default: best"
    )
    parser.add_argument(
        "--window", metavar="TIME", default=show_duration(WINDOW_MS),
        help="how long after a signal an act still answers it, such as 2s or 500ms (default %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--despite-issues", action="store_true", help="give numbers even where rows had to be left out of them"
    )


def measure(file: str, scheme: str | None, window: str, despite_issues: bool) -> tuple[Measured, ...]:
    return measure_file(file, scheme=scheme, window_ms=parse_duration(window), despite_issues=despite_issues)


def exit_code(found: Sequence[Measured]) -> ExitCode:
    return ExitCode.NO_NUMBER if any(each.measures is None for each in found) else ExitCode.DONE
