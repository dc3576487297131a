"""A family with something in every table and every text field, so that nothing can be forgotten unseen."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone
from tests.recordings import kept_recording
from tests.universe import Cast, make_cast

from attunement_web.api.models import Token
from attunement_web.diary.actions import Tap, keep_moments, when
from attunement_web.diary.models import Moment, OtherVersion
from attunement_web.families.actions import invite
from attunement_web.families.models import Child, Family, Grant, State
from attunement_web.milestones.models import Sighting
from attunement_web.sync.models import Device, Operation

CANARY = "Zaunkoenig"  # stands in every text field of the family


def canary(number: int) -> str:
    return f"{CANARY}{number:03d}"


@dataclass(frozen=True, slots=True)
class Full:
    """The cast, with `mia` and `noah` in a family that has everything; Charlie's family is the neighbour."""

    cast: Cast
    device: uuid.UUID

    @property
    def family(self) -> Family:
        return self.cast.family

    @property
    def mia(self) -> Child:
        return self.cast.mia


def full_family(*, moments: int = 3) -> Full:
    cast = make_cast(timezone.localdate())
    for number, (child, name) in enumerate(((cast.mia, canary(1)), (cast.noah, canary(2)))):
        Child.objects.filter(pk=child.pk).update(name=name)
        note(child, moments, f"{canary(10 + number)} laughed, “and” <b>we</b> too ☀")
        kept_recording(child)
        child.recordings.update(name=canary(20 + number))
        _more(child, cast, number)
    Family.objects.filter(pk=cast.family.pk).update(name=canary(3))
    for number, person in enumerate((cast.alice, cast.bob, cast.ruth)):
        person.name, person.email = canary(30 + number), f"{canary(40 + number)}@example.org".lower()
        person.save()
    device = _set_aside(cast)
    note(cast.strangers_child, 2, "a neighbour’s word")
    return Full(cast, device)


def note(child: Child, count: int, words: str) -> None:
    now = timezone.now()
    at = [when("now", noted_at=now - timedelta(minutes=7 * n), zone=child.zone) for n in range(count)]
    person = child.memberships.order_by("since").first().user
    taps = [Tap(id=uuid.uuid4(), signal="cry", acts=("rock",), outcome="settled-with-you", words=words, when=one)
            for one in at]  # fmt: skip
    keep_moments(child=child, taps=taps, by=person)


def _more(child: Child, cast: Cast, number: int) -> None:
    first, *_, last = child.moments.order_by("pk")
    mark = [2, uuid.uuid4().hex, cast.bob.pk.hex]
    Moment.objects.filter(pk=first.pk).update(
        with_child=canary(50 + number), feeling="sad", mended=True, calm=1, field_revisions={"words": mark}
    )
    Moment.objects.filter(pk=last.pk).update(removed_at=timezone.now())
    OtherVersion.objects.create(moment=first, field="words", value=canary(60 + number), by=cast.bob, revision=1)
    Sighting.objects.create(
        child=child, milestone="waves-bye-12", stage="often", words=canary(70 + number), moment=first, told_by=cast.ruth,
        seen_on=date(2026, 1, 5),
    )  # fmt: skip
    now = timezone.now()
    Token.objects.create(
        person=cast.alice, child=child, name=canary(80 + number), right="read", token_hash=uuid.uuid4().hex * 2,
        expires_at=now + timedelta(days=9),
    )  # fmt: skip
    Grant.objects.create(
        child=child, given_by=cast.alice, called=canary(90 + number), email="dora@example.org", kinds=["moments"],
        purpose=canary(95 + number), until=now + timedelta(days=30), state=State.ENDED,
    )  # fmt: skip
    called = canary(92 + number)
    invite(children=[child], role="relative", called=called, email=f"{called}@example.org", by=cast.alice)


def _set_aside(cast: Cast) -> uuid.UUID:
    phone = Device.objects.create(person=cast.ruth)
    text = json.dumps({"child": str(cast.mia.pk), "fields": {"words": canary(99)}})
    Operation.objects.create(device=phone, seq=4, hash="a" * 64, verdict="refused", reason="read-only", text=text)
    strangers = Device.objects.create(person=cast.charlie)
    text = text.replace(canary(99), canary(98))
    Operation.objects.create(device=strangers, seq=1, hash="c" * 64, verdict="refused", reason="not-found", text=text)
    return phone.pk


def found_in(folder: Path, *words: str) -> list[str]:
    """Which of these words stand in which file of a folder, as bytes, in UTF-8, UTF-16 or upper case."""
    hits = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes().lower()
            for word in words:
                if word.lower().encode() in content or word.lower().encode("utf-16-le") in content:
                    hits.append(f"{word} in {path.relative_to(folder)}")
    return hits
