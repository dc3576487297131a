"""JSON from hands we do not know: bounded depth, no key twice, no numbers that a double cannot hold."""

from __future__ import annotations

import json
import re

import numpy as np

from attunement.errors import NotReadable
from attunement.formats.text import LONGEST_FIELD, utf8

DEEPEST = 64
LARGEST_WHOLE = 2**53  # beyond it other programs read another number

_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # a text that nobody closes goes on to the end
_HALF_LETTER = re.compile(rb"\\u[dD][89a-fA-F]")


class _Refused(ValueError):
    pass


def load(data: bytes, name: str) -> object:
    """The value in the bytes; the token NaN, which BORIS writes where a time is missing, is a float NaN.

    Raises NotReadable.
    """
    text = utf8(data, name)
    _refuse_deep(text, name)
    try:
        found: object = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_whole
        )
        if _HALF_LETTER.search(text):
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except _Refused as error:
        raise NotReadable(str(error), place=name, remedy="mend it in the program that wrote it") from None
    except UnicodeEncodeError:
        raise NotReadable("it holds half a letter", place=name, remedy="save it again in its program") from None
    except json.JSONDecodeError as error:
        raise NotReadable(
            f"it is not whole JSON ({error.msg.lower()})", place=f"{name}, line {error.lineno}",
            remedy="check that it was copied whole, or save it again in its program",
        ) from None  # fmt: skip
    return found


def _refuse_deep(text: bytes, name: str) -> None:
    if _longest_text(text) > LONGEST_FIELD:
        raise NotReadable(f"one of its values is longer than {LONGEST_FIELD >> 10} KB", place=name, remedy="shorten it")
    marks = np.frombuffer(_TEXT.sub(b"", text), np.uint8)
    opens, closes = (marks == ord("[")) | (marks == ord("{")), (marks == ord("]")) | (marks == ord("}"))
    steps = opens.astype(np.int8) - closes.astype(np.int8)
    if int(np.cumsum(steps[steps != 0], dtype=np.int64).max(initial=0)) > DEEPEST:
        raise NotReadable(f"its parts lie over {DEEPEST} deep", place=name, remedy="check the file")


def _longest_text(text: bytes) -> int:
    """At least the length of the longest text where it is long."""
    quotes = np.flatnonzero(np.frombuffer(text, np.uint8) == ord('"'))
    between = int(np.diff(quotes, append=len(text)).max(initial=0))
    if between <= LONGEST_FIELD and b'\\"' not in text:
        return between  # no text reaches over a quotation mark
    return max((len(one.group()) for one in _TEXT.finditer(text)), default=0)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add answers None, so an unseen key goes on
        raise _Refused(f"“{twice[:40]}” stands twice in one place, so one of the two would be lost")
    return found


def _constant(token: str) -> float:
    if token == "NaN":
        return float("nan")
    raise _Refused(f"it holds the number {token}, which is none")


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _Refused(f"it holds a number too large to be one ({digits[:20]})")
    return number


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_WHOLE:
        raise _Refused(f"it holds a whole number with too many digits ({digits[:20]})")
    return int(digits)
