"""CHAT transcripts (.cha), read: utterances with a time bullet, and the lines that hang under them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np

from attunement.errors import Issue, NotReadable, Severity
from attunement.events import NONE, Reading, Tier
from attunement.formats.chat_lines import Line, Timed, lines, timed
from attunement.formats.rows import Rows, listed, reading, show_time
from attunement.formats.text import LONGEST_FIELD, refuse_long_lines, utf8

Row = tuple[int, str, int, int, int, int, bool]  # tier, value, start, end, parent, line, has no time

NO_SPAN = (0, 0)
POSTCODE = "postcode"  # the dependent tier of what stands in [+ ...] after an utterance
_POSTCODES = re.compile(r"\[\+ ?([^\]\[]++)\]")
_AGE = re.compile(r"(\d{1,2});(?:(\d{1,2})\.?(?:(\d{1,2}))?)?", re.ASCII)
_NOT_LINKED = ("unlinked", "missing", "notrans")


@dataclass(slots=True)
class Transcript:
    """What was found; rows are in the file's order."""

    name: str
    roles: dict[str, str] = field(default_factory=dict)  # of each speaker that the head of the file lists
    media: list[str] = field(default_factory=list)
    tiers: dict[str, Tier] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    utterances: Counter[str] = field(default_factory=Counter)
    timeless: Counter[str] = field(default_factory=Counter)
    said: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # by issue: line and why
    issues: list[Issue] = field(default_factory=list)
    utterance: int = NONE  # the row that dependent lines hang under
    speaker: str = ""
    latest: int = 0  # where the utterance before began

    def say(self, code: str, line: int, why: str) -> None:
        self.said.setdefault(code, []).append((line, why))

    def add(self, tier: str, value: str, line: int, span: tuple[int, int] | None, parent: int = NONE) -> int:
        """A new row; without a span it is only counted."""
        place = self.places.get(tier)
        if place is None:
            place = self.places[tier] = len(self.places)
            self.tiers[tier] = self.tier_of(tier)
        start, end = span or NO_SPAN
        self.rows.append((place, value, start, end, parent, line, span is None))
        return len(self.rows) - 1

    def tier_of(self, name: str) -> Tier:
        kind, _, speaker = name.rpartition("@")
        if kind:
            return Tier(name, participant=speaker, parent=speaker, kind=kind)
        return Tier(name, participant=name, kind=self.roles.get(name, ""))


def read(data: bytes, name: str) -> Reading:
    """A session from the bytes of a transcript. Raises NotReadable.

    Tiers are speakers, such as CHI, with their roles as kinds; values are the utterances as written, without bullets.
    A dependent line %add of CHI is a row of tier add@CHI, postcodes are one of postcode@CHI; both have the
    utterance's time. Several bullets in one utterance span from the first one's start to the last one's end.
    Utterances without a bullet have no place in time: they and what hangs under them are counted and left out.
    """
    whole = utf8(data, name)
    refuse_long_lines(whole, name)
    text = whole.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    found = Transcript(name)
    known, last = 0, ""
    for line in lines(text):
        if len(line.text) > LONGEST_FIELD:
            found.say("line-not-read", line.number, "it is longer than 64 KB; left out")
        elif line.mark == "*":
            _utterance(line, found)
        elif line.mark == "%":
            _dependent(line, found)
        elif line.mark == "@":
            known, last = known + 1, line.name
            _head(line, found)
        else:
            found.say("line-not-read", line.number, "it begins with none of * % @ and no tab; left out")
    if not known and not found.utterances:
        raise NotReadable(
            "no line of it is one of CHAT's", place=name, remedy="lines begin with @, * or %, the first with @UTF8"
        )
    if known and last != "End":
        why = "it has no line @End, so the end of the file may not be there"
        found.issues.append(Issue("file-cut", Severity.WARNING, name, why))
    return _reading(found)


def _head(line: Line, found: Transcript) -> None:
    if line.name == "Participants":
        for listed_one in line.text.split(","):
            words = listed_one.split()
            if words:
                found.roles[words[0]] = words[-1] if len(words) > 1 else ""
    elif line.name == "ID":
        fields = [part.strip() for part in line.text.split("|")]
        if len(fields) > 7:
            found.roles[fields[2]] = fields[7] or found.roles.get(fields[2], "")
            _age(fields[2], fields[3], line, found)
    elif line.name == "Media":
        name, *about = (part.strip() for part in line.text.split(","))
        found.media.append(name.strip('"'))
        if unlinked := next((word for word in about if word in _NOT_LINKED), ""):
            note = f"its recording is marked as “{unlinked}”"
            found.issues.append(Issue("media-not-linked", Severity.NOTE, f"line {line.number}", note))


def _age(speaker: str, age: str, line: Line, found: Transcript) -> None:
    if not age:
        return
    parts = _AGE.fullmatch(age)
    if parts is None:
        found.say("age-not-read", line.number, "its age is not written as years;months.days")
        return
    months = int(parts[1]) * 12 + int(parts[2] or 0)
    note = f"age {age} ({months} months), as stated in the file"
    found.issues.append(Issue("age-stated", Severity.NOTE, speaker, note))


def _utterance(line: Line, found: Transcript) -> None:
    said = timed(line.text)
    span = None
    if said.times:
        span = (said.times[0][0], said.times[-1][1])
        if len(said.times) > 1 or span[0] < found.latest:
            _check_order(said, line, found)
        found.latest = said.times[-1][0]
    else:
        found.timeless[line.name] += 1
    if said.unread:
        found.say("bullet-not-read", line.number, "a bullet in it holds no time")
    found.utterances[line.name] += 1
    found.speaker = line.name
    found.utterance = found.add(line.name, said.text, line.number, span)
    if "[+" in said.text:
        postcodes = " ".join(map(str.strip, _POSTCODES.findall(said.text)))
        if postcodes:
            found.add(f"{POSTCODE}@{line.name}", postcodes, line.number, span, found.utterance)


def _check_order(said: Timed, line: Line, found: Transcript) -> None:
    latest = found.latest
    for start, _ in said.times:
        if start < latest:
            why = f"its bullet begins at {show_time(start)}, the one before it at {show_time(latest)}; both are kept"
            found.say("bullets-backwards", line.number, why)
        latest = start


def _dependent(line: Line, found: Transcript) -> None:
    if found.utterance == NONE:
        found.say("dangling-reference", line.number, "no utterance stands before it; left out")
        return
    at = found.utterance
    _, _, start, end, _, _, without_time = found.rows[at]
    span = None if without_time else (start, end)
    found.add(f"{line.name}@{found.speaker}", timed(line.text).text, line.number, span, at)


def _reading(found: Transcript) -> Reading:
    tier, said, start, end, above, number, without_time = zip(*found.rows, strict=True) if found.rows else ((),) * 7
    values = {value: at for at, value in enumerate(dict.fromkeys(said))}
    parent = np.fromiter(above, np.int32, len(said))
    silent = [found.tier_of(speaker) for speaker in found.roles if speaker not in found.tiers]
    rows = Rows(
        (*found.tiers.values(), *silent), tuple(values), np.fromiter(tier, np.int32, len(said)),
        np.fromiter(map(values.__getitem__, said), np.int32, len(said)), np.fromiter(start, np.int64, len(said)),
        np.fromiter(end, np.int64, len(said)), [f"line {at}" for at in number], parent,
    )  # fmt: skip
    # Only what a speaker says can overlap: each dependent row is a track of its own.
    track = np.where(parent == NONE, rows.tier, len(rows.tiers) + np.arange(len(said)))
    issues = [*found.issues, *_without_time(found), *_not_listed(found), *_said(found)]
    return reading(
        rows, name=PurePath(found.name).stem, format="chat", issues=issues, media=found.media,
        left_out=np.array(without_time, np.bool_), track=track.astype(np.int32),
    )  # fmt: skip


def _without_time(found: Transcript) -> list[Issue]:
    """What the missing bullets take away: a part of the numbers, or all of them."""
    missing, every = found.timeless.total(), found.utterances.total()
    if not missing:
        return []
    if missing == every:
        why = f"none of its {every} utterances has a time bullet, so nothing can be told that needs time"
        return [Issue("no-time", Severity.ERROR, found.name, why)]
    by_speaker = ", ".join(f"{speaker} {count}" for speaker, count in found.timeless.items() if count)
    why = f"{missing} of {every} utterances have no time bullet and are left out ({by_speaker})"
    return [Issue("no-time", Severity.WARNING, found.name, why)]


def _not_listed(found: Transcript) -> list[Issue]:
    why = "this speaker is not among the participants that the file lists"
    return [
        Issue("speaker-not-listed", Severity.WARNING, f"tier {speaker}", why)
        for speaker in found.utterances
        if speaker not in found.roles
    ]


def _said(found: Transcript) -> list[Issue]:
    issues: list[Issue] = []
    for code, said in found.said.items():
        named = dict(said)
        issues += listed(code, Severity.WARNING, list(named), lambda at: f"line {at}", named.__getitem__, found.name)
    return issues
