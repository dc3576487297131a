"""A lane: one household, its server and its phones, through as many lives of the server as are wanted."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

from attunement_web.site.summaries import DIFFER
from soak.crash.phones import BATCH, Life, Noted, Page, Phone, Push, Way
from soak.crash.prepare import Household
from soak.crash.server import Process, ProvesNothing, Server, kill
from soak.crash.storage import Postgres, Sqlite, Storage

LONGEST = 0.5  # seconds of noting, from the first acknowledgement to the kill
AT_ONCE = 0.05  # share of lives whose first acknowledgement is not waited for
FIRST_WITHIN = 20  # seconds, on a machine that is busy with much else
INTERRUPTED = 0.05  # share of starts that are killed on their way
RESPAWN = 6.0  # seconds; granian gives up when a worker that it put back dies sooner
WAYS = ("page", "single", "batch")


@dataclass
class Found:
    """What the rounds gave so far."""

    rounds: int = 0
    acknowledged: int = 0
    sent_again: int = 0
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    damaged: int = 0
    silent: int = 0  # lives in which nobody was answered; they are no rounds
    interrupted_starts: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def unsound(self) -> int:
        return self.lost + self.doubled + self.changed + self.damaged


@dataclass
class Lane:
    storage: Storage
    server: Server
    household: Household
    chance: random.Random
    ways: tuple[str, ...] = WAYS
    plant: str = ""
    found: Found = field(default_factory=Found)
    _lived: set[Process] = field(default_factory=set)
    _respawned: float = 0.0
    _lives: int = 0

    def run(self, rounds: int) -> Found:
        phones = [Phone(way, random.Random(self.chance.random())) for way in self._ways()]
        for phone in phones:
            phone.start()
        try:
            self._rounds(rounds, phones)
        except ProvesNothing as trouble:
            if not self.found.unsound:
                raise
            self.found.findings.append(f"then it went no further: {trouble}")
        finally:
            for phone in phones:
                phone.stop()
            self.server.end()
        self.found.sent_again = sum(phone.again for phone in phones)
        return self.found

    def _rounds(self, rounds: int, phones: list[Phone]) -> None:
        self._start()
        while self.found.rounds < rounds:
            life = self._life()
            self._compare(phones)
            self._note(life, phones)
            if self.found.silent > rounds // 5 + 3:
                raise ProvesNothing(f"{self.found.silent} lives of the server acknowledged nothing")
        self._end(phones)

    def _ways(self) -> Iterator[Way]:
        """Two phones for each way of noting, which note for different families."""
        pairs = zip(self.household.children, self.household.tokens, strict=True)
        for child, token in pairs:
            made: dict[str, Way] = {
                "page": Page(self.household, child),
                "single": Push(token, child),
                "batch": Push(token, child, size=BATCH),
            }
            yield from (made[name] for name in self.ways)

    def _start(self) -> None:
        while self.chance.random() < INTERRUPTED and self.plant != "no-kill":
            self.server.start()
            time.sleep(self.chance.uniform(0.1, 2.0))
            self._kill_server("all")
            self.found.interrupted_starts += 1
        self.server.start()
        self.server.ready()

    def _life(self) -> Life:
        """The server answers, from a worker that was never seen before."""
        self.server.answers()
        worker = self.server.worker
        if worker is None or worker in self._lived:
            raise ProvesNothing(f"the server on port {self.server.port} was not started again")
        self._lived.add(worker)
        self._lives += 1
        status = self.server.answers(*self.household.timeline)  # reads the database: the server repairs it, not we
        if status != 200:
            self._count("damaged", [f"the timeline answers {status}"])
        port = self.server.port
        if self.plant == "stranger" and self._lives > 2:
            port = _stranger()
        return Life(self._lives, port, worker)

    def _note(self, life: Life, phones: list[Phone]) -> None:
        """Let the phones note, kill, and have it start again."""
        for phone in phones:
            phone.begin(life)
        patience = time.monotonic() + (FIRST_WITHIN if self.chance.random() > AT_ONCE else 0)
        while not life.acknowledged and time.monotonic() < patience:
            time.sleep(0.005)
        time.sleep(self.chance.uniform(0, LONGEST))
        how = self._how()
        self._kill(how)
        for phone in phones:
            phone.rest()
        counts = life.acknowledged > 0 and life.proven > 0
        self.found.silent += not counts
        self.found.rounds += counts
        self.found.acknowledged += life.acknowledged
        self.found.kills[how] += 1
        if self.plant == "damage" and self._lives == 3 and isinstance(self.storage, Sqlite):
            self.storage.plant_damage()
        self._again(how)

    def _how(self) -> str:
        if isinstance(self.storage, Postgres):
            return self.chance.choice(("database", "database", "everything"))
        fresh = time.monotonic() - self._respawned > RESPAWN
        return self.chance.choices(("worker", "all", "parent"), (5 if fresh else 0, 3, 1))[0]

    def _alive(self, how: str) -> list[Process]:
        parent, worker, below = self.server.main, self.server.worker, self.server.below
        if parent is None:
            raise ProvesNothing(f"the server on port {self.server.port} was gone before it was killed")
        return [worker] if how == "worker" and worker else [parent, *below]

    def _kill(self, how: str) -> None:
        if isinstance(self.storage, Postgres):
            self._kill_database(self.storage)
        if how != "database":
            self._kill_server(how)

    def _kill_server(self, how: str) -> None:
        """Parent: the children are not killed, they leave by themselves. Nobody goes on before all are gone."""
        there = self._alive(how)
        if self.plant != "no-kill":
            kill(there[:1] if how == "parent" else there)
        self.server.gone(there)

    def _kill_database(self, storage: Postgres) -> None:
        """The postmaster and all its children; whoever is there afterwards was not there before."""
        there = storage.processes
        if self.plant != "no-kill":
            storage.cluster.kill()
        self.server.gone(there)
        self._lived |= set(there)

    def _again(self, how: str) -> None:
        if isinstance(self.storage, Postgres):
            self.storage.cluster.start()
            if not self.storage.processes or self._lived & set(self.storage.processes):
                raise ProvesNothing("PostgreSQL was not started again")
        if how == "worker":
            self._respawned = time.monotonic()
        elif how == "database" and (worker := self.server.worker):
            self._lived.discard(worker)  # it lives on, and finds the database again by itself
        else:
            self._start()

    def _compare(self, phones: list[Phone]) -> None:
        """Everything ever acknowledged is there, once, as it was sent; and nothing that nobody sent."""
        sent: dict[str, Noted] = {}
        for phone in phones:
            sent |= phone.sent
            self._trouble(phone)
        rows, damage = self.storage.rows(), self.storage.damage()
        there = Counter(id for id, _, _ in rows)
        told = Counter(words for _, _, words in rows if words)
        missing = [item.id for phone in phones for item in phone.acknowledged if uuid.UUID(item.id).hex not in there]
        doubles = [id for id in there if id not in sent] + [words for words, times in told.items() if times > 1]
        changed = [
            id for id, signal, words in rows if id in sent and (signal, words) != (sent[id].signal, sent[id].words)
        ]
        self._count("lost", missing)
        self._count("doubled", doubles)
        self._count("changed", changed)
        self._count("damaged", damage)

    def _trouble(self, phone: Phone) -> None:
        """A phone was refused, or somebody else answered: nothing of this may be read as a result."""
        expected = isinstance(self.storage, Postgres)  # while the database is down, a page may say so
        wrong = [said for said in phone.troubles if not (expected and (": 500 " in said or ": 503 " in said))]
        if wrong:
            raise ProvesNothing(f"{wrong[0]}; {self.server.last_words()}")

    def _count(self, what: str, found: list[str]) -> None:
        """The most that were ever missing at once: a lost one is lost in every later round too."""
        if len(found) > getattr(self.found, what):
            setattr(self.found, what, len(found))
            line = f"life {self._lives}: {what} {len(found)}, first {found[0]}"
            self.found.findings.append(line)
            print(line, flush=True)

    def _end(self, phones: list[Phone]) -> None:
        """What still waits is sent once more; then exactly what was sent is there."""
        life = self._life()
        self._compare(phones)
        for phone in phones:
            phone.finish(life)
        self.found.acknowledged += life.acknowledged
        self._compare(phones)
        waiting = [phone for phone in phones if phone.is_alive()]
        unanswered = sum(len(phone.sent) - len(phone.acknowledged) for phone in phones)
        if waiting or unanswered:
            raise ProvesNothing(f"{unanswered} moments were never acknowledged")
        self._sum_up()
        counted, sent = len(self.storage.rows()), sum(len(phone.sent) for phone in phones)
        if counted < sent:
            self._count("lost", [f"{sent - counted} of {sent}"] * (sent - counted))

    def _sum_up(self) -> None:
        told = self.server.summaries()
        if told.returncode == DIFFER:
            self._count("damaged", [told.stdout.strip()])
        elif told.returncode:
            raise ProvesNothing(f"the summaries could not be compared: {told.stderr.strip()}")


def _stranger() -> int:
    """Somebody else who acknowledges whatever comes and keeps nothing."""

    class Stranger(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(302)
            self.send_header("Location", f"/x/moments/{parse_qs(body).get('id', [''])[0]}/answer/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])
