"""What is asked about people."""

from __future__ import annotations

from django.utils import timezone

from attunement_web.accounts.models import User, WrongTry


def too_many_tries(*, email: str, machine: str) -> bool:
    since = timezone.now() - WrongTry.COUNTS_FOR
    keys = WrongTry.keys_of(email, machine)
    return any(WrongTry.objects.filter(key=key, at__gte=since).count() >= WrongTry.MOST for key in keys)


def is_taken(email: str, *, but_by: User) -> bool:
    return User.objects.filter(email=email).exclude(pk=but_by.pk).exists()
