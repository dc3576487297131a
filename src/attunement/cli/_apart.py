"""Reads one recording from standard input and writes its reports as JSON: what the site runs in a process of its own.

`python -I -m attunement.cli._apart NAME MOST_SESSIONS`. The answer is `{"files": [...]}`; or, with exit code 4,
`{"refused": "..."}`, one line for a person. Exit code 75 says that the memory was too small. Who starts it sets the
limits of memory and time; it is no command for people.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence

from attunement.errors import AttunementError, ExitCode, NotReadable, harmless
from attunement.formats import readings_in
from attunement.measures import WINDOW_MS
from attunement.measures.rules import Json
from attunement.reports import Source, as_record, build
from attunement.reports.measured import measure_reading
from attunement.reports.plain import to_plain

TOO_MUCH = 75  # sysexits.h: not now, not here


def main(argv: Sequence[str]) -> int:
    name, most = argv[0], int(argv[1])
    try:
        answer: dict[str, Json] = {"files": list(_reports(sys.stdin.buffer.read(), name, most))}
        code = int(ExitCode.DONE)
    except AttunementError as error:
        answer, code = {"refused": str(error)}, int(ExitCode.NOT_READABLE)
    except MemoryError:
        return TOO_MUCH
    sys.stdout.write(json.dumps(answer, allow_nan=False))
    sys.stdout.flush()
    return code


def _reports(data: bytes, name: str, most: int) -> list[dict[str, Json]]:
    """The record of each session in the file, with its report beside it."""
    found = readings_in(data, name)
    if len(found) > most:
        raise NotReadable(
            f"it holds {len(found):,} recordings, more than {most} for one page",
            place=name,
            remedy="cut it into several files",
        )
    mark = hashlib.sha256(data).hexdigest()
    reports = []
    for reading in found:
        source = Source(name, mark, reading.format, reading.session.name if len(found) > 1 else "")
        measured = measure_reading(reading, source, scheme=None, window_ms=WINDOW_MS, despite_issues=False)
        reports.append({**as_record(measured), "report": to_plain(build(measured))})
    return [{key: _plain(part) for key, part in report.items()} for report in reports]


def _plain(part: Json) -> Json:
    """Its texts without signs that steer a screen, or that a database cannot hold."""
    if isinstance(part, str):
        return harmless(part)
    if isinstance(part, dict):
        return {harmless(key): _plain(each) for key, each in part.items()}
    return [_plain(each) for each in part] if isinstance(part, list) else part


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
