"""The rule of sequence: each operation of a phone counts once, in its order, and none is skipped. Pure.

What an operation does is not decided here but by the `apply` that is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from attunement_web.sync.actions.reading import Asked, Item
from attunement_web.sync.actions.values import Result

KEPT, ALREADY, MERGED, REFUSED = "kept", "already", "merged", "refused"
OTHER_CONTENT = "other-content"


@dataclass(slots=True)
class Known:
    """A phone as this transaction knows it: how far it got, and what became of what may come again."""

    last_seq: int = 0
    results: dict[int, dict[str, Result]] = field(default_factory=dict)  # by number, then by hash


@dataclass(slots=True)
class Settled:
    """An operation that was looked at for the first time, to be kept with its verdict."""

    item: Item
    result: Result


def decide(items: Sequence[Item], known: Known, apply: Callable[[Asked], Result]) -> tuple[list[Result], list[Settled]]:
    """The answers in order, and what is new. At a gap it stops: what is missing comes first."""
    results, settled = [], []
    for item in items:
        if item.seq is not None and not follows(item.seq, known.last_seq):
            break
        result = known_result(item, known)
        if result is None:
            result = _first_time(item, known, apply)
            known.results.setdefault(item.seq or 0, {})[item.hash] = result
            settled.append(Settled(item, result))
        else:
            result = again(result)
        results.append(result)
    return results, settled


def follows(seq: int, last_seq: int) -> bool:
    """Whether nothing is missing between what was settled and this one."""
    return seq <= last_seq + 1


def known_result(item: Item, known: Known) -> Result | None:
    return known.results.get(item.seq or 0, {}).get(item.hash)


def again(result: Result) -> Result:
    """The answer to the same operation sent once more: what was refused is refused, all else is there already."""
    if result.verdict == REFUSED:
        return result
    return Result(result.seq, ALREADY, "", result.revision)


def _first_time(item: Item, known: Known, apply: Callable[[Asked], Result]) -> Result:
    if item.seq is None:
        return Result(None, REFUSED, str(item.asked))
    if item.seq <= known.last_seq:
        return Result(item.seq, REFUSED, OTHER_CONTENT)
    known.last_seq = item.seq  # whatever it holds, it blocks nothing that comes after it
    if isinstance(item.asked, str):
        return Result(item.seq, REFUSED, item.asked)
    done = apply(item.asked)
    return Result(item.seq, done.verdict, done.reason, done.revision)
