"""Who may take a copy or have a record erased: guardians, for the children they are guardian of; and who may undo it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from attunement_web.accounts.models import User
from attunement_web.families.access import child_or_404, guarded_with
from attunement_web.families.models import Child
from attunement_web.rights import queries
from attunement_web.rights.models import Erasure


def guarded_or_404(person: User, child_id: UUID) -> tuple[Child, list[Child], bool]:
    """The child, all of its family that she is guardian of, and whether those are all there are."""
    child = child_or_404(person, child_id, to="guard")
    mine = guarded_with(person, child)
    return child, mine, queries.about_family(child.family_id, {one.pk for one in mine}).whole


def waiting_or_404(person: User, erasure_id: UUID) -> Erasure:
    """An erasure that waits, for a guardian of a child that it is about; the record itself stays closed to her too."""
    if erasure_id not in {one.id for one in queries.waiting_for(person)}:
        raise Http404
    return Erasure.objects.get(pk=erasure_id)
