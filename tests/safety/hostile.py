"""One hostile file: what it is, how it is made, and which of two fates is right for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Make = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """`refused` with a reason that holds `says`; else read, with an issue of the code `says`, or with none."""

    kind: str  # the line of the list of harms that it belongs to
    file: str
    make: Make
    refused: bool
    says: str

    @property
    def id(self) -> str:
        return f"{self.kind} {self.file.rpartition('.')[2]}"


def refused(kind: str, file: str, make: Make, says: str = "") -> Case:
    return Case(kind, file, make, True, says)


def read(kind: str, file: str, make: Make, issue: str = "") -> Case:
    return Case(kind, file, make, False, issue)
