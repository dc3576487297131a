"""Counts what did not fit, so that guessing is slowed: in the database, so that a restart forgets nothing."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from attunement_web.accounts.models import WrongTry


class TooManyTries(Exception):
    """Ten that did not fit in a quarter of an hour; whoever knows the right one waits as well."""


class Try:
    """One try, which counts as wrong until `fitted()` is called: many at once are then no more than one after another.

    Raises TooManyTries. `counted` says what it counts against: `address=`, `person=`, `machine=`.
    """

    def __init__(self, **counted: str) -> None:
        self.keys = WrongTry.keys_of(**counted)

    def __enter__(self) -> Try:
        now = timezone.now()
        with transaction.atomic():
            WrongTry.objects.filter(at__lt=now - WrongTry.COUNTS_FOR).delete()
            self.rows = WrongTry.objects.bulk_create([WrongTry(key=key, at=now) for key in self.keys])
        if any(WrongTry.objects.filter(key=key).count() > WrongTry.MOST for key in self.keys):
            self.fitted()
            raise TooManyTries
        return self

    def __exit__(self, *_: object) -> None:
        """A wrong one stays counted."""

    def fitted(self) -> None:
        WrongTry.objects.filter(pk__in=[row.pk for row in self.rows]).delete()


def machine_of(request: HttpRequest) -> str:
    """Where a request comes from; behind whatever speaks HTTPS for us, the address which that one saw."""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    return told or request.META.get("REMOTE_ADDR", "")
