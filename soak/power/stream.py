"""Reads strace's lines into what matters: writes and syncs of the database's files, changes of their folder, answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from soak.crash.server import ProvesNothing
from soak.power.recording import FILES, Recording

LINE = re.compile(r"^(\d+)\s+(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$", re.S)
HANDLE = re.compile(r"^(-?\d+|AT_FDCWD)<((?:[^<>\\]|\\x[0-9a-f]{2}|->)*)>")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
RESULT = re.compile(r"= (-?\d+)(?:<[^>]*>)?(?: .*)?$")
WRITES = {"write", "pwrite64"}
SYNCS = {"fsync", "fdatasync"}
SENDS = {"write", "writev", "sendto", "sendmsg"}
REMOVES, OPENS = {"unlink", "unlinkat"}, {"open", "openat", "creat"}
REDIRECT = re.compile(rb"HTTP/1\.1 302 .*?/moments/([0-9a-f-]{36})/", re.S)
DEVICE = re.compile(rb'"device":\s*"([0-9a-f-]{36})"')
VERDICT = re.compile(rb"\{[^{}]*\}")
SEQ = re.compile(rb'"seq":\s*(\d+)')
KEPT = re.compile(rb'"verdict":\s*"(?:kept|already)"')


@dataclass(frozen=True, slots=True)
class Write:
    file: str
    at: int
    content: bytes
    done: int = 0  # the line of the trace on which it had returned; a sync covers what had returned when it began


@dataclass(frozen=True, slots=True)
class Cut:
    """ftruncate."""

    file: str
    size: int
    done: int = 0


@dataclass(frozen=True, slots=True)
class Sync:
    file: str  # "" is the folder
    began: int


@dataclass(frozen=True, slots=True)
class Made:
    file: str
    done: int


@dataclass(frozen=True, slots=True)
class Removed:
    file: str
    done: int


@dataclass(frozen=True, slots=True)
class Answer:
    """From here on these moments are said to be kept."""

    ids: tuple[str, ...]


Event = Write | Cut | Sync | Made | Removed | Answer


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: str
    result: int
    began: int  # the line
    ended: int


def events(recording: Recording) -> list[Event]:
    """In the order in which they count: a sync when it has returned, everything else when it begins."""
    found: list[tuple[int, Event]] = []
    answers = _Answers(recording)
    for call in _calls(recording.trace):
        for event in _event(call, recording.data):
            found.append((call.ended if isinstance(event, Sync) else call.began, event))
        found += [(call.began, answer) for answer in answers.of(call)]
    found.sort(key=lambda each: each[0])
    return [event for _, event in found]


def _calls(trace: Path) -> Iterator[Call]:
    """Each call that succeeded; a call cut in two by another is put together."""
    begun: dict[str, tuple[int, str, str]] = {}
    with trace.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines):
            matched = LINE.match(line.rstrip("\n"))
            if matched is None:
                continue
            pid, resumed, name, rest = matched.groups()
            began = number
            if resumed:
                if pid not in begun:
                    continue
                began, name, start = begun.pop(pid)
                rest = start + rest
            elif rest.endswith("<unfinished ...>"):
                begun[pid] = (number, name, rest.removesuffix("<unfinished ...>"))
                continue
            result = RESULT.search(rest[-400:])
            if result and int(result[1]) >= 0:
                yield Call(name, rest, int(result[1]), began, number)
    # A call that never returned was under way when the server was killed: its answer reached nobody who counts.


def _event(call: Call, data: Path) -> Iterator[Event]:
    if call.name in OPENS:
        name = _ours(_paths(call.arguments), data)
        if name and ("O_CREAT" in call.arguments or "O_TRUNC" in call.arguments or call.name == "creat"):
            if "O_TRUNC" in call.arguments:
                raise ProvesNothing(f"opened with O_TRUNC: {name}")
            yield Made(name, call.ended)
        return
    if call.name in REMOVES:
        if name := _ours(_paths(call.arguments), data):
            yield Removed(name, call.ended)
        return
    file = _handle(call.arguments)
    if call.name in SYNCS and file == data:
        yield Sync("", call.began)
    elif file is None or _ours([file], data) is None:
        if call.name.startswith(("rename", "link", "truncate")) and _ours(_paths(call.arguments), data):
            raise ProvesNothing(f"cannot replay {call.name}")
    else:
        yield from _on_file(call, file.name)


def _on_file(call: Call, name: str) -> Iterator[Event]:
    if call.name in WRITES:
        content, cut = _string(call.arguments)
        numbers = call.arguments.rpartition(")")[0].rpartition('"')[2].removeprefix("...").split(",")
        if call.name != "pwrite64" or cut or call.result != len(content):
            raise ProvesNothing(f"cannot replay this {call.name} to {name}: {call.result} of {len(content)} bytes seen")
        yield Write(name, int(numbers[2]), content, call.ended)
    elif call.name in SYNCS:
        yield Sync(name, call.began)
    elif call.name == "ftruncate":
        yield Cut(name, int(call.arguments.partition(">, ")[2].partition(")")[0]), call.ended)
    elif call.name != "mmap" or "PROT_WRITE" in call.arguments:
        raise ProvesNothing(f"cannot replay {call.name} to {name}")


def _ours(paths: list[Path], data: Path) -> str | None:
    return next((path.name for path in paths if path.parent == data and path.name in FILES), None)


def _handle(arguments: str) -> Path | None:
    """The file that the first argument stands for; of mmap, the fifth."""
    matched = HANDLE.match(arguments) or re.search(r", (\d+)<((?:\\x[0-9a-f]{2})*)>, ", arguments)
    return Path(_text(matched[2])) if matched else None


def _paths(arguments: str) -> list[Path]:
    return [Path(_text(found[1])) for found in STRING.finditer(arguments)]


def _string(arguments: str) -> tuple[bytes, bool]:
    found = STRING.search(arguments)
    return (bytes.fromhex(found[1].replace("\\x", "")), bool(found[2])) if found else (b"", False)


def _text(shown: str) -> str:
    return bytes.fromhex(shown.replace("\\x", "")).decode() if shown.startswith("\\x") else shown


class _Answers:
    """Puts together what goes out on each socket, and finds the acknowledgements in it."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._open: dict[str, bytes] = {}

    def of(self, call: Call) -> Iterator[Answer]:
        if call.name not in SENDS:
            return
        matched = HANDLE.match(call.arguments)
        place = _text(matched[2]) if matched else ""
        if not place.startswith(("socket:", "TCP")):
            return
        sent = b"".join(bytes.fromhex(found[1].replace("\\x", "")) for found in STRING.finditer(call.arguments))
        heard = self._open.get(place, b"") + sent[: call.result]
        while (answer := _whole(heard)) is not None:
            whole, heard = answer
            if ids := self._ids(whole):
                yield Answer(ids)
        self._open[place] = heard

    def _ids(self, answer: bytes) -> tuple[str, ...]:
        if redirect := REDIRECT.match(answer):
            return (redirect[1].decode(),)
        device = DEVICE.search(answer)
        if device is None:
            return ()
        row = self._recording.devices.get(device[1].decode(), {})
        kept = [SEQ.search(one) for one in VERDICT.findall(answer) if KEPT.search(one)]
        return tuple(row[int(seq[1])] for seq in kept if seq)


LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.I)


def _whole(heard: bytes) -> tuple[bytes, bytes] | None:
    """The first complete answer and what follows it; None while its last byte has not gone out."""
    head, found, rest = heard.partition(b"\r\n\r\n")
    if not found:
        return None
    if CHUNKED.search(head):
        return _unchunked(head, rest)
    length = LENGTH.search(head)
    size = int(length[1]) if length else 0
    return (head + found + rest[:size], rest[size:]) if len(rest) >= size else None


def _unchunked(head: bytes, rest: bytes) -> tuple[bytes, bytes] | None:
    body = b""
    while b"\r\n" in rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        if len(rest) < length + 2:
            return None
        body, rest = body + rest[:length], rest[length + 2 :]
        if length == 0:
            return head + b"\r\n\r\n" + body, rest
    return None
