"""Which id each thing of a copy has here, and that nothing in it points to what it does not hold itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db.models import ForeignKey

from attunement_web.accounts.models import User
from attunement_web.diary.models import OtherVersion
from attunement_web.families.models import Child, Family
from attunement_web.milestones.models import Sighting
from attunement_web.rights.models import Erasure
from attunement_web.rights.models.kinds import (
    CHILDREN,
    EARLIER,
    FAMILY,
    LEDGER,
    MOMENTS,
    OTHER_VERSIONS,
    PEOPLE,
    SET_ASIDE,
    Kind,
)
from attunement_web.rights.reading import read_erased
from attunement_web.sync.models import Device


@dataclass(slots=True)
class Names:
    """A new id follows from the old one and this bringing in, so that no table of them is kept in memory."""

    space: UUID
    new_people: bool = False
    new_record: bool = False
    people: set[UUID] = field(default_factory=set)
    children: set[UUID] = field(default_factory=set)
    families: set[UUID] = field(default_factory=set)
    asked: dict[Any, set[UUID]] = field(default_factory=dict)
    devices: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def family(self) -> UUID:
        return self.thing(next(iter(self.families)))

    def person(self, old: UUID) -> UUID:
        return uuid5(self.space, old.hex) if self.new_people else old

    def thing(self, old: UUID) -> UUID:
        return uuid5(self.space, old.hex) if self.new_record else old

    def learn(self, kind: Kind, rows: Iterable[Mapping[str, Any]]) -> None:
        """What there is, and which people, children and families are named by it."""
        held = {PEOPLE: self.people, CHILDREN: self.children, FAMILY: self.families}.get(kind)
        for row in rows:
            if held is not None:
                held.add(row["id"])
            for name in (*kind.fields, *kind.also):
                if row[name] is not None and (model := _points_to(kind, name)) in (User, Child, Family):
                    self.asked.setdefault(model, set()).add(row[name])

    def is_erased(self, outside: Collection[Path]) -> bool:
        """Whether a child or the family was erased here: so says the database, or a list `outside` of it."""
        done = Erasure.objects.done().values_list("family_id", "children")
        gone = {UUID(str(one)) for family, children in done for one in (family, *children)}
        gone |= {id for one in read_erased(outside) for id in (one.family, *one.children)}
        return not gone.isdisjoint(self.children | self.families)

    def trouble(self) -> str:
        """What is wrong with the whole, in words; empty when nothing is."""
        if len(self.families) != 1 or not self.children:
            return "it is no copy of one family with its children"
        held = {User: self.people, Child: self.children, Family: self.families}
        if any(not ids <= held[model] for model, ids in self.asked.items()):
            return "it names somebody whom it does not hold"
        return ""

    def named(self, kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row with the ids that hold here."""
        found = dict(row)
        for name in (*kind.fields, *kind.also):
            model = _points_to(kind, name)
            if row[name] is not None and model not in (None, Device):
                found[name] = self.person(row[name]) if model is User else self.thing(row[name])
        if kind is MOMENTS:
            found["field_revisions"] = {name: self._mark(mark) for name, mark in row["field_revisions"].items()}
        elif kind is OTHER_VERSIONS and row["field"] == "child":
            found["value"] = str(self.thing(UUID(row["value"])))
        elif kind is SET_ASIDE:
            found["text"] = self._told_of(row["text"])
        elif kind in (LEDGER, EARLIER):
            found |= {name: self.thing(row[name]) for name in ("id", "chain")}
            found["by_id"] = row["by_id"] and self.person(row["by_id"])
            is_person = row["about_kind"] == User._meta.label_lower
            found["about_id"] = (self.person if is_person else self.thing)(row["about_id"])
        return found

    def _told_of(self, text: str) -> str:
        """An operation names its child in its text alone."""
        for child in self.children:
            text = text.replace(str(child), str(self.thing(child)))
        return text

    def _mark(self, mark: list[Any]) -> list[Any]:
        revision, device, person = mark
        return [revision, device, self.person(UUID(person)).hex if person else person]

    def make_devices(self, rows: Iterable[dict[str, Any]]) -> None:
        """Operations that were set aside hang on a phone; one whose id is taken here gets another."""
        for row in rows:
            wanted = row["device"]
            if wanted not in self.devices:
                is_taken = Device.objects.filter(pk=wanted).exists()
                self.devices[wanted] = uuid5(self.space, wanted.hex) if is_taken else wanted
                id, at = self.devices[wanted], row["at"]
                Device.objects.create(id=id, person_id=row["person"], first_seen=at, last_seen=at)
            row["device"] = self.devices[wanted]

    def reaches_out(self, *, others: int) -> bool:
        """Whether a row that came in hangs on a moment of somebody else."""
        ours = [self.thing(one) for one in self.children]
        hanging = OtherVersion.objects.filter(moment__child__in=ours).count()
        pointing = Sighting.objects.filter(child__in=ours, moment__isnull=False).count()
        return hanging != others or pointing != Sighting.objects.filter(child__in=ours, moment__child__in=ours).count()


def _points_to(kind: Kind, name: str) -> Any:
    """The model that a field's value is an id of: its own, or that of its foreign key."""
    if name in kind.also:
        return User
    if name == "id" and kind not in (LEDGER, EARLIER):
        return User if kind is PEOPLE else kind.table
    found = kind.columns[name]
    return found.related_model if isinstance(found, ForeignKey) else None
