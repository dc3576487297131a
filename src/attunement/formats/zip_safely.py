"""One member of a zip archive by its exact name, counted while it is unpacked: what headers claim is not believed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import NoReturn

from attunement.errors import NotReadable
from attunement.formats.text import MOST_BYTES

MOST_MEMBERS = 20
MOST_UNPACKED = 200 * 2**20
MOST_RATIO = 200  # a text of codes packs 3 to 20 times; whoever packs it 1,000 times means harm
LONGEST_LIST = 64 * 2**10  # bytes of the list of members

_END = b"PK\5\6"
_ENCRYPTED = 0x1
_PIECE = 2**18
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error)


def member(data: bytes, wanted: str, name: str) -> bytes:
    """Raises NotReadable where the archive, or that member, is not as such files are."""
    if len(data) > MOST_BYTES:
        _refuse(f"it is larger than {MOST_BYTES >> 20} MB", name)
    _refuse_long_list(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = [one for one in archive.infolist() if one.filename == wanted]
            if len(found) != 1:
                _refuse(f"it holds {len(found) or 'no'} members named “{wanted}”", name)
            if found[0].flag_bits & _ENCRYPTED:
                _refuse("it is locked with a password", name)
            if found[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                _refuse("it is packed in a way that Datavyu does not use", name)
            return _unpacked(archive, found[0], len(data), name)
    except _BROKEN:
        _refuse("it is not a whole zip archive", name)


def _unpacked(archive: zipfile.ZipFile, found: zipfile.ZipInfo, packed: int, name: str) -> bytes:
    pieces, size, most = [], 0, min(MOST_UNPACKED, max(MOST_RATIO * packed, 2**16))
    with archive.open(found) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > most:
                _refuse("it unpacks to far more than such a file holds", name)
            pieces.append(piece)
    return b"".join(pieces)


def _refuse_long_list(data: bytes, name: str) -> None:
    """Before the list of members is read: its own end says how long it is and how many it has."""
    at = data.rfind(_END, max(0, len(data) - 2**16 - 22))
    if at < 0 or len(data) < at + 22:
        _refuse("it is not a whole zip archive", name)
    members, length = struct.unpack_from("<HI", data, at + 10)
    if members > MOST_MEMBERS or length > LONGEST_LIST:
        _refuse(f"it holds over {MOST_MEMBERS} members", name)


def _refuse(what: str, name: str) -> NoReturn:
    raise NotReadable(what, place=name, remedy="check the file, or save it again in Datavyu")
