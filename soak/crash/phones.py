"""Phones that note moments over HTTP, and write down what the server acknowledged.

A phone that got no answer sends the very same again to the next life of the server, as a real one would.
"""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Any, Protocol
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from soak.crash.prepare import Household
from soak.crash.server import Process, owner_is

SIGNALS = ("social-smile", "coo", "laugh", "look-away", "yawn")
CSRF = "c" * 32
PATIENCE = 30  # seconds for one answer
BATCH = 20  # operations in a batched push
ZONE = "Europe/Madrid"
STRANGER = "somebody else answered"


@dataclass(frozen=True, slots=True)
class Noted:
    """One moment as it was sent."""

    id: str
    signal: str
    words: str


@dataclass
class Life:
    """One life of the server, from the answer of its worker to the end of its processes."""

    number: int
    port: int
    worker: Process
    acknowledged: int = 0
    proven: int = 0  # connections whose other end was seen to be this worker's


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    body: bytes
    headers: dict[str, str]


class Way(Protocol):
    """How a phone tells the server."""

    size: int

    def words(self, id: str) -> str: ...
    def request(self, items: Sequence[Noted]) -> Request: ...
    def kept(self, status: int, place: str, body: bytes, items: Sequence[Noted]) -> bool: ...


@dataclass
class Page:
    """The site's own form; the redirect to the next step is the acknowledgement."""

    household: Household
    child: str
    size: int = 1

    def words(self, id: str) -> str:
        return ""

    def request(self, items: Sequence[Noted]) -> Request:
        form = {"id": items[0].id, "signal": items[0].signal, "csrfmiddlewaretoken": CSRF}
        headers = {
            "Cookie": f"sessionid={self.household.session}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return Request(f"/child/{self.child}/note/", urlencode(form).encode(), headers)

    def kept(self, status: int, place: str, body: bytes, items: Sequence[Noted]) -> bool:
        return status == 302 and f"/moments/{items[0].id}/" in place


@dataclass
class Push:
    """The API's push from a device of one's own, with a token: one operation or a batch."""

    token: str
    child: str
    size: int = 1
    device: str = field(default_factory=lambda: str(uuid.uuid4()))
    last: int = 0

    def words(self, id: str) -> str:
        return f"noted as {id}"

    def request(self, items: Sequence[Noted]) -> Request:
        told = {
            "device": self.device,
            "sent_at": _now().isoformat(),
            "operations": [self._operation(self.last + number, item) for number, item in enumerate(items, start=1)],
        }
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return Request("/api/v1/push", json.dumps(told).encode(), headers)

    def _operation(self, seq: int, item: Noted) -> dict[str, Any]:
        """The same bytes each time: everything about it follows from the moment's id."""
        at = _instant(item.id)
        fields = {
            "signal": item.signal, "acts": [], "outcome": "", "mended": None, "calm": None, "with_child": "",
            "feeling": "", "words": item.words, "precision": "now", "happened_at": at.isoformat(),
            "local_day": at.date().isoformat(),
        }  # fmt: skip
        zone = {"at": at.isoformat(), "zone": ZONE, "offset_minutes": _offset(at)}
        return {
            "seq": seq, "schema": 1, "type": "note", "entity": item.id, "child": self.child, "base": 0,
            **zone, "fields": fields,
        }  # fmt: skip

    def kept(self, status: int, place: str, body: bytes, items: Sequence[Noted]) -> bool:
        if status != 200:
            return False
        told = json.loads(body)
        verdicts = {one["seq"]: one["verdict"] for one in told["results"]}
        wanted = range(self.last + 1, self.last + len(items) + 1)
        if not all(verdicts.get(seq) in ("kept", "already") for seq in wanted) or told["last_seq"] < wanted[-1]:
            return False
        self.last += len(items)
        return True


class Phone(threading.Thread):
    """Sends as fast as answers come, in the life it is given; after a broken connection it waits for the next one."""

    def __init__(self, way: Way, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.way, self.chance = way, chance
        self.sent: dict[str, Noted] = {}
        self.acknowledged: list[Noted] = []
        self.troubles: list[str] = []
        self.again = 0  # requests sent once more, with the same ids
        self._waiting: list[Noted] = []
        self._may_go = threading.Condition()
        self._life: Life | None = None
        self._resting = True
        self._finishing = self._stopped = False

    def begin(self, life: Life) -> None:
        with self._may_go:
            self._life = life
            self._may_go.notify()

    def rest(self) -> None:
        """Wait until it is between two requests, and keep it there."""
        with self._may_go:
            self._life = None
            if not self._may_go.wait_for(lambda: self._resting, timeout=PATIENCE + 5):
                self.troubles.append("a phone still waits for an answer of a server that is gone")

    def finish(self, life: Life) -> None:
        """Only what still waits is sent; then the phone stops."""
        self._finishing = True
        self.begin(life)
        self.join(timeout=PATIENCE + 5)

    def stop(self) -> None:
        with self._may_go:
            self._stopped = True
            self._may_go.notify()

    def run(self) -> None:
        while (life := self._next()) is not None:
            connection = HTTPConnection("127.0.0.1", life.port, timeout=PATIENCE)
            try:
                self._use(connection, life)
            except (OSError, HTTPException):
                pass  # that is what a killed server looks like
            finally:
                connection.close()
            if self._finishing and not self._waiting:
                return
            with self._may_go:
                self._life = None if self._life is life else self._life

    def _next(self) -> Life | None:
        with self._may_go:
            self._resting = True
            self._may_go.notify()
            self._may_go.wait_for(lambda: self._life is not None or self._stopped)
            self._resting = False
            return None if self._stopped else self._life

    def _use(self, connection: HTTPConnection, life: Life) -> None:
        proven = False
        while self._life is life and not (self._finishing and not self._waiting):
            items = self._waiting or [self._noted() for _ in range(self.way.size)]
            self.again += bool(self._waiting)
            self._waiting = items
            self._send(connection, items)
            life.acknowledged += len(items) if not self._waiting else 0
            if not proven:
                proven = True
                self._prove(connection, life)
            if self._waiting:
                time.sleep(0.05)  # refused: not in a tight loop

    def _noted(self) -> Noted:
        id = str(_uuid7(self.chance))
        item = Noted(id, self.chance.choice(SIGNALS), self.way.words(id))
        self.sent[uuid.UUID(id).hex] = item
        return item

    def _send(self, connection: HTTPConnection, items: list[Noted]) -> None:
        asked = self.way.request(items)
        connection.request("POST", asked.path, asked.body, asked.headers)
        answer = connection.getresponse()
        body = answer.read()
        if self.way.kept(answer.status, answer.headers.get("Location", ""), body, items):
            self.acknowledged += items
            self._waiting = []
        else:
            self.troubles.append(f"{asked.path}: {answer.status} {body[:200]!r}")

    def _prove(self, connection: HTTPConnection, life: Life) -> None:
        """Whoever answered has to be the worker of this life."""
        if connection.sock is None:
            return
        theirs = owner_is(life.worker, connection.sock)
        life.proven += theirs is True
        if theirs is False and life.worker.lives:
            self.troubles.append(f"{STRANGER} on port {life.port}")


def _uuid7(chance: random.Random) -> uuid.UUID:
    stamp = time.time_ns() // 1_000_000
    return uuid.UUID(
        int=(stamp << 80) | (7 << 76) | (chance.getrandbits(12) << 64) | (2 << 62) | chance.getrandbits(62)
    )


def _instant(id: str) -> datetime:
    return datetime.fromtimestamp((uuid.UUID(id).int >> 80) / 1000, ZoneInfo(ZONE))


def _offset(at: datetime) -> int:
    away = at.utcoffset()
    assert away is not None
    return int(away.total_seconds() // 60)


def _now() -> datetime:
    return datetime.now(ZoneInfo("UTC"))
