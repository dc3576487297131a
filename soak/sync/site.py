"""The site's own code as the server of the explorer: on SQLite in memory, or on the database that DATABASE_URL names."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import Any
from uuid import UUID

from attunement_web.actor import acting, unscoped
from soak.sync.model import Json

AT_ONCE = 500  # pushes in one commit; some databases take only so many values in a statement


class Site:
    """The doors that the API stands on: `sync.actions.push` and `sync.queries.changes_of_many`."""

    def __init__(self) -> None:
        begin()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)

    @unscoped("a harness")
    def found(self, universes: list[Json]) -> None:
        from attunement_web.accounts.models import User
        from attunement_web.families.models import Child, Family, Membership, Role

        people = [person for each in universes for person in each["persons"]]
        User.objects.bulk_create(User(pk=person, name="A", password="!") for person in people)
        Family.objects.bulk_create(Family(pk=each["family"], time_zone="Europe/Madrid") for each in universes)
        Child.objects.bulk_create(
            Child(pk=child, family_id=each["family"], name="Mia", born=date(2026, 1, 1))
            for each in universes
            for child in each["children"]
        )
        Membership.objects.bulk_create(
            Membership(child_id=child, user_id=person, role=Role.GUARDIAN)
            for each in universes
            for person in each["persons"]
            for child in each["children"]
        )

    @unscoped("a harness")
    def change_rights(self, rights: list[tuple[int, str]]) -> None:
        """A guardian becomes a caregiver, or the other way: she may note as before, and reads afresh."""
        from attunement_web.families.models import Membership, Role

        other = {Role.GUARDIAN: Role.CAREGIVER, Role.CAREGIVER: Role.GUARDIAN}
        for membership in Membership.objects.filter(user__in=[person for _, person in rights]):
            membership.role = other[Role(membership.role)]
            membership.save(update_fields=["role"])

    def push(self, pushes: list[Json]) -> list[Json]:
        return [each for at in range(0, len(pushes), AT_ONCE) for each in self._together(pushes[at : at + AT_ONCE])]

    def _together(self, pushes: list[Json]) -> list[Json]:
        """One commit for all; when that breaks each alone, so that a push breaks only itself."""
        from attunement_web.sync import actions

        try:
            replies = actions.push([asked(each) for each in pushes])
        except Exception as error:
            if len(pushes) == 1:
                return [{"status": 500, "body": {"error": repr(error)}}]
            return [answer for each in pushes for answer in self._together([each])]
        return [{"status": 200 if reply.found else 404, "body": reply.as_json()} for reply in replies]

    def pull(self, pulls: list[Json]) -> list[Json]:
        from attunement_web.sync.queries import Ask, changes_of_many

        asks = [
            Ask(UUID(each["person"]), UUID(each["family"]), each["after"], each["limit"], each.get("days"))
            for each in pulls
        ]
        if not asks:
            return []  # nobody acts
        with acting(*{ask.person for ask in asks}):
            pages = changes_of_many(asks)
        return [{"status": 404 if page is None else 200, "body": page or {"code": "not-found"}} for page in pages]

    @unscoped("a harness")
    def state(self, universes: list[Json]) -> dict[int, dict[str, Json]]:
        from attunement_web.diary.models import Moment, OtherVersion

        seeds = {child: each["seed"] for each in universes for child in each["children"]}
        held: dict[int, dict[str, Json]] = {each["seed"]: {} for each in universes}
        moments = Moment.objects.filter(child__in=list(seeds))
        for moment in moments:
            held[seeds[str(moment.child_id)]][str(moment.pk)] = {
                "removed": moment.removed_at is not None,
                "shown": shown(moment),
                "others": [],
            }
        seed_of = {moment: seed for seed, each in held.items() for moment in each}
        for other in OtherVersion.objects.filter(moment__child__in=list(seeds)):
            key = str(other.moment_id)
            held[seed_of[key]][key]["others"].append({"field": other.field, "value": other.value})
        return held


def asked(push: Json) -> Any:
    from attunement_web.sync.actions import Push

    return Push(
        device=UUID(push["device"]),
        person=UUID(push["person"]),
        sent_at=datetime.fromisoformat(push["sent_at"]),
        operations=push["operations"],
    )


def begin() -> None:
    """Django, on what the environment names."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attunement_web.site.settings")
    django.setup()


def shown(moment: Any) -> Json:
    names = ("signal", "acts", "outcome", "mended", "calm", "with_child", "feeling", "words", "precision", "zone")
    return {
        **{name: getattr(moment, name) for name in (*names, "offset_minutes")},
        "child": str(moment.child_id),
        "happened_at": moment.happened_at.isoformat(),
        "local_day": moment.local_day.isoformat(),
    }
