"""Brings a copy in: looked through as a whole first, then written in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import DataError, IntegrityError, transaction

from attunement_web.accounts.models import User
from attunement_web.diary.actions import rebuild_summaries
from attunement_web.families.models import Family, Membership, Role
from attunement_web.ledger.actions import record
from attunement_web.rights import bridge
from attunement_web.rights.actions.checking import NotOurs, read_row
from attunement_web.rights.actions.naming import Names
from attunement_web.rights.actions.older import lines_of
from attunement_web.rights.models import EarlierLine
from attunement_web.rights.models.kinds import (
    EARLIER,
    FAMILY,
    KINDS,
    LEDGER,
    OTHER_VERSIONS,
    PEOPLE,
    SET_ASIDE,
    TOKENS,
    Kind,
)

AT_ONCE = 1_000
_KEPT_APART = {PEOPLE.name, LEDGER.name, EARLIER.name, SET_ASIDE.name}  # their ids are no ids of the record

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Brought:
    """The family as it is here now, a guardian who can be let in, and how many rows of each kind came."""

    family: UUID
    guardian: User | None
    rows: dict[str, int]
    with_new_ids: bool


def bring_in(path: Path, *, outside: Collection[Path] = ()) -> Brought:
    """Raises NotReadable, and then nothing has changed.

    Into an empty server everything comes with its ids. Beside other families the people are new people, and the record
    has new ids where one of its own is taken, or was erased here (as the database says, or a list `outside` of it): a
    restore would erase it again. Nobody can sign in before she is let in: no secret is in a copy.
    """
    with bridge.open_copy(path) as copy:
        names = _looked_through(copy, path.name)
        names.new_record |= names.is_erased(outside)
        try:
            with transaction.atomic():
                return _written(copy, names, path.name)
        except (IntegrityError, DataError) as error:
            raise bridge.NotReadable("its parts do not fit together", place=path.name) from error


def _looked_through(copy: bridge.Copy, place: str) -> Names:
    """Every line of it; whether its ids are free, and what names what."""
    is_empty, names = not Family.objects.exists(), Names(uuid4())
    if copy.files.keys() != {kind.name for kind in KINDS}:
        raise bridge.NotReadable("it holds other files than those of this version", place=place)
    for kind in KINDS:
        for rows in _batches(_rows(copy, kind, place)):
            names.learn(kind, rows)
            if kind.name not in _KEPT_APART and not names.new_record:
                names.new_record = kind.table.objects.filter(pk__in=[row["id"] for row in rows]).exists()
            if kind is PEOPLE and not names.new_people:
                taken = User.objects.filter(pk__in=[row["id"] for row in rows]).exists()
                names.new_people = not is_empty or taken
    wrong = names.trouble()
    if wrong:
        raise bridge.NotReadable(wrong, place=place)
    return names


def _rows(copy: bridge.Copy, kind: Kind, place: str) -> Iterator[Row]:
    for number, told in enumerate(lines_of(copy, kind), 1):
        try:
            yield read_row(kind, told)
        except NotOurs as error:
            raise bridge.NotReadable(str(error), place=f"{place}, {kind.name}, line {number}") from None


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _written(copy: bridge.Copy, names: Names, place: str) -> Brought:
    count: dict[str, int] = {}
    for kind in KINDS:
        count[kind.name] = 0
        table = EarlierLine if kind is LEDGER else kind.table
        for rows in _batches(_rows(copy, kind, place)):
            named = [names.named(kind, row) for row in rows]
            if kind is SET_ASIDE:
                names.make_devices(named)
            table.objects.bulk_create([table(**_columns(kind, row, names)) for row in named])
            count[kind.name] += len(rows)
    family = Family.objects.get(pk=names.family)
    if names.reaches_out(others=count[OTHER_VERSIONS.name]):
        raise bridge.NotReadable("it names something that it does not hold", place=place)
    rebuild_summaries(of_family=family.pk)
    record("family.brought_in", about=family, by=None, moments=count["moments"])
    first = Membership.objects.filter(child__family=family, role=Role.GUARDIAN).order_by("since", "pk").first()
    return Brought(family.pk, first.user if first else None, count, names.new_record or names.new_people)


def _columns(kind: Kind, row: Mapping[str, Any], names: Names) -> Row:
    """The row's columns, and those that no copy holds."""
    found = {kind.columns[name].attname: row[name] for name in kind.fields}
    if kind is PEOPLE:
        found["password"] = "!"  # unusable, as Django marks it
    elif kind is FAMILY:
        found["history"] = uuid4()
    elif kind is TOKENS:
        found["token_hash"] = TOKENS.table.hash_of(TOKENS.table.new_text())  # a key that nobody has
    elif kind in (LEDGER, EARLIER):
        found["family_id"] = names.family
    return found
