"""Every page of the site, for journeys that visit them all."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.consents import doctor, invited
from tests.recordings import kept_recording

from attunement_web.accounts.models import User
from attunement_web.families.actions import accept_access, accept_part, confirm_access, invite
from attunement_web.families.models import Child, Grant, Invitation, Role

# Addresses without a page of their own: they send on, answer a form, or show parts to those who build pages.
NO_PAGE = {
    "families:home", "accounts:sign_out", "shell:look", "shell:gallery", "diary:whose", "diary:removal", "diary:return",
    "diary:version", "diary:day",
    "milestones:answer", "milestones:removal", "coding:keeping", "coding:removal", "coding:return", "coding:numbers",
    "accounts:passkey", "accounts:passkey_wanted", "accounts:removal", "accounts:device_end", "accounts:devices_end",
    "accounts:second", "accounts:surer", "accounts:codes",  # test_passkeys.py goes there: they need more than a sign-in
    "families:link", "families:confirmation", "families:pause", "families:resumption", "families:end",
    "families:invited_link", "families:invited_confirmation", "families:invited_end", "families:part_role",
    "families:part_end",
    "api:end", "rights:undo", "site:healthz", "offline:manifest", "offline:worker",
}  # fmt: skip
OUTSIDE = {"accounts:sign_in", "accounts:enter"}  # for people who are not signed in


def places(child: Child) -> dict[str, str]:
    """The address of each page about this child, by its name."""
    mended = child.moments.filter(mended=True).exclude(words="").latest("happened_at")
    topic, milestone = "good-enough", "waves-bye-12"
    of_child = ("today:today", "diary:note", "diary:moments", "diary:taken_away", "diary:picture", "milestones:list",
                "learning:ideas", "learning:ask", "families:child", "families:place", "families:another", "families:sharing",
                "families:give", "families:who_looked", "families:people", "families:invite", "families:leave",
                "coding:recordings", "api:tokens", "rights:copy", "rights:erase")  # fmt: skip
    of_moment = ("diary:moment", "diary:answer", "diary:ending", "diary:mending", "diary:kept")
    return {
        **{name: reverse(name, args=[child.pk]) for name in of_child},
        **{name: reverse(name, args=[child.pk, mended.pk]) for name in of_moment},
        **{
            name: reverse(name)
            for name in (
                "learning:learn",
                "learning:urgent",
                "rights:waiting",
                "accounts:me",
                "families:start",
                "families:almost",
            )
        },
        "learning:unsafe": reverse("learning:unsafe"),
        "families:grant": reverse("families:grant", args=[child.pk, said_yes(child).pk]),
        "families:invited": reverse("families:invited", args=[child.pk, wants_to_belong(child).pk]),
        "families:part": reverse(
            "families:part", args=[child.pk, child.memberships.exclude(role=Role.GUARDIAN).get().pk]
        ),
        "learning:topic": reverse("learning:topic", args=[topic]),
        "milestones:one": reverse("milestones:one", args=[child.pk, milestone]),
        "coding:recording": reverse("coding:recording", args=[child.pk, kept_recording(child).pk]),
        "offline:shell": reverse("offline:shell"),
        **{name: reverse(name) for name in ("accounts:again", "accounts:ways", "accounts:app", "accounts:devices")},
        "accounts:sign_in": reverse("accounts:sign_in"),
        "accounts:enter": reverse("accounts:enter", args=["a-token-nobody-has"]),
        "no such page": "/no-such-page/",
    }


def shared_places(child: Child) -> dict[str, str]:
    """The address of each page about this child for `practitioner_of(child)`, and of an invitation for her."""
    of_shared = ("child", "moments", "picture", "milestones", "recordings", "reports")
    by = guardian_of(child)
    sibling, email = child.family.children.exclude(pk=child.pk).get(), practitioner_of(child).email
    _, token = invited(sibling, by, email=email)
    _, to_belong = invite(children=[sibling], role=Role.GUARDIAN, called="Ada", email=email, by=by)
    return {
        "caseload:children": reverse("caseload:children"),
        **{f"caseload:{name}": reverse(f"caseload:{name}", args=[child.pk]) for name in of_shared},
        "caseload:report": reverse("caseload:report", args=[child.pk, kept_recording(child).pk]),
        "families:invitation": reverse("families:invitation", args=[token]),
        "an invitation to belong": reverse("families:invitation", args=[to_belong]),
    }


def guardian_of(child: Child) -> User:
    return child.memberships.filter(role=Role.GUARDIAN).earliest("since").user


def practitioner_of(child: Child) -> User:
    """Somebody whom the family lets see everything."""
    return _answered(child, "bloom@example.org", is_confirmed=True).person


def said_yes(child: Child) -> Grant:
    """A grant that waits for the family's own yes."""
    return _answered(child, "cole@example.org", is_confirmed=False)


def wants_to_belong(child: Child) -> Invitation:
    """An invitation that waits for the guardian's own yes."""
    email = "nana@example.org"
    if found := Invitation.objects.filter(children=child, email=email).first():
        return found
    by = guardian_of(child)
    _, token = invite(children=[child], role=Role.RELATIVE, called="Nana", email=email, by=by)
    accepted = accept_part(token=token, by=doctor(email, "Rose"))
    assert accepted
    return accepted


def _answered(child: Child, email: str, *, is_confirmed: bool) -> Grant:
    """The same one however often it is asked for."""
    if found := Grant.objects.filter(child=child, email=email).first():
        return found
    by = guardian_of(child)
    grant, token = invited(child, by, email=email)
    accept_access(token=token, by=doctor(email))
    if is_confirmed:
        confirm_access(grant_id=grant.pk, by=by)
    grant.refresh_from_db()
    return grant


def named_addresses() -> set[str]:
    """The name of every address that the site answers to."""
    found = set()
    for resolver in get_resolver().url_patterns:
        assert isinstance(resolver, URLResolver)
        if resolver.app_name == "ninja":  # for programs: tests/web/api walks through its routes
            continue
        found |= {f"{resolver.app_name}:{one.name}" for one in resolver.url_patterns if isinstance(one, URLPattern)}
    return found
