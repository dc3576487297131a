"""Tags about a child, and about parts in one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from attunement_web.families import queries
from attunement_web.families.bridge import Age, age_of
from attunement_web.families.models import Child, Role

register = template.Library()

WEEKS_UNTIL_MONTHS, MONTHS_UNTIL_YEARS = 3, 24  # how people say it: 7 weeks, 14 months, 2 years 3 months

OPENS = {
    Role.GUARDIAN: lazy("Sees, notes and changes everything. Decides who belongs, who may look, and what is erased."),
    Role.CAREGIVER: lazy("Notes moments, sees the record and changes it. Does not decide who belongs."),
    Role.RELATIVE: lazy("Notes moments, and sees only their own notes. Nothing else of the record."),
}


@register.filter
def opens(role: str) -> str:
    """`{{ role|opens }}`: what a part as this opens, in plain words."""
    return str(OPENS[Role(role)])


@register.filter
def as_what(role: str) -> str:
    """`{{ role|as_what }}`: the role's name."""
    return str(Role(role).label)


@register.inclusion_tag("families/_age.html")
def age(child: Child, on: date | None = None) -> dict[str, object]:
    """`{% age child day %}`: the age in words; for a child born early it says which age is meant. No day: today."""
    found = age_of(child, on or child.today())
    return {
        "calendar": in_words(found.calendar_months, (found.on - found.born).days),
        "in_use": in_words(found.months, max(found.days, 0)),
        "early": _early(found),
    }


def _early(found: Age) -> str:
    """Which age the reader is shown: nothing to say, "corrected", "before" the due date, or "calendar"."""
    if not found.weeks_early:
        return ""
    return "before" if found.days < 0 else found.uses


def in_words(months: int, days: int) -> str:
    """An age as people say it: days in the first fortnight, then weeks, months, years and months."""
    if days < 14:
        return ngettext("%d day", "%d days", days) % days
    if months < WEEKS_UNTIL_MONTHS:
        return ngettext("%d week", "%d weeks", days // 7) % (days // 7)
    if months < MONTHS_UNTIL_YEARS:
        return ngettext("%d month", "%d months", months) % months
    years, rest = divmod(months, 12)
    whole = ngettext("%d year", "%d years", years) % years
    part = ngettext("%d month", "%d months", rest) % rest
    return _("%(years)s %(months)s") % {"years": whole, "months": part} if rest else whole


@register.inclusion_tag("families/_said_yes.html", takes_context=True)
def said_yes(context: dict[str, Any], child: Child) -> dict[str, object]:
    """`{% said_yes child %}`: who waits for the reader's own yes; only guardians are ever asked."""
    is_asked = getattr(child, "my_role", None) == Role.GUARDIAN
    return {"child": child, "waiting": queries.said_yes(child, context["request"].user) if is_asked else []}
