"""The archive of a family's copy: members by their exact names, counted while they are unpacked, hashes compared.

Nothing that the archive claims about itself is believed, and no more than one line of it is held at a time.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from attunement.copies.lines import BadLine, value_in
from attunement.errors import NotReadable

FORMAT = 2  # what is written; since 2 somebody belongs to a child, and not to a family
READABLE = (1, FORMAT)
MANIFEST = "manifest.json"
MOST_MEMBERS = 40
LONGEST_LIST = 64 * 2**10  # bytes of the list of members
LONGEST_LINE = 16 * 2**20  # the report of a day-long recording takes 5 MB
MOST_UNPACKED = 4 * 2**30  # of one member
MOST_RATIO = 400  # lines that are all alike pack 100 times; whoever packs them 1,000 times means harm
PLENTY = 2**20  # bytes that a member may have whatever its ratio

_NAME = re.compile(r"(?:README\.txt|index\.html|manifest\.json|data/[a-z_]{1,40}\.jsonl)\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_END = b"PK\5\6"
_LOCKED = 0x1
_PIECE = 2**16
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error)


@dataclass(frozen=True, slots=True)
class File:
    """What the manifest says of one file of lines."""

    rows: int
    sha256: str


class Copy:
    """An open copy. `about` is the manifest; `files` are its files of lines by kind ("moments")."""

    def __init__(self, archive: zipfile.ZipFile, place: str) -> None:
        self._archive, self._place = archive, place
        self._members = self._checked_members()
        self.about = self._manifest()
        self.files = self._files()

    @property
    def format(self) -> int:
        return int(str(self.about["attunement_copy"]))

    def rows(self, kind: str) -> Iterator[Mapping[str, object]]:
        """Each line of a kind as an object, in order; none where the copy has no such file.

        Raises NotReadable, at the latest at the end, where the lines are not those that the manifest counts.
        """
        if kind not in self.files:
            return
        said, digest, count = self.files[kind], hashlib.sha256(), 0
        for count, line in enumerate(self._lines(f"data/{kind}.jsonl"), 1):
            digest.update(line)
            yield self._row(line, f"{kind}, line {count}")
        if (count, digest.hexdigest()) != (said.rows, said.sha256):
            self._refuse("its lines are not those that its manifest counts", f"data/{kind}.jsonl")

    def _row(self, line: bytes, where: str) -> Mapping[str, object]:
        try:
            found = value_in(line)
        except BadLine as error:
            self._refuse(str(error), where)
        if not isinstance(found, dict):
            self._refuse("a line is no object", where)
        return found

    def _lines(self, name: str) -> Iterator[bytes]:
        begun, length = list[bytes](), 0  # of a line that goes on in the next piece; joined once, however long
        for piece in self._pieces(name):
            first, *more = piece.split(b"\n")
            for part in more:
                yield b"".join([*begun, first, b"\n"])
                begun, length, first = [], 0, part
            begun.append(first)
            length += len(first)
            if length > LONGEST_LINE:
                self._refuse(f"a line is longer than {LONGEST_LINE >> 20} MB", name)
        if length:
            self._refuse("its last line is cut off", name)

    def _pieces(self, name: str) -> Iterator[bytes]:
        member, size = self._members[name], 0
        most = min(MOST_UNPACKED, max(PLENTY, MOST_RATIO * member.compress_size))
        try:
            with self._archive.open(member) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    if size > most:
                        self._refuse("it unpacks to far more than such a file holds", name)
                    yield piece
        except _BROKEN as error:
            raise NotReadable("this part is damaged", place=f"{self._place}, {name}") from error

    def _checked_members(self) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        for member in self._archive.infolist():
            if not _NAME.match(member.filename) or member.filename in found:
                self._refuse("it holds something that no copy of ours holds", "")
            if member.flag_bits & _LOCKED:
                self._refuse("it is locked with a password", member.filename)
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                self._refuse("it is packed in a way that we do not use", member.filename)
            found[member.filename] = member
        return found

    def _manifest(self) -> Mapping[str, object]:
        if MANIFEST not in self._members:
            self._refuse(f"it has no {MANIFEST}, so it is no copy of ours", "")
        text = b"".join(self._pieces(MANIFEST))
        about = self._row(text, MANIFEST) if len(text) <= PLENTY else {}
        if not (type(kind := about.get("attunement_copy")) is int and kind in READABLE):
            self._refuse("it is of a kind that we do not know; use the Attunement that made it, or a newer one", "")
        return about

    def _files(self) -> dict[str, File]:
        told = self.about.get("files")
        found = {}
        for kind, said in told.items() if isinstance(told, dict) else ():
            rows, digest = (said.get("rows"), said.get("sha256")) if isinstance(said, dict) else (None, None)
            if type(rows) is not int or type(digest) is not str or not _HASH.match(digest):
                self._refuse("its manifest counts nothing", MANIFEST)
            found[kind] = File(rows, digest)
        if {f"data/{kind}.jsonl" for kind in found} != {name for name in self._members if name.startswith("data/")}:
            self._refuse("its manifest names other files than those it holds", MANIFEST)
        return found

    def _refuse(self, what: str, where: str) -> NoReturn:
        place = f"{self._place}, {where}" if where else self._place
        raise NotReadable(what, place=place, remedy="take the copy again, or check that it was sent whole")


@contextmanager
def open_copy(path: str | Path) -> Iterator[Copy]:
    """The copy in a file. Raises NotReadable where it is none, or is damaged."""
    place = Path(path).name
    try:
        with open(path, "rb") as file:
            _refuse_long_list(file, place)
            archive = zipfile.ZipFile(file)
            with archive:
                yield Copy(archive, place)
    except FileNotFoundError as error:
        raise NotReadable("there is no such file", place=str(path)) from error
    except IsADirectoryError as error:
        raise NotReadable("this is a folder", place=str(path), remedy="name the copy in it") from error
    except zipfile.BadZipFile as error:
        raise NotReadable("this is no copy: no whole zip archive", place=place) from error


def _refuse_long_list(file: IO[bytes], place: str) -> None:
    """Before the list of members is read: its own end says how long it is and how many it has."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2**16 - 22))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise NotReadable("this is no copy: no whole zip archive", place=place)
    members, length = struct.unpack_from("<HI", tail, at + 10)
    if members > MOST_MEMBERS or length > LONGEST_LIST:
        raise NotReadable(f"it holds over {MOST_MEMBERS} members, so it is no copy of ours", place=place)
    file.seek(0)
