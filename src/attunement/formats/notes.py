"""What a reader meets, row by row: the first ones of a kind by name, the rest as one count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from attunement.errors import Issue, Severity
from attunement.formats.rows import LISTED


@dataclass(slots=True)
class Notes:
    name: str  # of the file
    listed: list[Issue] = field(default_factory=list)
    met: Counter[tuple[str, Severity]] = field(default_factory=Counter)

    def add(self, code: str, place: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.met[code, severity] += 1
        if self.met[code, severity] <= LISTED:
            self.listed.append(Issue(code, severity, place, message))

    def issues(self) -> list[Issue]:
        rest = [(kind, times - LISTED) for kind, times in self.met.items() if times > LISTED]
        return self.listed + [
            Issue(code, severity, self.name, f"{times} more like these") for (code, severity), times in rest
        ]
