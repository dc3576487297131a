"""CHAT, RTTM and Praat files against plain second readings of the same real files, and against what is known of them.

Tolerance: 0 ms, but 1 ms for rounding where a text grid's neighbours overlap by less than that, as Praat writes them.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest

from attunement.events import NONE, Session
from attunement.formats import read, readings

SHARED = Path(__file__).parents[3] / "shared" / "data"
CHA, RTTM, GRIDS = (sorted((SHARED / kind).glob("*")) for kind in ("cha", "rttm", "TextGrid"))
BULLET = re.compile("\x15(\\d+)_(\\d+)\x15")
Row = tuple[str, str, int, int]

pytestmark = pytest.mark.skipif(
    not (CHA and RTTM and GRIDS), reason="no recordings in ../shared/data beside this checkout"
)

UTTERANCES = {  # file: utterances, and those among them with a time, as the list of sources counts them
    "english-child-speech": (3, 3), "french-child-speech": (2, 2), "headers-time-and-types": (2, 0), "impdenis": (36, 0),
    "media-bullets": (2, 2), "multiline-continuation": (2, 0), "pauses-timed": (3, 0), "vandam": (20, 20),
}  # fmt: skip
SPEAKERS = {
    "childproject_metrics": {"SPEECH": 3207, "FEM": 1867, "MAL": 1340, "KCHI": 1201, "CHI": 1044},
    "childproject_vcm": {"MAL": 5, "SPEECH": 4, "FEM": 4, "CHI": 3, "CRY": 2, "NCS": 1, "CNS": 1},
    "childproject_vtc": {"SPEECH": 6, "MAL": 4, "CHI": 3, "KCHI": 1, "FEM": 1},
}
LABELLED = {  # file: tiers, and rows with a label
    "bobby_phones_elan": (1, 13), "bobby_words": (2, 5), "bobby_words_with_newlines": (3, 9), "childproject": (11, 5),
    "long_format": (4, 152), "short_format": (4, 152),
}  # fmt: skip


def rows(session: Session) -> list[Row]:
    events = session.events
    return [
        (events.actors[events.actor[at]], events.codes[events.code[at]], int(events.start[at]), int(events.end[at]))
        for at in range(len(events))
    ]


def milliseconds(*seconds: str) -> int:
    return int((sum(map(Decimal, seconds)) * 1_000).quantize(Decimal(1), ROUND_HALF_EVEN))


def unfolded(path: Path) -> list[str]:
    return re.sub(r"\n[ \t]+", " ", path.read_text("utf-8-sig").replace("\r\n", "\n")).split("\n")


@pytest.mark.parametrize("path", CHA, ids=lambda path: path.stem)
def test_every_utterance_of_a_transcript_has_the_times_of_its_bullets(path: Path) -> None:
    theirs = Counter[tuple[str, int, int]]()
    said = [line for line in unfolded(path) if line.startswith("*")]
    for line in said:
        if bullets := BULLET.findall(line):
            theirs[line[1:].partition(":")[0], int(bullets[0][0]), int(bullets[-1][1])] += 1
    reading = read(path)
    session = reading.session
    spoken = [row for row, parent in zip(rows(session), session.parent.tolist(), strict=True) if parent == NONE]
    assert Counter((who, start, end) for who, _, start, end in spoken) == theirs
    assert (len(said), len(spoken)) == UTTERANCES[path.stem]
    missing = [issue.message for issue in reading.issues if issue.code == "no-time"]
    assert len(missing) == (len(said) > len(spoken)) and all(str(len(said) - len(spoken)) in one for one in missing)


@pytest.mark.parametrize("path", CHA, ids=lambda path: path.stem)
def test_every_line_under_a_timed_utterance_hangs_under_it(path: Path) -> None:
    theirs = Counter[str]()
    above = ""
    for line in unfolded(path):
        if line.startswith("*"):
            above = line[1:].partition(":")[0] if BULLET.search(line) else ""
            theirs["postcode@" + above] += bool(above and "[+ " in line)
        elif line.startswith("%") and above:
            theirs[f"{line[1:].partition(':')[0]}@{above}"] += 1
    session = read(path).session
    names = [session.events.actors[at] for at in session.events.actor]
    under = [name for name, parent in zip(names, session.parent.tolist(), strict=True) if parent != NONE]
    assert Counter(under) == +theirs


def test_values_of_a_transcript_are_its_words_without_bullets() -> None:
    values = [code for who, code, _, _ in rows(read(SHARED / "cha" / "vandam.cha").session) if who == "MOT"]
    assert values[:2] == ["let's change your diaper . [+ id]", "xxx xxx girl . [+ id]"]


@pytest.mark.parametrize("path", RTTM, ids=lambda path: path.stem)
def test_every_line_of_an_rttm_file_is_a_row(path: Path) -> None:
    theirs = Counter[tuple[str, str, int, int]]()
    for line in path.read_text().splitlines():
        _, recording, _, onset, duration, _, _, who, *_ = line.split()
        theirs[recording, who, milliseconds(onset), milliseconds(onset, duration)] += 1
    found = readings(path)
    ours = Counter((one.session.name, who, start, end) for one in found for who, _, start, end in rows(one.session))
    assert ours == theirs and len(found) == len({recording for recording, *_ in theirs})
    assert Counter(who for _, who, *_ in ours.elements()) == SPEAKERS[path.stem]
    assert all(issue.code == "overlap" for one in found for issue in one.issues)


NUMBER = r"[-+]?[\d.]+(?:e[-+]?\d+)?"
PIECE = re.compile(rf'(?<=\s)({NUMBER})(?=\s)|"((?:[^"]|"")*)"')


def tiers_of(path: Path) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Tiers with their rows (start, end, label), empty ones too, by walking over numbers and strings as they come."""
    pieces = list(PIECE.finditer(path.read_text("utf-8-sig")))
    found: list[tuple[str, list[tuple[str, str, str]]]] = []
    at = 0
    while at < len(pieces):
        kind = pieces[at][2]
        at += 1
        if kind not in ("IntervalTier", "TextTier"):
            continue
        name, count = pieces[at][2], int(pieces[at + 3][1])
        at += 4
        listed = []
        for _ in range(count):
            width = 2 if kind == "IntervalTier" else 1
            listed.append((pieces[at][1], pieces[at + width - 1][1], pieces[at + width][2].replace('""', '"')))
            at += width + 1
        found.append((name.replace('""', '"').strip(), listed))
    return found


@pytest.mark.parametrize("path", GRIDS, ids=lambda path: path.stem)
def test_every_labelled_row_of_a_text_grid_is_that_of_a_plain_walk(path: Path) -> None:
    walked = tiers_of(path)
    session = read(path).session
    assert [tier.name for tier in session.tiers] == [name for name, _ in walked]
    theirs = sorted(
        (name, label, milliseconds(start), milliseconds(end))
        for name, listed in walked
        for start, end, label in listed
        if label.strip()
    )
    ours = sorted(rows(session))
    assert [row[:2] for row in ours] == [row[:2] for row in theirs]
    assert max(abs(a - b) for x, y in zip(ours, theirs, strict=True) for a, b in zip(x[2:], y[2:], strict=True)) <= 1
    assert (len(session.tiers), len(ours)) == LABELLED[path.stem]
    dropped = sum(not label.strip() for _, listed in walked for *_, label in listed)
    notes = [issue.message for issue in read(path).issues if issue.code == "no-label"]
    assert [note.split()[0] for note in notes] == [str(dropped)] * bool(dropped)


def test_the_long_and_the_short_form_of_one_grid_are_read_alike() -> None:
    long, short = (rows(read(SHARED / "TextGrid" / f"{form}_format.TextGrid").session) for form in ("long", "short"))
    assert long == short
