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
    "family.moved": lazy("%(who)s changed where you live"),
    "moments.kept": lazy("%(who)s noted moments: %(count)s"),
    "moments.changed": lazy("%(who)s changed moments from a phone"),
    "moment.changed": lazy("%(who)s changed a moment"),
    "moment.moved": lazy("%(who)s moved a moment to a brother or sister"),
    "moment.removed": lazy("%(who)s took a moment away"),
    "moment.brought_back": lazy("%(who)s brought a moment back"),
    "moment.day_confirmed": lazy("%(who)s said on which day a moment was"),
    "moment.version_decided": lazy("%(who)s chose between two versions of a moment"),
    "milestone.told": lazy("%(who)s told of a milestone"),
    "milestone.taken_back": lazy("%(who)s took back what was told of a milestone"),
    "recording.read": lazy("%(who)s brought a coded recording"),
    "recording.kept": lazy("%(who)s kept a coded recording"),
    "recording.let_go": lazy("%(who)s let a coded recording go"),
    "recording.removed": lazy("%(who)s took a coded recording away"),
    "recording.brought_back": lazy("%(who)s brought a coded recording back"),
    "record.copied": lazy("%(who)s took a copy of the record"),
    "record.erasure_asked": lazy("%(who)s asked for the record to be erased"),
    "record.erasure_undone": lazy("%(who)s kept the record: it is not erased"),
    "token.made": lazy("%(who)s made a key for another program"),
    "token.ended": lazy("%(who)s ended the key of another program"),
    "grant.invited": lazy("%(who)s made an invitation to look"),
    "grant.link_made": lazy("%(who)s made a new link for an invitation"),
    "grant.accepted": lazy("%(who)s said yes to an invitation"),
    "grant.confirmed": lazy("%(who)s opened the record, as the consent says"),
    "grant.paused": lazy("%(who)s paused a consent"),
    "grant.resumed": lazy("%(who)s let a consent go on"),
    "grant.ended": lazy("%(who)s ended a consent"),
    "membership.begun": lazy("%(whom)s belongs to your child from now on; %(who)s said so"),
    "membership.changed": lazy("%(who)s changed the part of %(whom)s"),
    "membership.ended": lazy("The part of %(whom)s ended; %(who)s said so"),
    "host.link_made": lazy("%(host)s made a link that lets %(whom)s in"),
    "host.sign_ins_ended": lazy("%(host)s signed %(whom)s out everywhere"),
    "host.second_step_forgotten": lazy("%(host)s took away the second step of %(whom)s: %(why)s"),
    "invitation.made": lazy("%(who)s invited somebody to belong"),
    "invitation.link_made": lazy("%(who)s made a new link for an invitation to belong"),
    "invitation.accepted": lazy("%(who)s said yes to an invitation to belong"),
    "invitation.confirmed": lazy("%(who)s said yes to whoever was invited"),
    "invitation.ended": lazy("%(who)s ended an invitation to belong"),
}
ENDED_BY_HOST = lazy("%(host)s ended the part of %(whom)s: %(why)s")
WHY = {
    "court-order": lazy("a court has decided so"),
    "safety": lazy("somebody was not safe"),
    "mistake": lazy("it was never meant so"),
    "lost": lazy("the phone and the codes were lost"),
    "key-lost": lazy("this server lost a key"),
}
OTHER = lazy("%(who)s changed something (%(event)s)")  # a kind of line that this page has no words for yet


@register.filter
def said(line: Line) -> str:
    """`{{ line|said }}`: who did what."""
    words = OPENED.get(str(line.facts.get("kind"))) if line.is_reading else HAPPENED.get(line.event)
    if line.event == "membership.ended" and line.who is None:
        words = ENDED_BY_HOST
    facts = {
        "who": _called(line.who) if line.who is not None else _("Attunement"),
        "whom": _called(line.whom or ""),
        "host": _("Whoever runs Attunement here"),
        "event": line.event,
        "count": line.facts.get("count", 1),
        "why": WHY.get(str(line.facts.get("reason")), ""),
    }
    return str(words or OTHER) % facts


def _called(name: str) -> str:
    return name or _("A caregiver")
