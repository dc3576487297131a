"""Writes a line of the ledger."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import models

from attunement_web.ledger.models import Entry

_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)+\Z")  # "moment.kept"
_CODE = re.compile(r"[\w.:+-]{1,64}\Z")  # an id, a code, a day: no spaces, so no sentence slips in


def record(event: str, *, about: models.Model, by: models.Model | None, **facts: int | str | UUID) -> Entry:
    """Add one line: `event` ("moment.kept") happened to `about`, done `by` a person (None: the site itself).

    `facts` are ids, codes and counts; anything that reads like words raises ValueError.
    """
    if not _EVENT.match(event):
        raise ValueError(f"“{event}” is no event name; write it like moment.kept")
    plain = {name: _fact(name, value) for name, value in facts.items()}
    return Entry.objects.create(
        event=event,
        about_kind=about._meta.label_lower,
        about_id=about.pk,
        by_id=by.pk if by is not None else None,
        facts=plain,
    )


def _fact(name: str, value: object) -> int | str:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, UUID | str) and _CODE.match(str(value)):
        return str(value)
    raise ValueError(f"the ledger keeps ids, codes and counts only, not the value of “{name}”")
