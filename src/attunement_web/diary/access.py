"""Who may open one moment: whoever sees the child's record, and who noted it; and only through that child."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from attunement_web.accounts.models import User
from attunement_web.diary.models import Moment, OtherVersion
from attunement_web.families.access import WRITERS, child_or_404
from attunement_web.families.models import Child


def moment_or_404(
    user: User | AnonymousUser, child_id: UUID, moment_id: UUID, *, removed: bool = False
) -> tuple[Child, Moment]:
    """The child and the moment, in two queries; a removed one only where `removed` says that it may be.

    To somebody who only notes, a moment of others is as one that is not there.
    """
    child = child_or_404(user, child_id, to="note")
    moment = Moment.objects.filter(child=child, pk=moment_id).first()
    if not sees_all(child) and (moment is None or moment.noted_by_id != user.pk):
        raise PermissionDenied(_("Here you find the moments that you noted yourself."))
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
    """The child itself, or another one of the same family whom this person may note for as she may here."""
    if str(sibling_id) == str(child.pk):
        return child
    sibling = child_or_404(user, UUID(str(sibling_id)), to="write" if sees_all(child) else "note")
    if sibling.family_id != child.family_id:
        raise Http404
    return sibling


def sees_all(child: Child) -> bool:
    """Whether this child, got through `families.access`, is open as a whole, and not only what one noted herself."""
    return getattr(child, "my_role", None) in WRITERS


def only_by(child: Child, user: User) -> User | None:
    """Whose moments alone this person sees; None: everybody's."""
    return None if sees_all(child) else user
