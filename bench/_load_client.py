"""Phones that push, all at once: `python bench/_load_client.py < what.json`. Raw sockets and bytes made beforehand.

Each phone waits for its answer before it sends again. Prints how long answers took and what was acknowledged, and how
much of a processor this client took itself. Imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import random
import selectors
import socket
import sys
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SIGNALS = ("social-smile", "cry", "coo", "look-away", "fuss")
SPREAD = timedelta(days=30)  # what waited on a phone comes from its last days


@dataclass
class Phone:
    """One keep-alive connection with the requests it will send, in order."""

    requests: list[bytes]
    device: str
    batch: int
    sent: int = 0
    began: float = 0.0
    got: bytes = b""
    link: socket.socket = field(default_factory=socket.socket)


def main(what: dict[str, Any]) -> dict[str, Any]:
    phones = [_phone(one, what) for one in what["phones"]]
    chooser = selectors.DefaultSelector()
    for phone in phones:
        phone.link = socket.create_connection((what["host"], what["port"]))
        phone.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chooser.register(phone.link, selectors.EVENT_READ, phone)
    return _pushed(phones, chooser, what["warm_s"], what["seconds"]) | {
        "devices": {one.device: one.sent for one in phones}
    }


def _phone(one: dict[str, Any], what: dict[str, Any]) -> Phone:
    device, drawn, batch = str(uuid.uuid4()), random.Random(one["child"]), what["batch"]
    now = datetime.now(UTC)
    requests = []
    for number in range(what["requests"]):
        operations = [_operation(one, now, number * batch + at + 1, drawn, today=batch == 1) for at in range(batch)]
        body = json.dumps({"device": device, "sent_at": now.isoformat(), "operations": operations}).encode()
        head = f"POST /api/v1/push HTTP/1.1\r\nHost: {what['host']}:{what['port']}\r\n{one['headers']}"
        requests.append(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    return Phone(requests, device, batch)


def _operation(one: dict[str, Any], now: datetime, seq: int, drawn: random.Random, *, today: bool) -> dict[str, Any]:
    at = now if today else now - SPREAD * drawn.random()
    fields = {
        "signal": drawn.choice(SIGNALS), "acts": ["hold-chest-to-chest"], "outcome": "settled-with-you",
        "mended": None, "calm": None, "with_child": "", "feeling": "", "words": "", "precision": "now",
        "happened_at": at.isoformat(), "local_day": at.date().isoformat(),
    }  # fmt: skip
    if seq % 5 == 0:
        fields["words"] = "Held her until the storm was over."
    return {
        "seq": seq, "schema": 1, "type": "note", "entity": str(_id(at, drawn)), "child": one["child"], "base": 0,
        "at": at.isoformat(), "zone": "UTC", "offset_minutes": 0, "fields": fields,
    }  # fmt: skip


def _id(at: datetime, drawn: random.Random) -> uuid.UUID:
    stamp = int(at.timestamp() * 1000)
    return uuid.UUID(int=stamp << 80 | 7 << 76 | drawn.getrandbits(12) << 64 | 2 << 62 | drawn.getrandbits(62))


def _pushed(phones: list[Phone], chooser: Any, warm_s: float, seconds: float) -> dict[str, Any]:
    took: list[float] = []
    wrong: list[str] = []
    cpu, busy, began = time.process_time(), _busy_s(), time.perf_counter()
    counts_from, ends = began + warm_s, began + warm_s + seconds
    waiting = sum(_send(phone) for phone in phones)
    while waiting:
        for key, _ in chooser.select(5):
            phone = key.data
            if not _arrived(phone):
                continue
            now = time.perf_counter()
            if not _is_kept(phone):
                wrong.append(phone.got[:400].decode(errors="replace"))
                waiting -= 1
                continue
            phone.sent += 1
            if counts_from <= now < ends:
                took.append(now - phone.began)
            waiting -= not (now < ends and _send(phone))
    wall = time.perf_counter() - began
    return {
        "took_ms": [round(1000 * one, 3) for one in took], "wrong": wrong, "wall": wall,
        "client_cpu": (time.process_time() - cpu) / wall, "all_cpu": (_busy_s() - busy) / wall,
    }  # fmt: skip


def _busy_s() -> float:
    """Processor time of everything on this machine."""
    with open("/proc/stat") as lines:
        fields = [int(field) for field in lines.readline().split()[1:]]
    return (sum(fields[:3]) + sum(fields[5:7])) / os.sysconf("SC_CLK_TCK")


def _send(phone: Phone) -> bool:
    if phone.sent == len(phone.requests):
        return False
    phone.got, phone.began = b"", time.perf_counter()
    phone.link.sendall(phone.requests[phone.sent])
    return True


def _arrived(phone: Phone) -> bool:
    """Whether the whole answer is there; a closed connection is an answer too, and a wrong one."""
    more = phone.link.recv(65536)
    phone.got += more
    head, _, body = phone.got.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
    return not more or (bool(length) and len(body) >= int(length))


def _is_kept(phone: Phone) -> bool:
    return phone.got.startswith(b"HTTP/1.1 200") and phone.got.count(b'"kept"') == phone.batch


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
