"""Makes families for the load, each with one person, her token and her session: `python -m bench._load_families 32`.

Prints what their phones need as JSON. `python -m bench._load_families count` prints how many moments there are and what
each device was told, as the database has it.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import django

from attunement_web.actor import unscoped


@unscoped("a harness")
def main(what: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "attunement_web.site.settings"
    django.setup()
    print(json.dumps(_counted() if what == "count" else [_phone(number) for number in range(int(what))]))


def _phone(number: int) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    from attunement_web.accounts.actions import create_person
    from attunement_web.api.actions import make_token
    from attunement_web.families.actions import begin_family

    person = create_person(name=f"Parent {number}", by=None)
    born = datetime.now(UTC).date() - timedelta(days=300)
    child = begin_family(time_zone="UTC", child_name="Ada", born=born, by=person)
    token = make_token(id=uuid4(), child=child, name="load", right="write", lasts=timedelta(days=1), by=person)
    browser = Client()
    browser.force_login(person)
    session, csrf = browser.cookies[settings.SESSION_COOKIE_NAME].value, "a" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}"
    shown = f"Cookie: {cookies}\r\nX-CSRFToken: {csrf}\r\nSec-Fetch-Site: same-origin\r\n"
    return {
        "child": str(child.pk),
        "token": f"Authorization: Bearer {token}\r\n",
        "session": shown,
        "session, long way": f"{shown}Content-Encoding: identity\r\n",  # the short way does not know this word
    }


def _counted() -> dict[str, Any]:
    from django.db.models import Count

    from attunement_web.diary.models import Moment
    from attunement_web.sync.models import Device, Operation

    kept = dict(Operation.objects.filter(verdict="kept").values_list("device").annotate(n=Count("pk")))
    devices = Device.objects.values_list("pk", "last_seq")
    return {
        "moments": Moment.objects.count(),
        "devices": {str(device): [last, kept.get(device, 0)] for device, last in devices},
    }


if __name__ == "__main__":
    main(sys.argv[1])
