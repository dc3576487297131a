"""Application scoping switched off: every check of ours lets everybody through, and the database stands alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db.models import Manager

from attunement_web.api import access as api
from attunement_web.families import access as families
from attunement_web.families.models import Child
from attunement_web.guarded import Guarded
from attunement_web.sync import queries as pulls

homes: dict[UUID, UUID] = {}  # the family of each child, as one who knows all ids would have it


@contextmanager
def open_doors() -> Iterator[None]:
    """Within it children that nobody may see are handed out, empty but for their ids: what else shows comes from rows."""
    homes.update(Child.objects.values_list("pk", "family_id"))
    swapped: list[tuple[Callable[..., Any], Any]] = []
    pairs: list[tuple[Any, Any]] = [
        (families.children_of, _children_of), (families.with_closed_of, _children_of),
        (families.child_or_404, _child), (families.rights_of, _rights_of), (families.open_grants_of, _grants_of),
        (families.shared_child_or_404, _shared), (api.child_or_404, _child_of),
    ]  # fmt: skip
    try:
        for real, ours in pairs:  # by their code, so that it does not matter who imported them under which name
            assert isinstance(real, FunctionType) and not ours.__code__.co_freevars
            swapped.append((real, real.__code__))
            real.__code__ = ours.__code__
        with patch.object(pulls, "_homes", _homes), patch.object(Guarded, "get_queryset", Manager.get_queryset):
            yield
    finally:
        for real, code in swapped:
            real.__code__ = code  # type: ignore[attr-defined]  # a function


# Each runs with the names of the module whose function it replaces, so it fetches its own.


def _children_of(user: Any) -> Any:
    from django.db.models import Value

    from attunement_web.families.models import Child

    every = Child.objects.filter(closed_at=None).select_related("family")
    return every.annotate(my_role=Value("guardian"))


def _child(user: Any, child_id: Any, *, to: Any = "read") -> Any:
    from datetime import timedelta
    from uuid import uuid4

    from django.utils import timezone
    from tests.web.matrix.open_doors import homes

    from attunement_web.families.models import Child, Family

    home = Family(pk=homes.get(child_id) or uuid4(), time_zone="Europe/Madrid")
    child = Child(pk=child_id, family=home, name="-", born=timezone.localdate() - timedelta(days=95))
    child.my_role = "guardian"  # type: ignore[attr-defined]  # as children_of says it
    return child


def _child_of(caller: Any, child_id: Any, *, to: Any = "read") -> Any:
    from attunement_web.families.access import child_or_404

    return child_or_404(caller.person, child_id, to=to)


def _rights_of(people: Any, children: Any) -> Any:
    from tests.web.matrix.open_doors import homes

    from attunement_web.families.access import Right

    return {(who, child): Right(homes[child], True) for who in people for child in children if child in homes}


def _grants_of(user: Any) -> Any:
    from attunement_web.families.models import Grant

    return Grant.objects.select_related("child__family", "given_by")


def _shared(user: Any, child_id: Any, kind: Any) -> Any:
    from datetime import timedelta

    from django.utils import timezone

    from attunement_web.families.access import child_or_404
    from attunement_web.families.models import Grant, Kind, State

    child, until = child_or_404(user, child_id), timezone.now() + timedelta(days=9)
    return Grant(child=child, person=user, kinds=Kind.values, state=State.CONFIRMED, until=until)


def _homes(people: set[UUID], families: set[UUID]) -> Any:
    children = {family: {child: True for child, home in homes.items() if home == family} for family in families}
    return {
        (who, family): pulls._Home("e", 10**6, "Europe/Madrid", children[family])
        for who in people for family in families
    }  # fmt: skip
