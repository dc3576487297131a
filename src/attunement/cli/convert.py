"""Writes a coded recording as another kind of file."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from attunement import formats
from attunement.cli._parser import Parser

_MORE = """\
What each kind of file keeps:
  .csv  one row an event: session, tier, participant, value, start_ms, end_ms, id, parent; tiers without rows are left out
  .eaf  ELAN 3.0: tiers with their participants and parents, times and values; controlled vocabularies are left out

Rows without a possible time are left out, and named on the screen.
"""


def main(argv: Sequence[str]) -> int:
    parser = Parser("convert", "Write a coded recording as another kind of file.", epilog=_MORE)
    parser.add_argument("file", metavar="FILE", help="the recording, such as visit.eaf (see attunement formats)")
    parser.add_argument("--to", metavar="OUT", required=True, help="the new file, ending in .csv or .eaf")
    parser.add_argument("--force", action="store_true", help="write over a file of that name")
    wanted = parser.parse_args(argv)
    reading = formats.read(wanted.file)
    formats.write(reading.session, wanted.to, replace=wanted.force)
    for issue in reading.issues:
        print(f"{issue.severity}: {issue.place}: {issue.message}", file=sys.stderr)
    rows, tiers = len(reading.session.events), len(reading.session.tiers)
    print(f"{wanted.to}: {rows} rows in {tiers} tiers")
    return 0
