"""Many pushes of many phones in one transaction: read at once, decided in plain Python, written at once.

The locks are always taken in one order, devices and then families, each by id, so that no two groups wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from attunement_web.actor import acting, unscoped
from attunement_web.diary import actions as diary
from attunement_web.families.access import Right, rights_of
from attunement_web.families.actions import hold_families, set_revisions
from attunement_web.families.models import Child
from attunement_web.ledger.actions import line, record_all
from attunement_web.many import change_each
from attunement_web.sync.actions.applying import NOTED, Desk
from attunement_web.sync.actions.deciding import ALREADY, KEPT, OTHER_CONTENT, REFUSED, Known, Settled, decide
from attunement_web.sync.actions.reading import Asked, Item, read_item
from attunement_web.sync.actions.values import Push, Reply, Result
from attunement_web.sync.bridge import codes
from attunement_web.sync.models import Device, Operation

CHILD, DEVICE = Child._meta.label_lower, Device._meta.label_lower
_ADD_DEVICE = "INSERT INTO sync_device (id, person_id, last_seq, first_seen, last_seen) VALUES (%s, %s, %s, %s, %s)"
_READ_DEVICES = "SELECT id, person_id, last_seq FROM sync_device WHERE id IN ({}) ORDER BY id"
_RESULT = ("device_id", "seq", "hash", "verdict", "reason", "revision")
_ADD_OPERATION = (
    "INSERT INTO sync_operation (device_id, seq, hash, verdict, reason, revision, text, at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A push with its operations understood: all of the work that needs no database."""

    push: Push
    items: list[Item]

    @property
    def asked(self) -> list[Asked]:
        return [item.asked for item in self.items if isinstance(item.asked, Asked)]


def prepare(push: Push) -> Prepared:
    return Prepared(push, read_items(push.operations))


def read_items(operations: Sequence[Any]) -> list[Item]:
    known = codes()
    return [read_item(raw, known) for raw in operations]


def push(pushes: Sequence[Push]) -> list[Reply]:
    """Settle all that these phones sent, or nothing of it; the replies are true once this returns."""
    return push_prepared([prepare(one) for one in pushes])


@transaction.atomic(durable=True)
def push_prepared(pushes: Sequence[Prepared]) -> list[Reply]:
    with acting(*{one.push.person for one in pushes}):
        return _all(pushes)


def _all(pushes: Sequence[Prepared]) -> list[Reply]:
    devices = _Devices([one.push for one in pushes])
    pushes_of_owners = [one for one in pushes if devices.is_own(one.push)]
    devices.read_again(pushes_of_owners)
    desk, held = _desk(pushes_of_owners)
    replies = [_settle(one, devices, desk) for one in pushes]
    diary.write_moments(new=list(desk.new.values()), changed=desk.changed, before=desk.before.values(), lost=desk.lost)
    set_revisions({family: last for family, last in desk.revisions.items() if last != held[family]})
    devices.write(desk.now)
    _record(desk, devices)
    return replies


def _settle(one: Prepared, devices: _Devices, desk: Desk) -> Reply:
    if not devices.is_own(one.push):
        return Reply(one.push.device, found=False)
    known = devices.known[one.push.device]
    results, settled = decide(one.items, known, desk.hand(one.push))
    devices.settled += [(one.push.device, each) for each in settled]
    return Reply(one.push.device, True, known.last_seq, results)


def _desk(pushes: Sequence[Prepared]) -> tuple[Desk, dict[UUID, int]]:
    """All that deciding needs, read while the families are held; and their revisions as they were."""
    asked = [each for one in pushes for each in one.asked]
    children = {each.child for each in asked} | {each.fields["child"] for each in asked if "child" in each.fields}
    people = {one.push.person for one in pushes}
    rights, held = _held(people, children)
    with unscoped("an id may be taken in another family, which is then told to nobody"):
        moments = diary.standing_moments({each.entity for each in asked}) if held else {}
    if elsewhere := {moment.child_id for moment, _ in moments.values()} - children:  # moved meanwhile, or a stranger's
        rights |= rights_of(people, elsewhere)
    return Desk(timezone.now(), rights, dict(held), moments), held


def _held(people: set[UUID], children: set[UUID]) -> tuple[dict[tuple[UUID, UUID], Right], dict[UUID, int]]:
    """Rights as they are once the families are held: while we waited a record may have closed, or a part ended."""
    held = hold_families({right.family for right in rights_of(people, children).values()}) if children else {}
    rights = rights_of(people, children) if held else {}
    return {key: right for key, right in rights.items() if right.family in held}, held


class _Devices:
    """The phones of a group of pushes: whose they are, how far they got, and what is new of them."""

    def __init__(self, pushes: Sequence[Push]) -> None:
        self.owners: dict[UUID, UUID] = {}
        self.known: dict[UUID, Known] = {}
        self.settled: list[tuple[UUID, Settled]] = []
        for device, person, last_seq in _read_devices({one.device for one in pushes}):
            self.owners[device], self.known[device] = person, Known(last_seq)
        self.there = {device: known.last_seq for device, known in self.known.items()}
        for one in pushes:
            self.known.setdefault(one.device, Known())
            self.owners.setdefault(one.device, one.person)  # it belongs to whoever pushes first

    def is_own(self, push: Push) -> bool:
        return self.owners[push.device] == push.person

    def read_again(self, pushes: Sequence[Prepared]) -> None:
        """What became of operations that come once more; nothing is read when none does."""
        again = {
            item.seq or 0
            for one in pushes
            for item in one.items
            if (item.seq or 0) <= self.there.get(one.push.device, -1)
        }
        if not again:
            return
        rows = Operation.objects.filter(device__in=self.there, seq__in=again)
        for device, seq, digest, *result in rows.values_list(*_RESULT):
            self.known[device].results.setdefault(seq, {})[digest] = Result(seq or None, *result)

    def write(self, now: datetime) -> None:
        """The phones that are new or got further, and each operation looked at for the first time."""
        at, key = diary.as_instant(now), diary.key_maker()
        last = {device: known.last_seq for device, known in self.known.items()}
        new = [(key(one), key(self.owners[one]), last[one], at, at) for one in last if one not in self.there]
        moved = [(key(one), last[one], at) for one, was in self.there.items() if last[one] != was]
        rows = [_operation_row(key(device), settled, at) for device, settled in self.settled]
        change_each("sync_device", ["last_seq", "last_seen"], moved)
        with connection.cursor() as cursor:  # one statement each; the ORM takes several times as long
            for statement, values in ((_ADD_DEVICE, new), (_ADD_OPERATION, rows)):
                if values:
                    cursor.executemany(statement, values)


def _read_devices(devices: Collection[UUID]) -> list[tuple[UUID, UUID, int]]:
    """Held in the order of their ids, so that no two groups wait for each other."""
    key = diary.key_maker()
    known = {key(one): one for one in devices}
    statement = _READ_DEVICES.format(diary.marks(len(known)))
    if connection.features.has_select_for_update:  # SQLite has one writer at a time as it is
        statement += " FOR NO KEY UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*known])
        return [(known[one], diary.as_uuid(person), last) for one, person, last in cursor.fetchall()]


def _operation_row(device: Any, settled: Settled, at: Any) -> tuple[Any, ...]:
    item, result = settled.item, settled.result
    verdict = KEPT if result.verdict == ALREADY else result.verdict
    text = item.text if verdict == REFUSED else ""
    return device, item.seq or 0, item.hash, verdict, result.reason, result.revision, text, at


def _record(desk: Desk, devices: _Devices) -> None:
    """Ids, codes and counts: what a person noted of a child, what she changed, and what was refused to a device."""
    changed: dict[tuple[UUID, UUID], dict[str, int]] = {}
    lines = []
    for (person, child, what), count in desk.happened.items():
        if what == NOTED:
            lines.append(line("moments.kept", CHILD, child, person, child=child, count=count))
        else:
            changed.setdefault((person, child), {})[what] = count
    for (person, child), counts in changed.items():
        lines.append(line("moments.changed", CHILD, child, person, child=child, **counts))
    for push, moment in desk.foreign:
        lines.append(line("sync.foreign_moment", DEVICE, push.device, push.person, moment=moment))
    refused = Counter((one, each.result.reason) for one, each in devices.settled if each.result.verdict == REFUSED)
    for (device, reason), count in refused.items():
        event = "sync.other_content" if reason == OTHER_CONTENT else "sync.refused"
        lines.append(line(event, DEVICE, device, devices.owners[device], reason=reason, count=count))
    if lines:
        record_all(lines)
