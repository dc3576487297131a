"""Pages of no feature: what went wrong, kindly; light or dark; the gallery of parts. And a word to the person."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

LOOKS = {"light", "dark", "auto"}


def tell(request: HttpRequest, words: str, *, undo_url: str = "") -> None:
    """Say `words` on the next page, until it is left; with `undo_url` beside them an Undo button, which posts there."""
    messages.success(request, words, extra_tags=undo_url)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    title = _("We cannot find this page")
    return _trouble(request, 404, title, _("It may have moved, or the link may be old. Nothing of yours is lost."))


def not_yours(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = str(exception or "") or _("This part is for the people who care for the child day to day.")
    return _trouble(request, 403, _("This is for someone else in the family"), words)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    title = _("This page was open for a while")
    words = _("To keep things safe we did not save. Go back, load the page again, and send it once more.")
    return _trouble(request, 403, title, words)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    title = _("We did not understand that")
    words = _("Something about the request was not as we expected. Nothing was changed.")
    return _trouble(None, 400, title, words)


def our_fault(request: HttpRequest) -> HttpResponse:
    title = _("Something went wrong on our side")
    words = _("It is not you. What was saved before is still there. Please try again in a moment.")
    return _trouble(None, 500, title, words)


def _trouble(request: HttpRequest | None, status: int, title: str, words: str) -> HttpResponse:
    """Without a request the page asks nothing of the database, which may be what went wrong."""
    page = render_to_string("shell/trouble.html", {"title": title, "words": words}, request)
    return HttpResponse(page, status=status)


@login_not_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or automatic in a cookie, and go back to the page."""
    chosen, back = request.POST.get("look"), request.POST.get("back", "/")
    if chosen not in LOOKS or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        raise Http404
    response = HttpResponseRedirect(back)
    year = 365 * 24 * 3600
    response.set_cookie(
        settings.LOOK_COOKIE_NAME, chosen, max_age=year, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every part with its class names, for the people who build pages."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "shell/gallery.html")
