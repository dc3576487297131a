"""Makes the household that the phones note for: `python -m soak.crash.prepare FOLDER`, told as one line of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from attunement_web.actor import unscoped
from soak.crash.server import ROOT, surroundings

FAMILIES = 2  # each with a child: commits of one family never wait only for their own


@dataclass(frozen=True, slots=True)
class Household:
    """What a phone needs to be let in."""

    session: str
    children: tuple[str, ...]
    tokens: tuple[str, ...]  # one a child

    @property
    def timeline(self) -> tuple[str, str]:
        """A page that reads the database, and the cookie that opens it."""
        return f"/child/{self.children[0]}/moments/", f"sessionid={self.session}"


def prepared(data: Path, more: Mapping[str, str]) -> Household:
    """A migrated database with families in it, made by the site's own code in a process of its own."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "soak.crash.prepare", str(data)]
    environment = surroundings(data, more) | {"DJANGO_SETTINGS_MODULE": "attunement_web.site.settings"}
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"no household could be made: {made.stderr[-2000:]}")
    told = json.loads(made.stdout.splitlines()[-1])
    return Household(told["session"], tuple(told["children"]), tuple(told["tokens"]))


def main(folder: str) -> None:
    os.environ["ATTUNEMENT_DATA"] = folder
    os.umask(0o077)
    import django

    django.setup()
    from django.core.management import call_command

    from attunement_web.site.storage import collect_when_changed

    call_command("migrate", interactive=False, verbosity=0)
    collect_when_changed()
    print(json.dumps(_people()))


@unscoped("a harness")
def _people() -> dict[str, object]:
    from datetime import timedelta

    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from attunement_web.accounts.actions import person_of_household
    from attunement_web.api.actions import make_token
    from attunement_web.api.models import Right
    from attunement_web.diary.models import new_id
    from attunement_web.families.actions import begin_family

    person, born = person_of_household(), timezone.localdate() - timedelta(days=200)
    children = [
        begin_family(time_zone="Europe/Madrid", child_name=f"Child {number}", born=born, by=person)
        for number in range(1, FAMILIES + 1)
    ]
    browser = Client()
    browser.force_login(person)
    year = timedelta(days=365)
    tokens = [
        make_token(id=new_id(), child=child, name="A phone", right=Right.WRITE, lasts=year, by=person)
        for child in children
    ]
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return {"session": session, "children": [str(child.pk) for child in children], "tokens": tokens}


if __name__ == "__main__":
    main(sys.argv[1])
