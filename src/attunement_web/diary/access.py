"""Who may open one moment: whoever may open the child, and only through that child."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment, OtherVersion
from attunement_web.families.access import WRITERS, child_or_404
from attunement_web.families.models import Child


def moment_or_404(
    user: User | AnonymousUser,
    child_id: UUID,
    moment_id: UUID,
    *,
    to: Literal["read", "write"] = "write",
    removed: bool = False,
) -> tuple[Child, Moment]:
    """The child and the moment, in two queries; a removed one only where `removed` says that it may be."""
    child = child_or_404(user, child_id, to=to)
    moment = Moment.objects.filter(child=child, pk=moment_id).first()
    if moment is None or (moment.removed_at is not None and not removed):
        raise Http404
    moment.child = child
    return child, moment


def version_or_404(moment: Moment, version_id: UUID) -> OtherVersion:
    """Another version of this moment, while nobody has decided; whoever may change the moment decides."""
    version = moment.others.filter(pk=version_id, decided_at=None).first()
    if version is None:
        raise Http404
    return version


def sibling_or_404(user: User | AnonymousUser, child: Child, sibling_id: UUID | str) -> Child:
    """The child itself, or another one of the same family whom this person may write for."""
    if str(sibling_id) == str(child.pk):
        return child
    sibling = child_or_404(user, UUID(str(sibling_id)), to="write")
    if sibling.family_id != child.family_id:
        raise Http404
    return sibling


def may_write(child: Child) -> bool:
    """Whether a page about this child, got through `families.access`, offers changes."""
    return getattr(child, "my_role", None) in WRITERS
