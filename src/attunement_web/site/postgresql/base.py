"""Asks each new connection whether what is committed on it is on the disk, and tells it who acts (docs/adr/0021).

We set `synchronous_commit` ourselves (see site/database.py); the other two belong to whoever runs the server, and a
server may come back from a restart with others than before. One question a connection, and connections last.

Many rows go in by one statement: policies look up once in a statement whose records those who act may see, and one
statement a row would ask it for each.

Who acts is told before a statement, when it is somebody else than this connection was told last. A rollback takes back
what was told since the transaction, or the savepoint, began; so it is told again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base, features, schema
from psycopg.pq import TransactionStatus

from attunement_web.actor import Actor, current, unscoped
from attunement_web.site import logs, native

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_ASKED = (*DURABLE, "data_checksums")
_QUESTION = (
    "SELECT "
    + ", ".join(f"current_setting('{name}')" for name in _ASKED)
    + ", (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)"
)
_TELL = "SELECT set_config('attunement.people', %s, false), set_config('attunement.everything', %s, false)"


_INSERT = re.compile(r"(INSERT INTO .+ VALUES )(\((?:%s, )*%s\))( ON CONFLICT .+)?")
MOST_ROWS = 1_000  # in one statement


class Cursor(base.Cursor):
    execute: Callable[..., Any]  # not in the stubs

    def executemany(self, query: str, params_seq: Iterable[Sequence[Any]], *, returning: bool = False) -> None:
        insert = None if returning else _INSERT.fullmatch(query)
        if insert is None:
            return super().executemany(query, params_seq, returning=returning)  # type: ignore[misc]  # not in the stubs
        head, row, tail = insert.group(1), insert.group(2), insert.group(3) or ""
        rows = list(params_seq)
        for begin in range(0, len(rows), MOST_ROWS):
            piece = rows[begin : begin + MOST_ROWS]
            self.execute(f"{head}{', '.join([row] * len(piece))}{tail}", [value for each in piece for value in each])


class DatabaseFeatures(features.DatabaseFeatures):
    minimum_database_version = native.POSTGRESQL_FROM


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """A migration is about every row, whoever starts it."""

    def __enter__(self) -> DatabaseSchemaEditor:
        self._acts = unscoped("a migration changes every row")
        self._acts.__enter__()
        super().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        try:
            super().__exit__(*error)
        finally:
            self._acts.__exit__(None, None, None)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    SchemaEditorClass = DatabaseSchemaEditor
    _is_described = False
    _told: Actor | None = None  # None: whatever it was, it may have been taken back

    def __init__(self, *args: Any, **kept: Any) -> None:
        super().__init__(*args, **kept)
        self.execute_wrappers.append(self._after_telling)

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"cursor_factory": Cursor}

    def init_connection_state(self) -> None:
        super().init_connection_state()  # refuses a server that is too old
        self._told = None
        with self.connection.cursor() as cursor:  # the driver's own: no page pays for it in its number of queries
            *found, sees_all = cursor.execute(_QUESTION).fetchone()
        told = dict(zip(_ASKED, found, strict=True))
        refuse_forgetful(told)
        if not DatabaseWrapper._is_described:
            if told["data_checksums"] != "on":
                logs.tell("database.no-checksums", level=logging.WARNING)  # a damaged page stays unseen: pg_checksums
            if sees_all:  # docs/how-to/move-to-postgresql.md says how to make a role that does not
                logs.tell("database.role-sees-all", level=logging.ERROR)
        DatabaseWrapper._is_described = True

    def _after_telling(self, execute: Callable[..., Any], *statement: Any) -> Any:
        acts = current()
        if acts is not self._told and not self._is_broken():  # then nothing is read any more, and the way back is open
            self._tell(acts)
        return execute(*statement)

    def _is_broken(self) -> bool:
        return self.connection is not None and self.connection.info.transaction_status == TransactionStatus.INERROR

    def _tell(self, acts: Actor) -> None:
        before, self._told = self._told, None
        if before is None or _as_told(before) != _as_told(acts):
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute(_TELL, _as_told(acts))
        self._told = acts

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self._told = None

    def _savepoint_rollback(self, sid: str) -> None:
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]  # not in the stubs
        finally:
            self._told = None

    def _commit(self) -> None:
        if self._is_broken():
            self._told = None  # the server rolls back what broke, however politely it is asked to commit
        super()._commit()  # type: ignore[misc]  # not in the stubs


def _as_told(acts: Actor) -> list[str]:
    return ["{" + ",".join(sorted(map(str, acts.people))) + "}", "on" if acts.reason else ""]


def refuse_forgetful(told: dict[str, str]) -> None:
    """Raise ImproperlyConfigured when the server may forget what it said it kept."""
    off = [f"{name}={told[name]}" for name in DURABLE if told[name] != "on"]
    if off:
        raise ImproperlyConfigured(
            f"this PostgreSQL runs with {', '.join(off)}: a power cut can lose moments that we called saved; "
            "set it to on in its configuration"
        )
