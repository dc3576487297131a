"""Every page of the site, for journeys that visit them all."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.recordings import kept_recording

from attunement_web.families.models import Child

# Addresses without a page of their own: they send on, answer a form, or show parts to those who build pages.
NO_PAGE = {
    "families:home", "accounts:sign_out", "shell:look", "shell:gallery", "diary:whose", "diary:removal", "diary:return",
    "diary:version", "diary:day",
    "milestones:answer", "coding:keeping", "coding:removal", "coding:return", "coding:numbers",
    "accounts:passkey", "accounts:passkey_wanted", "accounts:removal", "accounts:device_end", "accounts:devices_end",
    "accounts:second", "accounts:surer", "accounts:codes",  # test_passkeys.py goes there: they need more than a sign-in
    "api:end", "site:healthz", "offline:manifest", "offline:worker",
}  # fmt: skip
OUTSIDE = {"accounts:sign_in", "accounts:enter"}  # for people who are not signed in


def places(child: Child) -> dict[str, str]:
    """The address of each page about this child, by its name."""
    mended = child.moments.filter(mended=True).exclude(words="").latest("happened_at")
    topic, milestone = "good-enough", "waves-bye-12"
    of_child = ("today:today", "diary:note", "diary:moments", "diary:taken_away", "diary:picture", "milestones:list",
                "learning:ideas", "learning:ask", "families:child", "families:another", "coding:recordings",
                "api:tokens")  # fmt: skip
    of_moment = ("diary:moment", "diary:answer", "diary:ending", "diary:mending", "diary:kept")
    return {
        **{name: reverse(name, args=[child.pk]) for name in of_child},
        **{name: reverse(name, args=[child.pk, mended.pk]) for name in of_moment},
        **{name: reverse(name) for name in ("learning:learn", "learning:urgent", "accounts:me", "families:start")},
        "learning:topic": reverse("learning:topic", args=[topic]),
        "milestones:one": reverse("milestones:one", args=[child.pk, milestone]),
        "coding:recording": reverse("coding:recording", args=[child.pk, kept_recording(child).pk]),
        "offline:shell": reverse("offline:shell"),
        **{name: reverse(name) for name in ("accounts:again", "accounts:ways", "accounts:app", "accounts:devices")},
        "accounts:sign_in": reverse("accounts:sign_in"),
        "accounts:enter": reverse("accounts:enter", args=["a-token-nobody-has"]),
        "no such page": "/no-such-page/",
    }


def named_addresses() -> set[str]:
    """The name of every address that the site answers to."""
    found = set()
    for resolver in get_resolver().url_patterns:
        assert isinstance(resolver, URLResolver)
        if resolver.app_name == "ninja":  # for programs: tests/web/api walks through its routes
            continue
        found |= {f"{resolver.app_name}:{one.name}" for one in resolver.url_patterns if isinstance(one, URLPattern)}
    return found
