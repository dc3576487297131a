"""The error family: each says what happened, where, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

# Signs that steer a screen instead of showing something: control signs, and those that turn the reading direction round,
# so that "a\u202ecod.exe" looks like "aexe.doc".
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def harmless(text: str) -> str:
    """The text with each sign that steers a screen written out, as in <U+202E>."""
    return _STEERING.sub(lambda sign: f"<U+{ord(sign[0]):04X}>", text)


class ExitCode(IntEnum):
    """What a command answers to the shell."""

    DONE = 0
    WRONG_USE = 2
    NO_NUMBER = 3  # read, but its issues forbid a number
    NOT_READABLE = 4


class AttunementError(Exception):
    """The root: one plain sentence, the place it speaks of, and a remedy.

    `str(error)` is one line, ready for a person: "PLACE: WHAT; REMEDY".
    """

    exit_code = ExitCode.WRONG_USE

    def __init__(self, what: str, *, place: str = "", remedy: str = "") -> None:
        self.what, self.place, self.remedy = what, place, remedy
        where = f"{place}: " if place else ""
        mend = f"; {remedy}" if remedy else ""
        super().__init__(harmless(" ".join(f"{where}{what}{mend}".split())))


class WrongUse(AttunementError):
    """The call itself is off: an unknown option, a window that is no length of time."""


class NotReadable(AttunementError):
    """A file that cannot be read at all."""

    exit_code = ExitCode.NOT_READABLE


class BadScheme(AttunementError):
    """A coding scheme that contradicts itself or cannot be read."""


class BadContent(AttunementError):
    """A row of the shipped content (milestones, strategies, constants) that breaks its own rules."""


class Severity(StrEnum):
    """How much an issue takes away: nothing, some rows, or every number of the session."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"  # forbids a number


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a reader met and did not repair: a value, never an exception.

    `place` names the row as its own program would (tier and annotation id, line number).
    """

    code: str
    severity: Severity
    place: str
    message: str
