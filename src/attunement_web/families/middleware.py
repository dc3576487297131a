"""What each page knows of the children: who this person has, and which child was last seen."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from attunement_web.accounts.access import is_sure_enough
from attunement_web.families.access import with_closed_of
from attunement_web.families.models import Child, Role

SEEN = "child_seen"


class ChildSeenMiddleware:
    """Remembers the child whose page was opened, and leaves that family's clock after the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timezone.deactivate()
        response = self.get_response(request)
        seen = request.resolver_match.kwargs.get("child_id") if request.resolver_match else None
        if seen and response.status_code == 200 and request.session.get(SEEN) != str(seen):
            request.session[SEEN] = str(seen)
        return response


def child_seen(request: HttpRequest, children: list[Child]) -> Child | None:
    """The child last looked at, else the youngest (children come oldest first)."""
    seen = request.session.get(SEEN)
    return next((child for child in children if str(child.pk) == seen), children[-1] if children else None)


def children_at_hand(request: HttpRequest) -> dict[str, object]:
    """`children` and `child_seen` for the picker, and `closed`: the names of those that she guards and whose record waits
    to be erased. At most one query, and none on a page that does not ask. `is_unsure`: who is signed in has still to
    prove more, and until then the phone's part asks the server for nothing.
    """
    if not hasattr(request, "user"):
        return {}
    every = SimpleLazyObject(lambda: _children(request))
    children = SimpleLazyObject(lambda: [one for one in every if one.closed_at is None])
    closed = SimpleLazyObject(lambda: [one.name for one in every if one.closed_at and one.my_role == Role.GUARDIAN])
    seen = SimpleLazyObject(lambda: child_seen(request, list(children)))
    unsure = SimpleLazyObject(lambda: _is_unsure(request))
    return {"children": children, "child_seen": seen, "closed": closed, "is_unsure": unsure}


def _is_unsure(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not is_sure_enough(request.user, request.session)


def _children(request: HttpRequest) -> list[Child]:
    """None yet for a practitioner who has still to give her second proof."""
    return [] if _is_unsure(request) else list(with_closed_of(request.user))
