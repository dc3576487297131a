"""The link of an invitation, shown in the answer to the question, and nowhere again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import reverse

from attunement_web.families.models import Grant, Invitation

_THIS_COMPUTER = {"localhost", "127.0.0.1", "[::1]"}


def handed_over(request: HttpRequest, offer: Grant | Invitation, token: str, back: str, words: str) -> HttpResponse:
    """`back` and its `words` are where to go then. A link that begins with this computer's own name leads nobody else
    here, and the page says so."""
    page = {
        "offer": offer,
        "address": request.build_absolute_uri(reverse("families:invitation", args=[token])),
        "is_here_only": split_domain_port(request.get_host())[0] in _THIS_COMPUTER,
        "back": back,
        "back_words": words,
    }
    return render(request, "families/handed_over.html", page)
