"""Writes a coded recording as another kind of file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from attunement import formats
from attunement.cli._parser import Parser
from attunement.errors import WrongUse, harmless
from attunement.events import Reading

_MORE = """\
What each kind of file keeps:
  .csv, .parquet  one row an event: session, tier, participant, value, start_ms, end_ms, id, parent,
                  and duration_ms, which is how long the recording is
  .eaf            ELAN 3.0: tiers with their participants and parents, times and values; no controlled vocabularies,
                  languages, or other parts of an original, which are named;
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
    source, found = Path(wanted.file), formats.readings(wanted.file)
    for at, reading in enumerate(found, 1):
        out = Path(wanted.to) if len(found) == 1 else Path(wanted.to).with_stem(f"{Path(wanted.to).stem}-{at}")
        if out.exists() and out.samefile(source):
            raise WrongUse(
                "it is the recording itself, and a new file may hold less than it", place=str(out),
                remedy="choose another name",
            )  # fmt: skip
        formats.write(reading.session, out, replace=wanted.force)
        for issue in reading.issues:
            print(harmless(f"{issue.severity}: {issue.place}: {issue.message}"), file=sys.stderr)
        for said in _not_kept(source, reading, out):
            print(harmless(f"warning: {out}: {said}"), file=sys.stderr)
        print(f"{out}: {len(reading.session.events)} rows in {len(reading.session.tiers)} tiers")
    return 0


def _not_kept(source: Path, reading: Reading, out: Path) -> list[str]:
    """What the new file has no place for; of an .eaf made from another one also what only ELAN knows."""
    of_elan = reading.format == "elan" and out.suffix.lower() == ".eaf"
    said = formats.elan_not_kept(source.read_bytes()) if of_elan else ""
    return [*formats.not_kept(reading.session, out.name), *([said] if said else [])]
