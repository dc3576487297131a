"""A line of the ledger in plain words. The ledger has ids and codes only; names come from the database, as it is now."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from attunement_web.families.queries import Line

register = template.Library()

OPENED = {
    "page": lazy("%(who)s opened the page of your child"),
    "moments": lazy("%(who)s opened Moments"),
    "picture": lazy("%(who)s opened “What it adds up to”"),
    "milestones": lazy("%(who)s opened Milestones"),
    "recordings": lazy("%(who)s opened the list of recordings"),
    "reports": lazy("%(who)s opened the report of a recording"),
}
HAPPENED = {
    "child.added": lazy("%(who)s added your child"),
    "child.changed": lazy("%(who)s changed what stands about your child"),
    "moments.kept": lazy("%(who)s noted moments: %(count)s"),
    "moments.changed": lazy("%(who)s changed moments from a phone"),
    "moment.changed": lazy("%(who)s changed a moment"),
    "moment.moved": lazy("%(who)s moved a moment to a brother or sister"),
    "moment.removed": lazy("%(who)s took a moment away"),
    "moment.brought_back": lazy("%(who)s brought a moment back"),
    "moment.day_confirmed": lazy("%(who)s said on which day a moment was"),
    "moment.version_decided": lazy("%(who)s chose between two versions of a moment"),
    "milestone.told": lazy("%(who)s told of a milestone"),
    "recording.read": lazy("%(who)s brought a coded recording"),
    "recording.kept": lazy("%(who)s kept a coded recording"),
    "recording.let_go": lazy("%(who)s let a coded recording go"),
    "recording.removed": lazy("%(who)s took a coded recording away"),
    "recording.brought_back": lazy("%(who)s brought a coded recording back"),
    "token.made": lazy("%(who)s made a key for another program"),
    "token.ended": lazy("%(who)s ended the key of another program"),
    "grant.invited": lazy("%(who)s made an invitation to look"),
    "grant.link_made": lazy("%(who)s made a new link for an invitation"),
    "grant.accepted": lazy("%(who)s said yes to an invitation"),
    "grant.confirmed": lazy("%(who)s opened the record, as the consent says"),
    "grant.paused": lazy("%(who)s paused a consent"),
    "grant.resumed": lazy("%(who)s let a consent go on"),
    "grant.ended": lazy("%(who)s ended a consent"),
}
OTHER = lazy("%(who)s changed something (%(event)s)")  # a kind of line that this page has no words for yet


@register.filter
def said(line: Line) -> str:
    """`{{ line|said }}`: who did what."""
    words = OPENED.get(str(line.facts.get("kind"))) if line.is_reading else HAPPENED.get(line.event)
    facts = {"who": _who(line), "event": line.event, "count": line.facts.get("count", 1)}
    return str(words or OTHER) % facts


def _who(line: Line) -> str:
    if line.who is None:
        return _("Attunement")
    return line.who or _("A caregiver")
