"""Pages about a family: where to begin, and its children."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from attunement_web.accounts.actions import change_person
from attunement_web.families import actions, queries
from attunement_web.families.access import child_or_404, children_of
from attunement_web.families.forms.child import ChildForm, PlaceForm, SiblingForm, StartForm
from attunement_web.families.middleware import child_seen
from attunement_web.families.models import Shape
from attunement_web.shell.views import tell


def home(request: HttpRequest) -> HttpResponse:
    """To Today of the child last seen; a practitioner without a family to her caseload; else to the first start.

    Whose only record is closed comes to the page that can undo that; who said yes to an invitation, to where she waits,
    and to the same page when her part is over.
    """
    seen = child_seen(request, list(children_of(request.user)))
    if seen:
        return redirect("today:today", seen.pk)
    if queries.is_waiting(request.user):
        return redirect("rights:waiting")
    if queries.invitations_answered(request.user):
        return redirect("families:almost")
    if request.user.is_practitioner:
        return redirect("caseload:children")
    return redirect("families:almost" if queries.was_invited(request.user) else "families:start")


def start(request: HttpRequest) -> HttpResponse:
    """First start: the first child of a new family."""
    form = StartForm(request.POST or None, initial={"your_name": request.user.name})
    if not form.is_valid():
        return render(request, "families/start.html", {"form": form}, status=422 if form.is_bound else 200)
    answers = form.cleaned_data
    child = actions.begin_family(
        time_zone=answers["time_zone"],
        child_name=answers["name"],
        born=answers["born"],
        gestation_weeks=answers["gestation_weeks"],
        shape=answers["shape"],
        page=answers["page"],
        by=request.user,
    )
    if answers["your_name"] != request.user.name:
        change_person(person=request.user, name=answers["your_name"], email=request.user.email, by=request.user)
    tell(request, _("Hello, %(name)s. It is good to have you here.") % {"name": child.name})
    return redirect("today:today", child.pk)


def child(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """What we know about one child, to look at and to change."""
    shown = child_or_404(request.user, child_id, to="write" if request.method == "POST" else "read")
    form = ChildForm(request.POST or None, initial=ChildForm.about(shown))
    if form.is_valid():
        actions.change_child(child=shown, by=request.user, **form.cleaned_data)
        tell(request, _("Kept."))
        return redirect("families:child", shown.pk)
    page = {"form": form, "child": shown, "today": shown.today()}
    return render(request, "families/child.html", page, status=422 if form.is_bound else 200)


def place(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Where the family lives: when its day begins, and whose numbers urgent help shows."""
    child = child_or_404(request.user, child_id, to="guard")
    form = PlaceForm(request.POST or None, initial={"time_zone": child.family.time_zone})
    if not form.is_valid():
        page = {"form": form, "child": child}
        return render(request, "families/place.html", page, status=422 if form.is_bound else 200)
    actions.move_family(family=child.family, time_zone=form.cleaned_data["time_zone"], by=request.user)
    tell(request, _("Kept."))
    response = redirect("families:child", child.pk)
    response.headers["Clear-Site-Data"] = '"cache"'  # browsers keep urgent help for a day, with the numbers from before
    return response


def another(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """A brother or sister in the same family; nobody comes along who was not ticked."""
    sibling = child_or_404(request.user, child_id, to="guard")
    taken = set(sibling.family.children.values_list("shape", flat=True))
    free = next((shape for shape in Shape.values if shape not in taken), Shape.MOON)
    form = SiblingForm(
        request.POST or None, initial={"shape": free}, people=queries.people_beside(sibling, request.user)
    )
    if form.is_valid():
        added = actions.add_child(family=sibling.family, by=request.user, **form.cleaned_data)
        tell(request, _("Hello, %(name)s.") % {"name": added.name})
        return redirect("today:today", added.pk)
    page = {"form": form, "child": sibling}
    return render(request, "families/another.html", page, status=422 if form.is_bound else 200)
