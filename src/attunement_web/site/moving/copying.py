"""Copies every row in one transaction, a piece at a time, and keeps it only when both ends are equal."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction
from django.db.migrations.loader import MigrationLoader

from attunement.errors import WrongUse
from attunement_web.site.keeping.counting import Tally
from attunement_web.site.moving import comparing
from attunement_web.site.moving.tables import moved

SOURCE, TARGET = "source", DEFAULT_DB_ALIAS  # migrations run where the site's own settings point to


@dataclass(frozen=True, slots=True)
class Moved:
    """One table, as each end tells it."""

    table: str
    here: dict[str, Any]
    there: dict[str, Any]

    @property
    def is_equal(self) -> bool:
        return self.here == self.there


class NotEqual(Exception):
    """The two ends differ: nothing is kept at the new one."""

    def __init__(self, tables: list[Moved]) -> None:
        self.tables = tables
        super().__init__(", ".join(table.table for table in tables if not table.is_equal))


def move() -> list[Moved]:
    """All tables. Raises WrongUse for ends that do not fit, NotEqual when what arrived is not what left."""
    models = moved()
    _refuse_unfit_source()
    _make_tables()
    with transaction.atomic(SOURCE), transaction.atomic(TARGET):
        _hold_still(models)
        _refuse_used(models)
        with _open_to_its_owner(models):
            left = [_copy(model) for model in models]
            _check_references()
        _set_sequences(models)
        tables = [
            Moved(model._meta.db_table, here, comparing.told(model, TARGET))
            for model, here in zip(models, left, strict=True)
        ]
        if not all(table.is_equal for table in tables):
            raise NotEqual(tables)
    _gather_statistics()
    return tables


def _refuse_unfit_source() -> None:
    known, there = _versions(SOURCE)
    if not there:
        raise WrongUse("no household lives in the database we are to move", remedy="look at its address or folder")
    if known != there:
        raise WrongUse(
            f"the database we are to move is of another version of Attunement ({_first_unlike(known, there)})",
            remedy="start it once with `attunement serve` of this version, stop it, and move it then",
        )


def _make_tables() -> None:
    known, there = _versions(TARGET)
    if there and known != there:
        raise WrongUse(
            f"the new database is of another version of Attunement ({_first_unlike(known, there)})",
            remedy="name an empty one; nothing was changed",
        )
    if there:
        return
    others = connections[TARGET].introspection.table_names()
    if others:
        raise WrongUse(
            f"the new database holds other things already ({others[0]})",
            remedy="name an empty one; nothing was changed",
        )
    call_command("migrate", interactive=False, verbosity=0)


def _versions(alias: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The migrations that this program knows, and those that this database has seen."""
    loader = MigrationLoader(connections[alias])
    return set(loader.disk_migrations), set(loader.applied_migrations)


def _first_unlike(known: set[tuple[str, str]], there: set[tuple[str, str]]) -> str:
    return ".".join(min(known ^ there))


def _hold_still(models: Iterable[type[models.Model]]) -> None:
    """Nobody else writes at either end until we are done. SQLite's transactions hold all writers from their begin."""
    for alias, mode in ((SOURCE, "SHARE"), (TARGET, "EXCLUSIVE")):
        connection = connections[alias]
        if connection.vendor == "postgresql":
            names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # the other end may take long
                cursor.execute(f"LOCK TABLE {names} IN {mode} MODE")


def _refuse_used(models: Iterable[type[models.Model]]) -> None:
    for model in models:
        if model._base_manager.using(TARGET).exists():
            raise WrongUse(
                f"the new database holds rows already (in {model._meta.db_table})",
                remedy="name an empty one; nothing was changed",
            )


@contextmanager
def _open_to_its_owner(models: Iterable[type[models.Model]]) -> Iterator[None]:
    """PostgreSQL streams rows into no table whose policies hold for us; they hold again before anybody else comes in."""
    connection, forced = connections[TARGET], []
    if connection.vendor == "postgresql":
        wanted = [model._meta.db_table for model in models]
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname = ANY(%s)", [wanted])
            forced = [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]
            for name in forced:
                cursor.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
    yield
    with connection.cursor() as cursor:
        for name in forced:
            cursor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")


def _copy(model: type[models.Model]) -> dict[str, Any]:
    """Rows and hash of what left, taken from the values as they pass."""
    connection, gone = connections[TARGET], Tally()
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    place = f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"
    writers = [_writer(field) for field in fields]

    def leaving() -> Generator[list[Any]]:
        for row in comparing.rows_of(model, SOURCE):
            gone.add(comparing.canonical(row))
            yield [write(value) if write else value for write, value in zip(writers, row, strict=True)]

    try:
        with closing(leaving()) as rows:
            (_stream if connection.vendor == "postgresql" else _insert)(place, rows, len(fields))
    except DatabaseError as error:  # a value that only one of the two databases takes
        raise WrongUse(
            f"the new database does not take a value of {model._meta.db_table} ({first_line(error)})",
            remedy="nothing was moved",
        ) from error
    return gone.told()


def _writer(field: models.Field) -> Callable[[Any], Any] | None:
    """How the new end takes this field's values; None where its driver takes them as Python has them."""
    connection = connections[TARGET]
    if connection.vendor == "postgresql" and field.get_internal_type() != "JSONField":
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _stream(place: str, rows: Iterable[list[Any]], width: int) -> None:
    """PostgreSQL's own way in, for many rows."""
    connection = connections[TARGET]
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {place} FROM STDIN") as into,
    ):
        for row in rows:
            into.write_row(row)


def _insert(place: str, rows: Iterable[list[Any]], width: int) -> None:
    statement, waiting = f"INSERT INTO {place} VALUES ({', '.join(['%s'] * width)})", iter(rows)
    with connections[TARGET].cursor() as cursor:
        while piece := list(islice(waiting, comparing.PIECE)):
            cursor.executemany(statement, piece)


def first_line(error: Exception) -> str:
    """The lines after it may hold what somebody wrote."""
    return str(error).strip().partition("\n")[0]


def _check_references() -> None:
    try:
        connections[TARGET].check_constraints()
    except DatabaseError as error:
        what = f"a row points to one that is not there ({first_line(error)})"
        raise WrongUse(what, remedy="nothing was moved") from error


def _set_sequences(models: Iterable[type[models.Model]]) -> None:
    connection = connections[TARGET]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _gather_statistics() -> None:
    with connections[TARGET].cursor() as cursor:
        cursor.execute("ANALYZE")
