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
  .csv, .parquet  one row an event: session, tier, participant, value, start_ms, end_ms, id, parent,
                  and duration_ms, which is how long the recording is
  .eaf            ELAN 3.0: tiers with their participants and parents, times and values; no controlled vocabularies;
                  a last time slot that no annotation uses is the recording's end
  .TextGrid       Praat: tiers, times and labels; no rows that hang under others
  .rttm           speakers and times; not how long the recording is
  .boris          a BORIS project of one observation, whose interval is what was observed

Rows without a possible time are left out, and named on the screen. A file of several sessions becomes one file each:
OUT-1.csv, OUT-2.csv, ... Rows that a kind of file cannot hold are refused, not bent; what else it has no place for is named.
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
        for said in formats.not_kept(reading.session, out.name):
            print(harmless(f"warning: {out}: {said}"), file=sys.stderr)
        print(f"{out}: {len(reading.session.events)} rows in {len(reading.session.tiers)} tiers")
    return 0
