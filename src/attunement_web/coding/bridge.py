"""All that recordings ask of the library: read a file, in a process of its own, and which kinds we read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attunement import __version__
from attunement.clock import show_duration
from attunement.errors import ExitCode
from attunement.formats import Format, formats
from attunement_web.coding.reading.apart import Limits, TookTooMuch, run
from attunement_web.coding.reading.shape import NotOurShape, files_in, refusal_in

__all__ = [
    "Limits",
    "Mistake",
    "NotOurShape",
    "NotRead",
    "Read",
    "TookTooMuch",
    "as_answer",
    "endings",
    "files_in",
    "kinds",
    "read",
    "show_duration",
]

READER = ("-m", "attunement.cli._apart")
MOST_SESSIONS = 50  # in one file


@dataclass(frozen=True, slots=True)
class Read:
    """What a file held: each session's record with its report beside it."""

    format: str
    sha256: str
    version: str
    length_ms: int
    sessions: list[dict[str, Any]]


class NotRead(Exception):
    """The reader refused the file; the message is one line for a person, with words of the file in it."""


class Mistake(Exception):
    """The reader broke off, or answered what we do not believe."""


def read(
    given: Iterable[bytes],
    name: str,
    *,
    folder: Path | None,
    reader: tuple[str, ...] = READER,
    limits: Limits | None = None,
) -> Read:
    """The file's sessions, measured. `name` tells the kind where the content leaves a doubt; it is never a path.

    Raises TookTooMuch, NotRead, Mistake.
    """
    answer = run([*reader, name, str(MOST_SESSIONS)], given, folder=folder, limits=limits)
    try:
        if answer.code == ExitCode.NOT_READABLE:
            raise NotRead(refusal_in(answer.words))
        if answer.code == 75:  # attunement.cli._apart.TOO_MUCH
            raise TookTooMuch
        if answer.code != ExitCode.DONE:
            raise Mistake
        sessions = files_in(answer.words)
    except NotOurShape as error:
        raise Mistake from error
    if any(one["file"]["sha256"] != answer.given_sha256 for one in sessions):
        raise Mistake
    length_ms = sum(one["session"]["duration_ms"] for one in sessions)
    return Read(sessions[0]["file"]["format"], answer.given_sha256, __version__, length_ms, sessions)


def as_answer(version: str, sessions: list[dict[str, Any]]) -> dict[str, Any]:
    """The records as `attunement measure --json` gives them."""
    records = [{key: part for key, part in one.items() if key != "report"} for one in sessions]
    return {"attunement": version, "files": records}


def kinds() -> tuple[Format, ...]:
    return tuple(one for one in formats() if one.reads)


def endings() -> str:
    """For a file chooser: ".eaf,.cha,..."."""
    return ",".join(dict.fromkeys(ending for one in kinds() for ending in one.endings))
