"""Requests that arrive at the same time share one commit: a disk makes only so many commits a second.

Whoever comes first leads: it takes all that waits, commits, hands out the replies, and lets the next one lead. In a
server a thread of its own leads always: its connection keeps the pages that it read, which a commit by another connection
makes worthless, and a push costs a fifth less.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

from django.db import IntegrityError, OperationalError, ProgrammingError

from attunement_web.sync.actions.pushing import prepare, push_prepared
from attunement_web.sync.actions.values import Push, Reply

MOST_PUSHES = 64  # in one commit
MOST_OPERATIONS = 2_000
# Another process may have been first, or a part ended so late that PostgreSQL alone saw it: looked at again, all is told.
ONCE_MORE = (IntegrityError, ProgrammingError)


class Counts(Protocol):
    """Something to be committed that says how much it is."""

    @property
    def items(self) -> Sequence[Any]: ...


class _Waiting:
    """One push, and a lock that is let go once there is a reply, an error, or nobody who leads."""

    __slots__ = ("error", "one", "reply", "woken")

    def __init__(self, one: Counts) -> None:
        self.one = one
        self.reply: Reply | None = None
        self.error: BaseException | None = None
        self.woken = threading.Lock()
        self.woken.acquire()

    @property
    def is_done(self) -> bool:
        return self.reply is not None or self.error is not None


class Committer:
    """One for the whole process; `push` may be called from any thread."""

    def __init__(self, commit: Callable[[Sequence[Any]], list[Reply]] = push_prepared) -> None:
        self._commit = commit
        self._queue: deque[_Waiting] = deque()
        self._mutex = threading.Lock()
        self._has_leader = False
        self._bell: threading.Lock | None = None  # wakes the thread that leads always
        self._sleeps = False

    def lead_always(self) -> None:
        """From now on. Called once, before the first push."""
        self._bell, self._has_leader = threading.Lock(), True
        self._bell.acquire()
        threading.Thread(target=self._always, args=(self._bell,), name="committer", daemon=True).start()

    def _always(self, bell: threading.Lock) -> None:
        while True:
            with self._mutex:
                self._sleeps = not self._queue
            if self._sleeps:
                bell.acquire()
            with suppress(BaseException):  # told to those who wait, and the next ones need somebody who leads
                self._lead()

    def push(self, push: Push) -> Reply:
        return self.settle(prepare(push))

    def settle(self, one: Counts) -> Reply:
        """The reply, after the commit that made it true; or the error that kept it from being made."""
        mine = _Waiting(one)
        with self._mutex:
            self._queue.append(mine)
            leads, self._has_leader = not self._has_leader, True
            wakes, self._sleeps = self._sleeps, False
        if wakes and self._bell:
            self._bell.release()
        if not leads:
            mine.woken.acquire()
        if not mine.is_done:
            self._lead()
        if mine.error is not None:
            raise mine.error
        assert mine.reply is not None  # the group that a leader takes begins with itself
        return mine.reply

    def _lead(self) -> None:
        with self._mutex:
            group = self._next_group()
        try:
            self._settle(group)
        finally:
            self._hand_on(group)

    def _next_group(self) -> list[_Waiting]:
        group, operations = [self._queue.popleft()], 0
        while self._queue and len(group) < MOST_PUSHES and operations < MOST_OPERATIONS:
            group.append(self._queue.popleft())
            operations += len(group[-1].one.items)
        return group

    def _hand_on(self, group: list[_Waiting]) -> None:
        with self._mutex:
            heir = self._queue[0] if self._queue else None
            self._has_leader = heir is not None or self._bell is not None
        for waiting in group:
            if not waiting.is_done:
                waiting.error = RuntimeError("the group's leader was stopped before it could commit")
            waiting.woken.release()
        if heir is not None and self._bell is None:
            heir.woken.release()

    def _settle(self, group: list[_Waiting]) -> None:
        """All at once; when that breaks each one alone, so that a push breaks only itself."""
        try:
            replies = self._commit([waiting.one for waiting in group])
        except Exception as error:
            self._one_by_one(group, error)
        else:
            for waiting, reply in zip(group, replies, strict=True):
                waiting.reply = reply

    def _one_by_one(self, group: list[_Waiting], error: Exception) -> None:
        if len(group) == 1 and not isinstance(error, ONCE_MORE):
            group[0].error = error
            return
        for place, waiting in enumerate(group):
            try:
                waiting.reply = self._commit([waiting.one])[0]
            except OperationalError as broken:  # the disk or the lock: the others would only wait for the same
                for one in group[place:]:
                    one.error = broken
                return
            except Exception as broken:
                waiting.error = broken
