"""Writes a coded recording as another kind of file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from attunement import formats
from attunement.cli._parser import Parser
from attunement.errors import harmless

_MORE = """\
What each kind of file keeps:
  .csv, .parquet  one row an event: session, tier, participant, value, start_ms, end_ms, id, parent
  .eaf            ELAN 3.0: tiers with their participants and parents, times and values; no controlled vocabularies
  .TextGrid       Praat: tiers, times and labels
  .rttm           speakers and times
  .boris          a BORIS project of one observation

Rows without a possible time are left out, and named on the screen. A file of several sessions becomes one file each:
OUT-1.csv, OUT-2.csv, ... What a kind of file cannot hold is refused, not bent.
"""


def main(argv: Sequence[str]) -> int:
    parser = Parser("convert", "Write a coded recording as another kind of file.", epilog=_MORE)
    parser.add_argument("file", metavar="FILE", help="the recording, such as visit.eaf (see attunement formats)")
    parser.add_argument("--to", metavar="OUT", required=True, help="the new file; its ending says which kind")
    parser.add_argument("--force", action="store_true", help="write over a file of that name")
    wanted = parser.parse_args(argv)
    found = formats.readings(wanted.file)
    for at, reading in enumerate(found, 1):
        out = Path(wanted.to) if len(found) == 1 else Path(wanted.to).with_stem(f"{Path(wanted.to).stem}-{at}")
        formats.write(reading.session, out, replace=wanted.force)
        for issue in reading.issues:
            print(harmless(f"{issue.severity}: {issue.place}: {issue.message}"), file=sys.stderr)
        print(f"{out}: {len(reading.session.events)} rows in {len(reading.session.tiers)} tiers")
    return 0
