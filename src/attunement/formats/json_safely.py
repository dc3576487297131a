"""JSON from hands we do not know: bounded depth, no key twice, no numbers that a double cannot hold."""

from __future__ import annotations

import json
import re

import numpy as np

from attunement.errors import NotReadable
from attunement.formats.text import LONGEST_FIELD, utf8

DEEPEST = 64
LARGEST_WHOLE = 2**53  # beyond it other programs read another number

_HALF_LETTER = re.compile(rb"\\u[dD][89a-fA-F]")


class _Refused(ValueError):
    pass


def load(data: bytes, name: str) -> object:
    """The value in the bytes; the token NaN, which BORIS writes where a time is missing, is a float NaN.

    Raises NotReadable.
    """
    text = utf8(data, name)
    _refuse_deep(text, name)
    number = (_float, _whole) if _has_odd_number(text) else (None, None)  # each number costs time to look at
    try:
        found: object = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=number[0], parse_int=number[1]
        )
        if b"\\u" in text and _HALF_LETTER.search(text):
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
    if b"\\" in text:
        text = text.replace(b"\\\\", b"__").replace(b'\\"', b"__")  # so that each quotation mark begins or ends a text
    raw = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(raw == ord('"'))
    if len(quotes) % 2:
        quotes = np.append(quotes, len(text) - 1)  # a text that nobody closes goes on to the end
    if int((quotes[1::2] - quotes[::2]).max(initial=0)) >= LONGEST_FIELD:
        raise NotReadable(f"one of its values is longer than {LONGEST_FIELD >> 10} KB", place=name, remedy="shorten it")
    folded = raw & 0xDF  # "{" is now "[", and "}" is "]"
    marks = np.flatnonzero((folded == ord("[")) | (folded == ord("]")))
    marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
    if int(np.cumsum(np.where(folded[marks] == ord("["), 1, -1)).max(initial=0)) > DEEPEST:
        raise NotReadable(f"its parts lie over {DEEPEST} deep", place=name, remedy="check the file")


def _has_odd_number(text: bytes) -> bool:
    """Whether a number may be written with an exponent, or with over 14 digits; no double is too small for another."""
    raw = np.frombuffer(text, np.uint8)
    digit = raw - np.uint8(ord("0")) <= 9
    exponent = (raw[1:] | np.uint8(0x20)) == ord("e")
    eights = digit[: len(digit) // 8 * 8].view(np.uint64)  # fifteen digits hold eight in one of these
    return bool((digit[:-1] & exponent).any() or (eights == 0x0101_0101_0101_0101).any())


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
