"""One household, from its first word to its erasure, in one process: MOMENTS PLANT SEED. Prints what was found."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import django

from attunement_web.actor import unscoped


@unscoped("a harness")
def main(moments: int, plant: str, seed: int) -> dict[str, object]:
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone
    from tests.web.rights.family import CANARY, found_in, full_family

    from attunement_web.rights import actions, queries

    data = Path(os.environ["ATTUNEMENT_DATA"])
    call_command("migrate", interactive=False, verbosity=0)
    full = full_family(moments=moments)
    _churn(full.mia, random.Random(seed))
    with (data / "copy.zip").open("w+b") as file:
        queries.write_copy(file, queries.about_family(full.family.pk), now=timezone.now())
    (data / "copy.zip").unlink()  # it went to the guardian
    before = len(found_in(data, CANARY)) + _in_dump(CANARY)
    actions.ask_erasure(family=full.family, by=full.cast.alice)
    _plant(plant, data)
    erased = actions.erase_due(now=timezone.now() + timedelta(days=8), outside=[data])
    hits = found_in(data, CANARY)
    hits += [f"{CANARY} in the dump"] * _in_dump(CANARY)
    connection.close()
    hits += [hit for hit in found_in(data, CANARY) if hit not in hits]
    return {"before": before, "erased": erased, "hits": hits}


def _churn(child: object, drawn: random.Random) -> None:
    """Changes and removals leave gaps in pages, in which old words could stay."""
    from tests.web.rights.family import canary

    from attunement_web.diary.models import Moment

    ids = list(Moment.objects.filter(child=child).values_list("pk", flat=True))
    for pk in drawn.sample(ids, len(ids) // 3):
        Moment.objects.filter(pk=pk).update(words=canary(200) * drawn.randrange(1, 60))
    for pk in drawn.sample(ids, len(ids) // 4):
        Moment.objects.filter(pk=pk).update(words="")


def _in_dump(word: str) -> int:
    """Whether a dump of PostgreSQL holds the word; 0 on SQLite, whose file is looked through itself."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0
    from tests.postgres import program

    dump = subprocess.run([program("pg_dump"), os.environ["DATABASE_URL"]], capture_output=True, check=True).stdout
    return int(word.lower().encode() in dump.lower())


def _plant(plant: str, data: Path) -> None:
    """One thing forgotten."""
    from django.db import connection

    from attunement_web.rights.actions import erasing
    from attunement_web.rights.models import kinds

    if plant == "table":  # the people stay
        erasing._forget_people = lambda people: None
    elif plant == "aside":  # what was kept of phones' operations stays
        erasing._mentions = lambda about: kinds.Q(pk__in=[])
        erasing._forget_what_came_later = lambda: 0
    elif plant == "vacuum":  # rows go, and nothing is done about their bytes
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=OFF")
        erasing.scrub = lambda: None
    elif plant == "secure":  # pages are overwritten, and the log is left as it is
        erasing.scrub = lambda: None
    elif plant == "log":
        print("kept: Zaunkoenig001", file=sys.stderr, flush=True)
    elif plant == "upload":
        (data / "uploads" / "left.tmp").write_text("zaunkoenig001")


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
