"""Says which children a copy is about."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from attunement_web.actor import unscoped
from attunement_web.families.models import Child
from attunement_web.rights.models.kinds import About


def about_child(child: Child) -> About:
    return About(child.family_id, (child.pk,), False)


def about_family(family: UUID, children: Collection[UUID] | None = None) -> About:
    """All of a family's children, or those of them that are named."""
    with unscoped("to say whether these are all takes counting all"):
        every = sorted(Child.objects.filter(family=family, closed_at=None).values_list("pk", flat=True))
    wanted = every if children is None else [one for one in every if one in children]
    return About(family, tuple(wanted), len(wanted) == len(every))
