"""The page of a child's keys: make one for a program, see those there are, end them."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from attunement_web.accounts.access import ask_again, is_fresh
from attunement_web.api import actions, queries
from attunement_web.api.access import token_or_404
from attunement_web.api.forms.token import TokenForm
from attunement_web.families.access import child_or_404
from attunement_web.shell.views import tell


def tokens(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """A new key is shown in the answer itself, and nowhere again. To make one takes a fresh proof; to end one does not."""
    child = child_or_404(request.user, child_id, to="write")
    if request.method == "POST" and not is_fresh(request):
        return ask_again(request)
    form = TokenForm(request.POST if request.method == "POST" else None, initial={"id": uuid4()})
    text = None
    if form.is_valid():
        text = actions.make_token(child=child, by=request.user, **form.cleaned_data)
        if text is None:
            tell(request, _("This key was made already. If you did not copy it, end it and make another."))
            return redirect("api:tokens", child.pk)
    page = {
        "child": child, "form": TokenForm(initial={"id": uuid4()}) if text else form, "text": text,
        "tokens": queries.tokens_of(child), "ended": queries.ended_tokens_of(child),
    }  # fmt: skip
    return render(request, "api/tokens.html", page, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, child_id: UUID, token_id: UUID) -> HttpResponse:
    """It opens nothing from now on."""
    child, token = token_or_404(request.user, child_id, token_id)
    actions.end_token(token=token, by=request.user)
    tell(request, _("Ended. This key opens nothing any more."))
    return redirect("api:tokens", child.pk)
