"""Makes the demo family: two children, three caregivers, ten weeks of notes; the same each time, seen from today."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from importlib.resources import files
from itertools import chain, product
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from attunement.schemes import scheme
from attunement_web.accounts.actions import change_person, create_person
from attunement_web.accounts.models import User
from attunement_web.diary.actions import Tap, When, keep_moments, when
from attunement_web.diary.models import Precision, new_id
from attunement_web.families.actions import add_child, begin_family, join_child
from attunement_web.families.models import Child
from attunement_web.milestones.actions import tell_milestone
from attunement_web.milestones.models import Stage

FIRST = "Mama"  # what the person of the household is called in the demo
SEED = "attunement 65"  # of those tried, a week with several mended moments and few hard nights
DAYS = 70  # ten weeks, up to yesterday: nothing lies in the future, whatever the hour
AWAY = range(40, 45)  # days ago without a note: gaps are fine, and the demo shows one
DAY_HOURS, NIGHT_HOURS = range(7, 20), (0, 2, 3, 4, 5, 22, 23)
NANAS_DAYS, NANAS_HOURS, PAPAS_HOURS = (2, 3, 5), range(9, 16), range(17, 23)
MONTH = 30.4375  # days

Rows = list[dict[str, Any]]


def build_once(*, by: User) -> None:
    """Make the demo family as of today, unless somebody's child is here already."""
    if not Child.objects.exists():
        build(today=timezone.localdate(), zone=settings.TIME_ZONE, by=by)


@transaction.atomic
def build(*, today: date, zone: str, by: User) -> dict[str, Child]:
    """The whole demo family with `by` as its first guardian; its children by name. Made only through actions."""
    told = tomllib.loads(files("attunement_web.site").joinpath("demo.toml").read_text("utf-8"))
    change_person(person=by, name=by.name or FIRST, email=by.email, by=by)
    children = _children(told["children"], today, zone, by)
    people = {FIRST: by} | _people(told["people"], children.values(), by)
    moments = {name: _note(child, told, people, today) for name, child in children.items()}
    for name, child in children.items():
        _tell_milestones(child, told, moments[name], today, by)
    return children


def _children(rows: Rows, today: date, zone: str, by: User) -> dict[str, Child]:
    first, *others = ({**row, "born": today - timedelta(days=row["days_old"])} for row in rows)
    eldest = begin_family(time_zone=zone, child_name=first["name"], **_about(first), by=by)
    siblings = [add_child(family=eldest.family, name=row["name"], **_about(row), by=by) for row in others]
    return {child.name: child for child in (eldest, *siblings)}


def _about(row: dict[str, Any]) -> dict[str, Any]:
    return {"born": row["born"], "gestation_weeks": row.get("gestation_weeks"), "shape": row["shape"]}


def _people(rows: Rows, children: Iterable[Child], by: User) -> dict[str, User]:
    people = {row["name"]: create_person(name=row["name"], by=by) for row in rows}
    for row, child in product(rows, children):
        join_child(child=child, person=people[row["name"]], role=row["role"], by=by)
    return people


def _note(child: Child, told: dict[str, Any], people: dict[str, User], today: date) -> dict[int, UUID]:
    """Keep every moment of this child; the ids of those told in own words, by how many days ago they were."""
    in_words = [row for row in told["told"] if row["child"] == child.name]
    by_words = [
        (row["by"], _tap(row, _at(child, today, row["ago"], time.fromisoformat(row["at"])))) for row in in_words
    ]
    noted = [*by_words, *_usual(child, told["usual"], today)]
    for name, person in people.items():
        keep_moments(child=child, taps=[tap for who, tap in noted if who == name], by=person)
    return {row["ago"]: tap.id for row, (_, tap) in zip(in_words, by_words, strict=True)}


def _usual(child: Child, groups: Rows, today: date) -> Iterator[tuple[str, Tap]]:
    """Who noted what: every kind of moment as many times as it is written, on days and at hours drawn by a fixed seed."""
    drawn = random.Random(f"{SEED} {child.name}")
    days = [ago for ago in range(1, DAYS + 1) if ago not in AWAY]
    for group in groups:
        if group["child"] != child.name:
            continue
        hours = (*DAY_HOURS, *NIGHT_HOURS) if group["topic"] == "upset" else DAY_HOURS
        for row in chain.from_iterable([row] * row["times"] for row in group["moments"]):
            old_enough = [ago for ago in days if _is_usual(row, child, today - timedelta(days=ago))]
            ago, hour = drawn.choice(old_enough), drawn.choice(hours)
            yield _who(ago, hour, drawn.random()), _tap(row, _at(child, today, ago, time(hour, drawn.randrange(60))))


def _is_usual(row: dict[str, Any], child: Child, day: date) -> bool:
    """Whether a child of this age does this yet."""
    return "did" not in row or scheme("attunement")[row["did"]].from_month * MONTH <= (day - child.born).days


def _who(ago: int, hour: int, chance: float) -> str:
    if ago % 7 in NANAS_DAYS and hour in NANAS_HOURS:
        return "Nana"
    return "Papa" if chance < (0.6 if hour in PAPAS_HOURS else 0.2) else FIRST


def _at(child: Child, today: date, ago: int, clock: time) -> When:
    """Noted right after, as most moments are: the clock time is that of the tap."""
    day = today - timedelta(days=ago)
    placed = when(Precision.CLOCK, noted_at=timezone.now(), zone=child.zone, day=day, clock=clock)
    return replace(placed, precision=Precision.NOW)


def _tap(row: dict[str, Any], at: When) -> Tap:
    said = {name: row[name] for name in ("outcome", "mended", "calm", "with_child", "feeling", "words") if name in row}
    return Tap(
        id=new_id(),
        when=at,
        noted_at=at.happened_at,
        signal=row.get("did", ""),
        acts=tuple(row.get("acts", ())),
        **said,
    )


def _tell_milestones(child: Child, told: dict[str, Any], moments: dict[int, UUID], today: date, by: User) -> None:
    for group in (group for group in told["milestones"] if group["child"] == child.name):
        for stage in (Stage.OFTEN, Stage.STARTING, Stage.NOT_YET):
            for milestone in group[stage.name.lower()]:
                tell_milestone(child=child, milestone=milestone, stage=stage, by=by)
    for row in (row for row in told["milestone"] if row["child"] == child.name):
        ago = row.get("moment")
        seen = today - timedelta(days=ago) if ago else child.born + timedelta(days=row["days_old"])
        tell_milestone(
            child=child, milestone=row["id"], stage=row["stage"], seen_on=seen, words=row.get("words", ""),
            moment_id=moments.get(ago), by=by,
        )  # fmt: skip
