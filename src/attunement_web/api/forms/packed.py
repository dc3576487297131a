"""Bodies that come compressed: a phone that was away for months sends a fifth of the bytes."""

from __future__ import annotations

import zlib

LARGEST_BODY = 2**20
_GZIP = 16 + zlib.MAX_WBITS


class TooLarge(Exception):
    """More than we take, unpacked."""


class NotPacked(Exception):
    """It says gzip, and is not, or not all of it."""


def unpacked(body: bytes) -> bytes:
    """What was packed by gzip. Unpacks no more than we take: a small body may hold a very large one."""
    reader = zlib.decompressobj(_GZIP)
    try:
        found = reader.decompress(body, LARGEST_BODY + 1)
    except zlib.error as error:
        raise NotPacked from error
    if len(found) > LARGEST_BODY:
        raise TooLarge
    if not reader.eof or reader.unused_data:
        raise NotPacked
    return found
