"""One line of JSON from hands we do not know: no key twice, no number that is none, bounded depth, no half letters."""

from __future__ import annotations

import json
from typing import NoReturn

DEEPEST = 64
LARGEST_WHOLE = 2**53  # beyond it other programs read another number


class BadLine(ValueError):
    """What is wrong with a line, in words for a person."""


def value_in(line: bytes) -> object:
    """Raises BadLine."""
    try:
        text = line.decode("utf-8")
        found: object = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_whole
        )
        _look_through(found, DEEPEST)
    except UnicodeError:
        raise BadLine("it is not written in UTF-8") from None
    except RecursionError:
        raise BadLine(f"its parts lie over {DEEPEST} deep") from None
    except json.JSONDecodeError as error:
        raise BadLine(f"it is not whole JSON ({error.msg.lower()})") from None
    return found


def _look_through(value: object, left: int) -> None:
    if not left:
        raise BadLine(f"its parts lie over {DEEPEST} deep")
    if isinstance(value, str):
        if "\x00" in value:
            raise BadLine("it holds a sign that no text has")
        value.encode("utf-8")  # half a letter, written as \ud800, is none
    elif isinstance(value, list):
        for part in value:
            _look_through(part, left - 1)
    elif isinstance(value, dict):
        for name, part in value.items():
            _look_through(name, left - 1)
            _look_through(part, left - 1)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadLine("a name stands twice in one place, so one of the two would be lost")
    return found


def _constant(token: str) -> NoReturn:
    raise BadLine(f"it holds the number {token}, which is none")


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise BadLine(f"it holds a number too large to be one ({digits[:20]})")
    return number


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_WHOLE:
        raise BadLine(f"it holds a whole number with too many digits ({digits[:20]})")
    return int(digits)
