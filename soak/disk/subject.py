"""The process in which the site runs at a fault; it prints what it found as one JSON line a kind."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from attunement_web.actor import unscoped
from soak.disk.faults import Faults

WAITS = 0.2  # seconds for another writer; twenty in real life


@unscoped("a harness")
def main() -> int:
    asked = _arguments().parse_args()
    os.environ["ATTUNEMENT_DATA"] = str(asked.data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "attunement_web.site.settings"
    os.environ.pop("DATABASE_URL", None)
    if asked.journal == "delete":
        from attunement_web.site import native

        native.is_repaired = lambda version: False  # the journal for an SQLite with the old fault
    subject = _subject(asked.data, asked.plant)
    from soak.disk.trials import Found

    for kind in asked.kinds:
        subject.found = Found()
        _trials(subject, kind, asked.steps)
        print(json.dumps({kind: asdict(subject.found)}), flush=True)
    sys.stdout.flush()
    os._exit(0)  # what C holds on to is not for Python to tidy


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--journal", default="wal")
    parser.add_argument("--kinds", nargs="+", required=True)
    parser.add_argument("--steps", nargs="*", default=[])
    parser.add_argument("--plant", default="")
    return parser


def _subject(data: Path, planted: str) -> Any:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"]["timeout"] = WAITS
    settings.LOGGING = {}
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": _PLAIN}}  # no page is looked at here
    django.setup()
    faults = Faults()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from soak.disk.steps import all_steps
    from soak.disk.trials import Subject, plant

    plant(planted)
    return Subject(data, _home(), faults, all_steps())


_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


def _home() -> Any:
    from datetime import timedelta

    from django.test import Client
    from django.utils import timezone

    from attunement_web.accounts.actions import person_of_household
    from attunement_web.families.actions import add_child, begin_family
    from soak.disk.steps import Home

    person = person_of_household()
    born = timezone.localdate() - timedelta(days=200)
    child = begin_family(time_zone="UTC", child_name="Mia", born=born, by=person)
    sibling = add_child(family=child.family, name="Noah", born=born, by=person)
    client = Client(raise_request_exception=False)
    client.force_login(person)
    client.get(f"/child/{child.pk}/")
    return Home(client, child, sibling, person)


def _trials(subject: Any, kind: str, steps: list[str]) -> None:
    from soak.disk.trials import MOST_BLOCKS

    for step in [step for step in subject.steps if not steps or step.name in steps]:
        if kind == "locked":
            subject.locked(step)
        elif kind == "disk":
            for left in range(MOST_BLOCKS):
                if not subject.full_disk(step, left):
                    break
        else:
            subject.every_point(step, kind)


if __name__ == "__main__":
    sys.exit(main())
