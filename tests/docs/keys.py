"""The keys of a JSON answer, each as one path: `files[].measures.replies.share`, `measures.states.<actor>.<code>.count`."""

from __future__ import annotations

from collections.abc import Iterator

BY_CODE = ("states", "budgets")  # measures whose own keys are names: actors, then codes
BY_ACTOR = ("transitions",)


def paths(answer: object, *, at: str = "") -> Iterator[str]:
    """Every path that ends in a value; a list of values is one value."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from paths(value, at=f"{at}.{_named(at, key)}" if at else key)
    elif isinstance(answer, list) and answer and isinstance(answer[0], dict):
        for one in answer:
            yield from paths(one, at=f"{at}[]")
    else:
        yield at


def _named(at: str, key: str) -> str:
    last, before = at.rpartition(".")[2], at.rpartition(".")[0].rpartition(".")[2]
    if last in (*BY_CODE, *BY_ACTOR):
        return "<actor>"
    return "<code>" if before in BY_CODE and last == "<actor>" else key
