"""CHAT transcripts (.cha), read: utterances with a time bullet, and the lines that hang under them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np
import polars as pl

from attunement.errors import Issue, NotReadable, Severity
from attunement.events import NONE, Bools, Index, Ints, Numbered, Reading, Tier
from attunement.formats.chat_lines import Bullets, bullets, lines
from attunement.formats.rows import Rows, listed, reading, show_time
from attunement.formats.text import refuse_long_lines, utf8
from attunement.formats.words import numbered

POSTCODE = "postcode"  # the dependent tier of what stands in [+ ...] after an utterance
_POSTCODES = re.compile(r"\[\+ ?([^\]\[]++)\]")
_AGE = re.compile(r"(\d{1,2});(?:(\d{1,2})\.?(?:(\d{1,2}))?)?", re.ASCII)
_NOT_LINKED = ("unlinked", "missing", "notrans")


@dataclass(slots=True)
class Transcript:
    """What was found beside the rows."""

    name: str
    roles: dict[str, str] = field(default_factory=dict)  # of each speaker that the head of the file lists
    media: list[str] = field(default_factory=list)
    utterances: Counter[str] = field(default_factory=Counter)
    timeless: Counter[str] = field(default_factory=Counter)
    said: list[tuple[int, str, str]] = field(default_factory=list)  # line, issue, and why
    issues: list[Issue] = field(default_factory=list)

    def say(self, code: str, at: Iterable[int], why: str) -> None:
        """The same of each of the lines `at`."""
        self.said += [(line, code, why) for line in at]

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
    if b"\r" in whole:
        whole = whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = Transcript(name)
    every = lines(whole.decode("utf-8"))
    sound, head = _sound(every, found), (every["mark"] == "@").to_numpy()
    _heads(every[np.flatnonzero(head & sound)], found)
    rows, without_time, track = _rows(every[np.flatnonzero(sound & ~head)], found)
    issues = [*found.issues, *_without_time(found), *_not_listed(found), *_said(found)]
    return reading(
        rows, name=PurePath(name).stem, format="chat", issues=issues, media=found.media, left_out=without_time,
        track=track,
    )  # fmt: skip


def _sound(every: pl.DataFrame, found: Transcript) -> Bools:
    """Which lines (n,) can be read."""
    mark, long = every["mark"], every["long"]
    known = (mark == "*") | (mark == "@")
    other = ~(known | (mark == "%") | long)
    found.say("line-not-read", every["number"].filter(long), "it is longer than 64 KB; left out")
    why = "it begins with none of * % @ and no tab; left out"
    found.say("line-not-read", every["number"].filter(other), why)
    if not (known & ~long).any():
        raise NotReadable(
            "no line of it is one of CHAT's",
            place=found.name,
            remedy="lines begin with @, * or %, the first with @UTF8",
        )
    return ~(long | other).to_numpy()


def _heads(every: pl.DataFrame, found: Transcript) -> None:
    name = ""
    for number, name, text in zip(every["number"], every["name"], every["text"], strict=True):
        _head(name, text, number, found)
    if len(every) and name != "End":
        why = "it has no line @End, so the end of the file may not be there"
        found.issues.append(Issue("file-cut", Severity.WARNING, found.name, why))


def _head(key: str, text: str, number: int, found: Transcript) -> None:
    if key == "Participants":
        for listed_one in text.split(","):
            words = listed_one.split()
            if words:
                found.roles[words[0]] = words[-1] if len(words) > 1 else ""
    elif key == "ID":
        fields = [part.strip() for part in text.split("|")]
        if len(fields) > 7:
            found.roles[fields[2]] = fields[7] or found.roles.get(fields[2], "")
            _age(fields[2], fields[3], number, found)
    elif key == "Media":
        name, *about = (part.strip() for part in text.split(","))
        found.media.append(name.strip('"'))
        if unlinked := next((word for word in about if word in _NOT_LINKED), ""):
            note = f"its recording is marked as “{unlinked}”"
            found.issues.append(Issue("media-not-linked", Severity.NOTE, f"line {number}", note))


def _age(speaker: str, age: str, number: int, found: Transcript) -> None:
    if not age:
        return
    parts = _AGE.fullmatch(age)
    if parts is None:
        found.say("age-not-read", [number], "its age is not written as years;months.days")
        return
    months = int(parts[1]) * 12 + int(parts[2] or 0)
    note = f"age {age} ({months} months), as stated in the file"
    found.issues.append(Issue("age-stated", Severity.NOTE, speaker, note))


def _rows(every: pl.DataFrame, found: Transcript) -> tuple[Rows, Bools, Index]:
    """The rows of utterances and of what hangs under them, which of them (n,) have no time, and the track of each."""
    own = (every["mark"] == "*").to_numpy()
    first = int(own.argmax()) if own.any() else len(own)
    found.say("dangling-reference", every["number"][:first], "no utterance stands before it; left out")
    every, own = every[first:], own[first:]
    over = np.maximum.accumulate(np.where(own, np.arange(len(own)), 0))
    number, said = every["number"].to_numpy().astype(np.int64), bullets(every["text"])
    _check(every["name"], number, said, own, found)
    of, postcodes = _postcodes(said, own)
    # In the file's order each utterance stands before its postcodes, and these before what else hangs under it.
    order = np.argsort(np.concatenate([np.arange(len(own)), of]), kind="stable")
    landed = np.empty(len(order), np.int64)
    landed[order] = np.arange(len(order))
    above, hangs = np.concatenate([over, of])[order], np.append(~own, np.ones(len(of), np.bool_))[order]
    tiers, tier = numbered(_tiers(every["name"], own, over, of)[order])
    values, value = numbered(said.text.append(postcodes)[order])
    rows = Rows(
        (*map(found.tier_of, tiers), *(found.tier_of(speaker) for speaker in found.roles if speaker not in tiers)),
        values, tier, value, said.start[above], said.end[above], Numbered(("line",), np.append(number, number[of])[order]),
        np.where(hangs, landed[above], NONE).astype(np.int32),
    )  # fmt: skip
    # Only what a speaker says can overlap: each dependent row is a track of its own.
    track = np.where(hangs, len(rows.tiers) + np.arange(len(hangs)), tier).astype(np.int32)
    return rows, ~said.timed[above], track


def _check(name: pl.Series, number: Ints, said: Bullets, own: Bools, found: Transcript) -> None:
    """Counts utterances, and says which bullets of theirs cannot be what was meant."""
    found.utterances.update(name.filter(pl.Series(own)).to_list())
    found.timeless.update(name.filter(pl.Series(own & ~said.timed)).to_list())
    begins, row = said.begins[own[said.row]], said.row[own[said.row]]
    before = np.append(0, begins)[:-1]
    for at in np.flatnonzero(begins < before).tolist():
        first, earlier = show_time(int(begins[at])), show_time(int(before[at]))
        why = f"its bullet begins at {first}, the one before it at {earlier}; both are kept"
        found.say("bullets-backwards", [int(number[row[at]])], why)
    unread = [int(number[at]) for at in said.unread if own[at]]
    found.say("bullet-not-read", unread, "a bullet in it holds no time")


def _postcodes(said: Bullets, own: Bools) -> tuple[Ints, pl.Series]:
    """The rows that have postcodes, and what these are."""
    some = np.flatnonzero(said.bracket & own)
    codes = [" ".join(map(str.strip, _POSTCODES.findall(one))) for one in said.text[some].to_list()]
    return some[[code != "" for code in codes]], pl.Series(list(filter(None, codes)), dtype=pl.String)


def _tiers(name: pl.Series, own: Bools, over: Ints, of: Ints) -> pl.Series:
    """The name of each row's tier: those of lines, then those of postcodes."""
    hung = np.flatnonzero(~own)
    return name.scatter(hung, name[hung] + "@" + name[over[hung]]).append(POSTCODE + "@" + name[of])


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
    by_code: dict[str, dict[int, str]] = {}
    for line, code, why in sorted(found.said, key=lambda one: one[0]):
        by_code.setdefault(code, {})[line] = why
    for code, named in by_code.items():
        place, message = (lambda at: f"line {at}"), named.__getitem__
        issues += listed(code, Severity.WARNING, list(named), place, message, found.name)
    return issues
