"""Tampering with the ledger: each random edit, removal, insertion, swap and cut tail is to be found by its check.

Who tampers can write anything to the database, its chains' ends too, and knows everything but the key.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import secrets
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from attunement_web.actor import unscoped

RESULTS = Path(__file__).parents[1] / "results"
KINDS = ("edit", "remove", "insert", "swap", "cut")
PLANTS = ("unchained", "unkeyed", "no-checkpoint")
FIELDS = ("at", "event", "about_kind", "about_id", "by_id", "facts")
CHAINS, EACH = 4, 12


def main(argv: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        _open(Path(folder))
        told = {"seed": asked.seed, "tries": asked.tries, **_tried(asked, Path(folder, "checkpoint"))}
        if not asked.plant:
            told |= _timed(asked.lines, Path(folder, "timed"))
    for name, value in told.items():
        print(f"{name:<16} {value}")
    if not (asked.plant or asked.no_results):
        RESULTS.mkdir(exist_ok=True)
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        (RESULTS / "ledger.json").write_text(json.dumps({"machine": machine, **told}, indent=2) + "\n")
    return int(bool(told["missed"]))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/soak ledger", description=__doc__)
    parser.add_argument("--tries", type=int, default=10_000, help="tamperings (default 10,000)")
    parser.add_argument(
        "--lines", type=int, default=1_000_000, help="lines of the check that is timed (default 1,000,000)"
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="run the same tries again")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a weakness that has to show as missed tamperings")
    parser.add_argument("--no-results", action="store_true", help="leave results/ as it is")
    return parser


def _open(folder: Path) -> None:
    os.environ["ATTUNEMENT_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "attunement_web.site.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


@unscoped("a harness")
def _tried(asked: argparse.Namespace, checkpoint: Path) -> dict[str, Any]:
    from django.db import transaction

    with transaction.atomic():
        missed = tampered(asked.tries, random.Random(asked.seed), checkpoint, plant=asked.plant)
        transaction.set_rollback(True)
    return {"missed": dict(missed)}


def tampered(tries: int, drawn: random.Random, checkpoint: Path, *, plant: str = "") -> Counter[str]:
    """How often each kind was not found, in `tries` of the database at hand, each undone. Inside a transaction."""
    from django.db import transaction

    from attunement_web.ledger.actions import write_checkpoint
    from attunement_web.ledger.queries import breaks

    missed: Counter[str] = Counter()
    with _planted(plant), unsealed():
        _fill(drawn)
        write_checkpoint(checkpoint)
        assert list(breaks(checkpoint)) == [], "what nobody touched is whole"
        for _ in range(tries):
            kind = drawn.choice(KINDS)
            point = transaction.savepoint()
            _TAMPER[kind](drawn)
            missed[kind] += not list(breaks(None if plant == "no-checkpoint" else checkpoint))
            transaction.savepoint_rollback(point)
    return +missed


def _fill(drawn: random.Random) -> None:
    from attunement_web.ledger.actions import line, record_all

    chains = [uuid.UUID(int=drawn.getrandbits(128)) for _ in range(CHAINS)]
    for number in range(EACH * CHAINS):
        child = chains[number % CHAINS]
        record_all([line("moment.changed", "diary.moment", uuid.uuid4(), uuid.uuid4(), child=child, count=number)])


def _edit(drawn: random.Random) -> None:
    from attunement_web.ledger.models import Entry

    entry = _one(drawn)
    field = drawn.choice(FIELDS)
    was = getattr(entry, field)
    new = {
        "at": lambda: was + timedelta(microseconds=drawn.choice([-1, 1, 10**9])), "event": lambda: "moment.removed",
        "about_kind": lambda: "families.child", "about_id": uuid.uuid4, "by_id": lambda: drawn.choice([None, uuid.uuid4()]),
        "facts": lambda: {**was, "count": was["count"] + 1},
    }[field]()  # fmt: skip
    Entry.objects.filter(pk=entry.pk).update(**{field: new, **_forged(entry, **{field: new})})


def _remove(drawn: random.Random) -> None:
    """One line gone, and all after it moved up."""
    from django.db.models import F

    from attunement_web.ledger.models import Chain, Entry

    entry = _one(drawn)
    Entry.objects.filter(pk=entry.pk).delete()
    if drawn.random() < 0.5:
        for later in Entry.objects.filter(chain=entry.chain, number__gt=entry.number).order_by("number"):
            Entry.objects.filter(pk=later.pk).update(number=F("number") - 1)
        Chain.objects.filter(pk=entry.chain).update(count=F("count") - 1)


def _insert(drawn: random.Random) -> None:
    """One more line at the end, as good as one can make it without the key."""
    from attunement_web.ledger.models import Chain, Entry

    entry = _one(drawn)
    end = Chain.objects.get(pk=entry.chain)
    fields = {name: getattr(entry, name) for name in FIELDS} | {"id": uuid.uuid4(), "number": end.count + 1}
    mac = _forged(entry, before=end.head, **fields).get("mac", secrets.token_hex(32))
    Entry.objects.create(**fields, chain=entry.chain, mac=mac)
    Chain.objects.filter(pk=entry.chain).update(count=end.count + 1, head=mac)


def _swap(drawn: random.Random) -> None:
    """Two lines change places, seals and all."""
    from attunement_web.ledger.models import Entry

    one, other = drawn.sample(list(Entry.objects.all()), 2)
    places = (one.chain, one.number), (other.chain, other.number)
    Entry.objects.filter(pk=one.pk).update(number=10**6)
    Entry.objects.filter(pk=other.pk).update(chain=places[0][0], number=places[0][1])
    Entry.objects.filter(pk=one.pk).update(chain=places[1][0], number=places[1][1])


def _cut(drawn: random.Random) -> None:
    """The last lines of a chain, or all of it, gone without a trace in the database."""
    from attunement_web.ledger.models import Chain, Entry

    entry = _one(drawn)
    Entry.objects.filter(chain=entry.chain, number__gte=entry.number).delete()
    last = Entry.objects.filter(chain=entry.chain).order_by("-number").first()
    if last is None:
        Chain.objects.filter(pk=entry.chain).delete()
    else:
        Chain.objects.filter(pk=entry.chain).update(count=last.number, head=last.mac)


_TAMPER: dict[str, Callable[[random.Random], None]] = {
    "edit": _edit, "remove": _remove, "insert": _insert, "swap": _swap, "cut": _cut,
}  # fmt: skip


def _one(drawn: random.Random) -> Any:
    from attunement_web.ledger.models import Entry

    return drawn.choice(list(Entry.objects.order_by("chain", "number")))


def _forged(entry: Any, *, before: str | None = None, **new: Any) -> dict[str, str]:
    """The seal that somebody can make who has the code but not the key: of use only where there is no key."""
    from attunement_web.ledger import models

    above = models.Entry.objects.filter(chain=entry.chain, number=entry.number - 1).first()
    fields = {name: getattr(entry, name) for name in (*FIELDS, "id", "chain", "number")} | new
    with patch("django.conf.settings.LEDGER_KEY", ""):
        return {"mac": models.seal(before if before is not None else (above.mac if above else ""), **fields)}


@contextmanager
def _planted(plant: str) -> Iterator[None]:
    from attunement_web.ledger import actions, models, queries

    def unchained(before: str, **line: Any) -> str:
        return models.seal("", **{**line, "number": 0, "chain": uuid.UUID(int=0)})

    if plant == "unchained":
        with patch.object(actions, "seal", unchained), patch.object(queries, "seal", unchained):
            yield
    elif plant == "unkeyed":
        with patch("django.conf.settings.LEDGER_KEY", ""):
            yield
    else:
        yield


@contextmanager
def unsealed() -> Iterator[None]:
    """The database's own refusal to change the ledger is taken away, as somebody who owns the file can."""
    import importlib

    from django.db import connection

    append_only = importlib.import_module("attunement_web.ledger.migrations.0002_append_only")
    kind = "SQLITE" if connection.vendor == "sqlite" else "POSTGRESQL"
    with connection.cursor() as cursor:
        for statement in getattr(append_only, f"{kind}_BACK"):
            cursor.execute(statement)
        yield
        for statement in getattr(append_only, kind):
            cursor.execute(statement)


def _timed(lines: int, checkpoint: Path) -> dict[str, Any]:
    """Seconds to write and to check so many lines in 1,000 chains."""
    from attunement_web.ledger.actions import line, record_all, write_checkpoint
    from attunement_web.ledger.queries import breaks

    chains, person = [uuid.uuid4() for _ in range(1_000)], uuid.uuid4()
    began = time.perf_counter()
    for first in range(0, lines, 1_000):
        many = range(first, min(first + 1_000, lines))
        record_all(line("moments.kept", "families.child", chains[n % 1_000], person, count=n) for n in many)
    written = time.perf_counter() - began
    write_checkpoint(checkpoint)
    began = time.perf_counter()
    assert list(breaks(checkpoint)) == []
    return {"lines": lines, "write_s": round(written, 1), "check_s": round(time.perf_counter() - began, 1)}


if __name__ == "__main__":
    sys.exit(main())
