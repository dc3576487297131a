"""Pages of the content: ideas, texts, when to ask, urgent help."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from attunement_web.families.access import child_or_404, children_of
from attunement_web.learning import bridge

A_DAY, TEN_MINUTES = 86_400, 600  # seconds; before there is a child we do not know the country for sure


def ideas(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """The ideas for this age, or for every age, all or under one heading."""
    child = child_or_404(request.user, child_id, to="note")
    today, every_age = child.today(), "all" in request.GET
    every = bridge.ideas(child, today, every_age=every_age)
    about = request.GET.get("about", "")
    shown = [each for each in every if each.group.id == about] or every
    page = {"child": child, "today": today, "every": every, "shown": shown, "about": about, "every_age": every_age}
    return render(request, "learning/ideas.html", page)


def ask(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """When to talk with the doctor soon, at this age."""
    child = child_or_404(request.user, child_id, to="note")
    page = {
        "child": child,
        "rows": bridge.talk_soon_at(child, child.today()),
        "texts": bridge.texts(),
        "early_help": bridge.early_help_in(bridge.country_of(child.family.time_zone)),
    }
    return render(request, "learning/ask.html", page)


@login_not_required
def learn(request: HttpRequest) -> HttpResponse:
    """The texts to learn from."""
    return render(request, "learning/learn.html", {"topics": bridge.topics()})


@login_not_required
def topic(request: HttpRequest, topic_id: str) -> HttpResponse:
    """One text, each paragraph with its source."""
    found = bridge.known_topic(topic_id)
    if found is None:
        raise Http404
    return render(request, "learning/topic.html", {"topic": found})


@login_not_required
def urgent(request: HttpRequest) -> HttpResponse:
    """Get help now. A page of its own, kept by a family's browser for a day, so that it opens without a network."""
    child = children_of(request.user).first()
    zone = child.family.time_zone if child else settings.TIME_ZONE
    today = timezone.localdate()
    here = bridge.lines_in(bridge.country_of(zone), today)
    page = {
        "here": here,
        "troubles": bridge.urgent_in(here),
        "elsewhere": bridge.each_country(today, but=here.code),
        "texts": bridge.texts(),
    }
    response = render(request, "learning/urgent.html", page)
    keeps = A_DAY if child else TEN_MINUTES
    response.headers["Cache-Control"] = f"private, max-age={keeps}"
    return response


@login_not_required
def unsafe(request: HttpRequest) -> HttpResponse:
    """For somebody who does not feel safe with a person who has access. Opening it is recorded nowhere."""
    return render(request, "learning/unsafe.html", {"children": children_of(request.user)})
