"""What changes about tokens; and a moment noted once, however often a program sends it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from attunement_web.accounts.models import User
from attunement_web.api.models import Token
from attunement_web.diary.actions import Tap, keep_moments
from attunement_web.diary.models import Moment
from attunement_web.families.models import Child
from attunement_web.ledger.actions import line, record, record_all


@transaction.atomic
def make_token(*, id: UUID, child: Child, name: str, right: str, lasts: timedelta, by: User) -> str | None:
    """The text of a new token; it is told this once and kept only as a hash. None when `id` is spent: a page sent twice."""
    if Token.objects.filter(pk=id).exists():
        return None
    text, expires = Token.new_text(), timezone.now() + lasts
    token = Token(
        id=id, person=by, child=child, name=name, right=right, token_hash=Token.hash_of(text), expires_at=expires
    )
    token.clean_fields(exclude=["ended_at", "last_used"])
    token.save(force_insert=True)
    record("token.made", about=token, by=by, child=child.pk, right=str(right), until=expires.date().isoformat())
    return text


@transaction.atomic
def end_all_tokens() -> int:
    """After a backup was restored: one that was ended since would open again. How many were open."""
    live = list(Token.objects.filter(ended_at=None, expires_at__gt=timezone.now()))
    for token in live:
        end_token(token=token, by=None)
    return len(live)


@transaction.atomic
def end_token(*, token: Token, by: User | None) -> None:
    """From here on it opens nothing. The line stays, so that the family sees what there was."""
    if Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=timezone.now()):
        record("token.ended", about=token, by=by, child=token.child_id)


@transaction.atomic
def end_tokens_of(person: User, by: User) -> int:
    """Every one that she made, for whichever child; how many that were."""
    found = list(Token.objects.select_for_update().filter(person=person, ended_at=None).order_by("pk"))
    Token.objects.filter(pk__in=[token.pk for token in found]).update(ended_at=timezone.now())
    kind = Token._meta.label_lower
    record_all(line("token.ended", kind, token.pk, by.pk, child=token.child_id) for token in found)
    return len(found)


@transaction.atomic
def note_once(*, child: Child, tap: Tap, by: User) -> tuple[Moment | None, bool]:
    """The moment of this id, and whether it is new. One kept before stays as it is; None: the id is another child's."""
    is_new = not Moment.objects.filter(pk=tap.id).exists()
    keep_moments(child=child, taps=[tap], by=by)
    return Moment.objects.filter(child=child, pk=tap.id).first(), is_new


def note_use(*, token_id: UUID, on: date) -> None:
    """Once a day."""
    Token.objects.filter(pk=token_id).update(last_used=on)
