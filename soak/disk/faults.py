"""Makes SQLite's own file writing break at a chosen point: its default file system layer, with our hands around it.

No compiler and no root are needed: the methods of each file that SQLite opens are replaced by ones that count.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from importlib import import_module

FULL, READONLY, IOERR_WRITE, IOERR_SYNC, IOERR_TRUNCATE = 13, 8, 778, 1034, 1546
P, INT, I64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
OPEN = ctypes.CFUNCTYPE(INT, P, P, P, INT, P)
WRITE = ctypes.CFUNCTYPE(INT, P, P, INT, I64)
TRUNCATE = ctypes.CFUNCTYPE(INT, P, I64)
SYNC = ctypes.CFUNCTYPE(INT, P, INT)
METHODS = ("close", "read", "write", "truncate", "sync")  # then others, which stay as they are
ALL_METHODS = 18


class Layer(ctypes.Structure):
    """The beginning of sqlite3_vfs; https://www.sqlite.org/c3ref/vfs.html"""

    _fields_ = [
        ("version", INT), ("file_size", INT), ("longest_path", INT), ("next", P), ("name", P), ("data", P), ("open", P),
    ]  # fmt: skip


class Methods(ctypes.Structure):
    """sqlite3_io_methods; the version comes first, then one address each."""

    _fields_ = [("version", INT), *((name, P) for name in METHODS), ("rest", P * (ALL_METHODS - len(METHODS)))]


class File(ctypes.Structure):
    _fields_ = [("methods", ctypes.POINTER(Methods))]


def _module() -> str:
    """The file that holds, or leads to, the SQLite in use."""
    return "pysqlite3._sqlite3" if import_module("sqlite3").__name__.startswith("pysqlite3") else "_sqlite3"


class Faults:
    """From the `at`-th write point on, each one of `kind` breaks, until `lift`; `points` counts what came by."""

    KINDS = ("full", "io", "io-once", "sync", "read-only")

    def __init__(self) -> None:
        self.kind, self.at, self.points, self.broke = "", 0, 0, 0
        self._kept: list[object] = []  # what C holds on to
        self._patched: dict[int, Methods] = {}
        library = ctypes.CDLL(import_module(_module()).__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(Layer)
        layer = library.sqlite3_vfs_find(None).contents
        self._open = OPEN(layer.open)
        layer.open = self._address(OPEN, self._opened)

    def set(self, kind: str, at: int) -> None:
        self.kind, self.at, self.points, self.broke = kind, at, 0, 0

    def lift(self) -> None:
        self.kind = ""

    def _address(self, form: Callable[..., object], function: Callable[..., int]) -> int | None:
        made = form(function)
        self._kept.append(made)
        return ctypes.cast(made, P).value  # type: ignore[arg-type]  # a function of C

    def _opened(self, layer: int, name: int, file: int, flags: int, out: int) -> int:
        code = int(self._open(layer, name, file, flags, out))
        opened = ctypes.cast(file, ctypes.POINTER(File)).contents
        if code == 0 and opened.methods:
            address = ctypes.addressof(opened.methods.contents)
            if address not in self._patched:
                self._patched[address] = self._around(opened.methods.contents)
            opened.methods = ctypes.pointer(self._patched[address])
        return code

    def _around(self, own: Methods) -> Methods:
        write, truncate, sync = WRITE(own.write), TRUNCATE(own.truncate), SYNC(own.sync)

        def writes(file: int, data: int, size: int, at: int) -> int:
            if not self._breaks("full", "io", "io-once", "read-only"):
                return int(write(file, data, size, at))
            if self.kind == "full":  # half of it still fits
                write(file, data, size // 2, at)
            return {"full": FULL, "read-only": READONLY}.get(self.kind, IOERR_WRITE)

        def truncates(file: int, size: int) -> int:
            broken = self._breaks("io", "io-once", "read-only")
            return IOERR_TRUNCATE if broken else int(truncate(file, size))

        def syncs(file: int, flags: int) -> int:
            return IOERR_SYNC if self._breaks("io", "io-once", "sync") else int(sync(file, flags))

        patched = Methods.from_buffer_copy(own)
        patched.write = self._address(WRITE, writes)
        patched.truncate = self._address(TRUNCATE, truncates)
        patched.sync = self._address(SYNC, syncs)
        return patched

    def _breaks(self, *kinds: str) -> bool:
        if self.kind not in kinds:
            return False
        self.points += 1
        hit = self.points == self.at if self.kind == "io-once" else self.points >= self.at
        self.broke += hit
        return hit
