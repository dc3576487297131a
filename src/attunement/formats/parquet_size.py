"""How much a Parquet file unpacks to, by its own footer, before anything is unpacked."""

from __future__ import annotations

import struct
from typing import Any

from attunement.errors import NotReadable
from attunement.formats.text import MOST_BYTES

MOST_ROWS = 20_000_000
MOST_UNPACKED = 2**30
MOST_FOOTER = 4 * 2**20

_MARK = b"PAR1"
_DEEPEST = 32
# Field numbers of the format's own definition (parquet.thrift, in Thrift's compact form).
_ROWS, _GROUPS, _GROUP_BYTES = 3, 4, 2
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12


def refuse_large(data: bytes, name: str) -> None:
    """Raises NotReadable where the footer is none, or states more than a table of events holds."""
    if len(data) > MOST_BYTES:
        raise NotReadable(f"it is larger than {MOST_BYTES >> 20} MB", place=name, remedy="cut it into several files")
    try:
        footer = _Footer(_bytes(data)).struct()
        rows = int(footer[_ROWS])
        unpacked = sum(int(group[_GROUP_BYTES]) for group in footer[_GROUPS])
    except (LookupError, TypeError, ValueError, struct.error):
        raise NotReadable(
            "it is not a whole Parquet file", place=name, remedy="check that it was copied whole"
        ) from None
    if not 0 <= rows <= MOST_ROWS:
        raise NotReadable(f"it states {rows:,} rows", place=name, remedy=f"keep files below {MOST_ROWS:,} rows")
    if not 0 <= unpacked <= MOST_UNPACKED:
        raise NotReadable("it unpacks to over 1 GB", place=name, remedy="cut it into several files")


def _bytes(data: bytes) -> bytes:
    length = int(struct.unpack_from("<I", data, len(data) - 8)[0])
    if not data.startswith(_MARK) or not data.endswith(_MARK) or length > min(len(data) - 12, MOST_FOOTER):
        raise ValueError
    return data[len(data) - 8 - length : len(data) - 8]


class _Footer:
    """Thrift's compact form, as much as tells sizes: structs are dicts by field number."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.depth = data, 0, 0

    def struct(self) -> dict[int, Any]:
        found: dict[int, Any] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else _signed(self._varint())
            found[field] = self._value(head & 15)
        return found

    def _value(self, kind: int) -> Any:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError
        found = self._of(kind)
        self.depth -= 1
        return found

    def _of(self, kind: int) -> Any:
        if kind in (_TRUE, _FALSE):
            return kind == _TRUE
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            return self._list()
        if kind in (_BYTE, _DOUBLE):
            return self._skip(1 if kind == _BYTE else 8)
        if kind == _BINARY:
            return self._skip(self._varint())
        if 4 <= kind <= 6:
            return _signed(self._varint())
        raise ValueError

    def _list(self) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._varint()
        kind = head & 15
        if size > len(self.data):  # an item takes a byte at least
            raise ValueError
        if kind in (_TRUE, _FALSE):
            return [self._byte() == _TRUE for _ in range(size)]
        return [self._value(kind) for _ in range(size)]

    def _skip(self, length: int) -> None:
        self.at += length
        if self.at > len(self.data):
            raise ValueError

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number
            if shift > 63:
                raise ValueError


def _signed(number: int) -> int:
    return (number >> 1) ^ -(number & 1)
