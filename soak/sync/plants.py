"""Faults planted into the server, to see that the oracle finds them. Those of the phones are in phone/plants.js."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

PHONES = ("cursor", "settle", "torn")
LOST_COMMITS = 0.05  # of groups


def dedup() -> None:
    """An operation that comes again is done again."""
    from attunement_web.sync.actions import deciding, pushing

    def eager(items: Sequence[Any], known: Any, apply: Callable[[Any], Any]) -> tuple[list[Any], list[Any]]:
        known.last_seq = min(known.last_seq, (items[0].seq or 1) - 1)
        known.results.clear()
        results, _ = deciding.decide(items, known, apply)
        return results, []  # the table would refuse a second row for the same operation

    pushing.decide = eager


def gap() -> None:
    """What comes later is taken although something before it is missing."""
    from attunement_web.sync.actions import deciding

    deciding.follows = lambda seq, last_seq: True


def tombstone() -> None:
    """An edit brings a removed moment back."""
    from attunement_web.sync.actions import applying

    change = applying.Desk._change

    def careless(self: Any, moment: Any, *rest: Any) -> Any:
        moment.removed_at = None
        return change(self, moment, *rest)

    applying.Desk._change = careless


def commit() -> None:
    """Now and then the answer goes out and the moments do not reach the disk."""
    from attunement_web.sync.actions import pushing

    write, chance = pushing.diary.write_moments, random.Random(1)

    def forgetful(**rows: Any) -> None:
        if chance.random() > LOST_COMMITS:
            write(**rows)

    pushing.diary.write_moments = forgetful


def merge() -> None:
    """The later edit wins, and what it replaced unseen is gone."""
    from attunement_web.diary.actions import merging

    merging.is_unseen = lambda *told: False


SERVER: dict[str, Callable[[], None]] = {
    "commit": commit,
    "dedup": dedup,
    "gap": gap,
    "merge": merge,
    "tombstone": tombstone,
}
ALL = sorted([*PHONES, *SERVER])
