"""What changes about people and their ways in."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import KINDS, Device, SignInLink, User
from attunement_web.ledger.actions import record

PRACTITIONER_IDLE = timedelta(minutes=30)
LINK_LASTS = timedelta(hours=12)  # a household starts in the evening and opens the page at night


@transaction.atomic
def create_person(*, name: str = "", email: str | None = None, password: str | None = None, by: User | None) -> User:
    """A new person; without a password she comes in by one-time link only. Raises ValidationError on a weak one."""
    person = User(name=name.strip(), email=_address(email))
    if password is None:
        person.set_unusable_password()
    else:
        validate_password(password, person)
        person.set_password(password)
    person.save(force_insert=True)
    record("person.created", about=person, by=by)
    return person


@transaction.atomic
def person_of_household() -> User:
    """Whoever was first here: the one that a one-time link on this machine lets in. Made at the first start."""
    return User.objects.filter(is_active=True).order_by("since", "id").first() or create_person(by=None)


@transaction.atomic
def change_person(
    *, person: User, name: str, email: str | None, password: str | None = None, ends_keys: bool = False, by: User
) -> User:
    """Set name and address, and the password when one is given; her keys for programs end with it when `ends_keys`."""
    person.name, person.email = name.strip(), _address(email)
    if password:
        validate_password(password, person)
        person.set_password(password)
    person.save(update_fields=["name", "email", "password"])
    record("person.changed", about=person, by=by, password=int(bool(password)))
    if password and ends_keys:
        end_keys(person=person, by=by)
    return person


@transaction.atomic
def end_keys(*, person: User, by: User) -> int:
    """Whatever opens something for another program in her name; how many that were."""
    return sum(kind.end(person, by) for kind in KINDS)


@transaction.atomic
def make_practitioner(*, person: User, by: User | None) -> None:
    """From now on she needs a passkey or two proofs, and her sign-ins end when she does nothing. Once is enough."""
    if not User.objects.filter(pk=person.pk, is_practitioner=False).update(is_practitioner=True):
        return
    soon = timezone.now() + PRACTITIONER_IDLE
    Device.objects.filter(person=person, expire_date__gt=soon).update(expire_date=soon)
    person.is_practitioner = True
    record("person.became_practitioner", about=person, by=by)


@transaction.atomic
def make_sign_in_link(*, person: User, by: User | None, lasts: timedelta = LINK_LASTS) -> str:
    """The token of a new one-time link; it is told once and kept only as a hash. Links too old to open are dropped."""
    now, token = timezone.now(), secrets.token_urlsafe(32)
    SignInLink.objects.filter(expires_at__lte=now).delete()
    link = SignInLink.objects.create(user=person, token_hash=SignInLink.hash_of(token), expires_at=now + lasts)
    record("sign_in_link.made", about=link, by=by, person=person.pk)
    return token


@transaction.atomic
def end_sign_in_links(*, person: User, by: User | None) -> int:
    """Links that were made for her and not opened yet open nothing any more; how many that were."""
    ended = SignInLink.objects.filter(user=person, used_at=None).delete()[0]
    if ended:
        record("sign_in_link.all_ended", about=person, by=by, count=ended)
    return ended


@transaction.atomic
def use_sign_in_link(*, token: str) -> User | None:
    """The person this token lets in, once; None when it is unknown, used or too old."""
    now = timezone.now()
    fresh = SignInLink.objects.filter(
        token_hash=SignInLink.hash_of(token), used_at=None, expires_at__gt=now, user__is_active=True
    )
    # Who comes second waits, and finds none; an UPDATE with a join in it would let both in on PostgreSQL.
    link = fresh.select_for_update(of=("self",)).select_related("user").first()
    if link is None:
        return None
    link.used_at = now
    link.save(update_fields=["used_at"])
    record("sign_in_link.used", about=link, by=link.user, person=link.user.pk)
    return link.user


def _address(email: str | None) -> str | None:
    return (email or "").strip().lower() or None
