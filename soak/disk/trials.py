"""One trial: a request at a fault; then the fault is lifted, and the file itself is asked what is true."""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soak.disk.faults import Faults
from soak.disk.steps import Home, Row, Step

PLANTS = ("early", "deaf")
NOT_SAVED = "not saved"  # words that the page has to hold
MOST_POINTS = 300
BLOCK = 4096
MOST_BLOCKS = 40


@dataclass
class Found:
    """What came of many trials."""

    trials: int = 0
    broke: int = 0  # trials in which the fault was met
    said_saved: int = 0
    said_not_saved: int = 0
    kept_all_the_same: int = 0  # told that it was not saved, and it was: sent again it stays one
    troubles: list[str] = field(default_factory=list)

    def trouble(self, what: str) -> None:
        self.troubles.append(what)

    def add(self, other: dict[str, Any]) -> None:
        for name, value in other.items():
            setattr(self, name, getattr(self, name) + value)


class Subject:
    """A household in this process, its faults, and what is true of it."""

    def __init__(self, data: Path, home: Home, faults: Faults, steps: list[Step]) -> None:
        self.file, self.home, self.faults, self.steps = data / "db.sqlite3", home, faults, steps
        self.found = Found()

    def row(self, moment: str) -> Row | None:
        """Read beside Django, from the file."""
        with closing(sqlite3.connect(self.file)) as seen:
            seen.row_factory = sqlite3.Row
            row = seen.execute("SELECT * FROM diary_moment WHERE id = ?", [uuid.UUID(moment).hex]).fetchone()
            whole = seen.execute("PRAGMA quick_check(1)").fetchone()[0]
        if whole != "ok":
            self.found.trouble(f"the file is damaged: {whole}")
        return dict(row) if row else None

    def every_point(self, step: Step, kind: str) -> None:
        """The first write breaks, then the second one, until a request goes through without meeting the fault."""
        for at in range(1, MOST_POINTS):
            moment = step.prepare(self.home)
            with self.broken(lambda at=at: self.faults.set(kind, at), self.faults.lift):
                answer = step.ask(self.home, moment)
            self.judge(step, f"{kind} at {at}", moment, answer, met=self.faults.broke > 0)
            if not self.faults.broke:
                return
        self.found.trouble(f"{step.name}, {kind}: no end of write points")

    @contextmanager
    def broken(self, set_it: Any, lift: Any) -> Iterator[None]:
        set_it()
        try:
            yield
        finally:
            lift()

    def judge(self, step: Step, what: str, moment: str, answer: Any, *, met: bool) -> None:
        name = f"{step.name}, {what}"
        self.found.trials += 1
        self.found.broke += met
        is_there = step.is_there(self.row(moment)) and self._is_where_it_was_put(step, moment)
        if answer.status_code < 400:
            self.found.said_saved += 1
            if not is_there:
                self.found.trouble(f"{name}: said to be saved ({answer.status_code}), and is not")
        else:
            self.found.said_not_saved += 1
            self.found.kept_all_the_same += is_there
            self._is_kind(step, name, answer)
            if not met:
                self.found.trouble(f"{name}: refused ({answer.status_code}) without a fault")
        again = step.ask(self.home, moment)
        moved = step.name == "whose" and is_there  # its address went along with it
        if (again.status_code >= 400 and not moved) or not step.is_there(self.row(moment)):
            self.found.trouble(f"{name}: the same again afterwards gives {again.status_code}")

    def _is_where_it_was_put(self, step: Step, moment: str) -> bool:
        row = self.row(moment)
        return step.name != "whose" or (row is not None and row["child_id"] == self.home.sibling.pk.hex)

    def _is_kind(self, step: Step, name: str, answer: Any) -> None:
        """It says that it is not saved, when to come again, and keeps what was typed."""
        said = answer.content.decode()
        if answer.status_code not in (503, 507) or "Retry-After" not in answer.headers:
            self.found.trouble(f"{name}: answers {answer.status_code} without a word on when to come again")
        elif step.is_api:
            if not json.loads(said).get("code", "").startswith("not-saved"):
                self.found.trouble(f"{name}: no code that a program understands")
        elif NOT_SAVED not in said:
            self.found.trouble(f"{name}: does not say that it is not saved")
        elif step.typed and said.count(_escaped(step.typed)) < 2:  # to be seen, and in the form
            self.found.trouble(f"{name}: what was typed is gone")

    def locked(self, step: Step) -> None:
        """Another program holds the database for longer than we wait."""
        moment = step.prepare(self.home)
        with closing(sqlite3.connect(self.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = step.ask(self.home, moment)
            other.execute("ROLLBACK")
        self.judge(step, "locked", moment, answer, met=True)

    def full_disk(self, step: Step, left: int) -> bool:
        """A real disk with room for `left` more blocks. Whether the request met its end."""
        moment = step.prepare(self.home)
        self.give_back_room()
        filler = self.file.parent / "filler"
        with self.broken(lambda: _fill(filler, left), lambda: filler.unlink(missing_ok=True)):
            answer = step.ask(self.home, moment)
        met = answer.status_code >= 400
        self.judge(step, f"{left} blocks left on the disk", moment, answer, met=met)
        return met

    def give_back_room(self) -> None:
        """A write-ahead log that has grown before would take in more without asking the disk."""
        from django.db import connection

        connection.close()
        with closing(sqlite3.connect(self.file)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _escaped(text: str) -> str:
    from django.utils.html import escape

    return str(escape(text))


def _fill(filler: Path, left: int) -> None:
    with filler.open("wb") as file:
        free = os.statvfs(filler).f_bavail * os.statvfs(filler).f_frsize
        try:
            os.posix_fallocate(file.fileno(), 0, max(free - left * BLOCK, BLOCK))
        except OSError:
            file.write(b"x" * max(free - left * BLOCK, BLOCK))


def plant(name: str) -> None:
    """`early`: answers without waiting for the commit to succeed. `deaf`: a write that breaks is not heard of."""
    from django.db import DatabaseError, transaction

    from attunement_web.site.sqlite.base import DatabaseWrapper

    if name == "early":
        commit = DatabaseWrapper._commit

        def early(self: DatabaseWrapper) -> None:
            try:
                commit(self)
            except DatabaseError:
                self._rollback()

        DatabaseWrapper._commit = early  # type: ignore[method-assign]  # that is the fault
    if name == "deaf":
        leave = transaction.Atomic.__exit__

        def deaf(self: Any, kind: Any, error: Any, trace: Any) -> None:
            try:
                leave(self, kind, error, trace)
            except DatabaseError:
                return

        transaction.Atomic.__exit__ = deaf
