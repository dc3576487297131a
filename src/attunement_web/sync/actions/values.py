"""What goes into a push and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Push:
    """What one phone sends at once. `operations` are any JSON values; `child`: the only one a token is for."""

    device: UUID
    person: UUID
    sent_at: datetime  # by the phone's clock
    operations: Sequence[Any]
    child: UUID | None = None


@dataclass(slots=True)  # not frozen: those take twice as long to make
class Result:
    """What became of one operation; `seq` is None where it had none."""

    seq: int | None
    verdict: str
    reason: str = ""
    revision: int = 0


@dataclass(slots=True)
class Reply:
    """`found` is False where the device is somebody else's. Every operation up to `last_seq` is settled for good."""

    device: UUID
    found: bool
    last_seq: int = 0
    results: list[Result] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        results = [
            {"seq": one.seq, "verdict": one.verdict, "reason": one.reason, "revision": one.revision}
            for one in self.results
        ]
        return {"device": str(self.device), "last_seq": self.last_seq, "results": results}
