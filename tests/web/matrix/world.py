"""Two families that hold the same kinds of things, everybody who might ask about them, and what each may do.

Every free text of a family holds its own word, so that it is seen wherever it turns up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from http.cookies import SimpleCookie
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from tests.universe import ZONE, Cast, make_cast

from attunement_web.accounts.actions import change_person, create_person, make_practitioner
from attunement_web.accounts.models import Device, User
from attunement_web.accounts.models.devices import FACTS
from attunement_web.api.actions import end_token, make_token
from attunement_web.api.models import Token
from attunement_web.coding.actions import keep_recording, show_recording
from attunement_web.coding.bridge import Read, read
from attunement_web.diary.actions import Tap, keep_moments, remove_moment
from attunement_web.diary.models import Moment, OtherVersion, new_id
from attunement_web.families.actions import (
    accept_access,
    accept_part,
    begin_family,
    confirm_access,
    end_access,
    end_membership,
    give_access,
    invite,
    join_child,
    pause_access,
)
from attunement_web.families.models import Child, Family, Grant, Invitation, Role
from attunement_web.milestones.actions import tell_milestone
from attunement_web.sync.models import Device as Phone
from attunement_web.sync.models import Operation

OURS, THEIRS = "quokkaword", "axolotlword"  # in every text of Alice's family; of Charlie's
SIBLINGS = "numbatword"  # in the place of the first one, in every text about Mia's brother
RECORD = "kakapoword"  # besides, in what was noted, told and brought in Alice's family by others than the relative
TRAP = "'\"><x-{0}>"  # beside the word: what would break out of an attribute, and be an element
MILESTONE = "waves-bye-12"
MALFORMED = "not-an-id"
PARTS = ("moment", "removed", "version", "recording", "token", "grant", "invitation", "membership")  # of a child

SHARED = ("moments", "milestones", "recordings")  # of what the practitioners' grants cover: no words, no reports
FAMILY = frozenset({"moments", "words", "milestones", "recordings", "reports", "settings"})
DOING = {
    Role.GUARDIAN: frozenset({"read", "note", "own", "write", "guard"}),
    Role.CAREGIVER: frozenset({"read", "note", "own", "write"}),
    Role.RELATIVE: frozenset({"note", "own"}),
}


@dataclass(slots=True)
class Persona:
    """Somebody who asks: by a session, by a token, or as nobody."""

    name: str
    user: User | None = None
    token: str = ""
    may: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)  # by the child's key: (do, kind)
    token_for: str = ""  # the one child that her token is for
    session: str = ""
    known: bool = True  # False: her session or token opens nothing
    device: UUID | None = None

    def client(self) -> Client:
        browser = Client(raise_request_exception=False)
        if self.session:
            browser.cookies = SimpleCookie({"sessionid": self.session})
        return browser


@dataclass(slots=True)
class World:
    cast: Cast
    people: dict[str, Persona]
    ids: dict[str, dict[str, str]]  # of each target, the value of each part of an address


def make_world(today: date) -> World:
    cast = make_cast(today)
    cara, ivan = (create_person(name=marked(OURS, name), by=None) for name in ("Cara", "Ivan"))
    dana = create_person(name="Dana", by=None)
    for child in (cast.mia, cast.noah):
        join_child(child=child, person=cara, role=Role.CAREGIVER, by=cast.alice)
        join_child(child=child, person=ivan, role=Role.GUARDIAN, by=cast.alice)
    for person in (cast.alice, cast.bob, cast.ruth, cast.charlie):
        word = THEIRS if person == cast.charlie else OURS
        change_person(person=person, name=marked(word, person.name), email=f"{word}-{person.email}", by=person)
    for one, word in ((cast.family, OURS), (cast.strangers_child.family, THEIRS)):
        Family.objects.filter(pk=one.pk).update(name=marked(word, "home"))
    for child, word in ((cast.mia, OURS), (cast.noah, SIBLINGS), (cast.strangers_child, THEIRS)):
        Child.objects.filter(pk=child.pk).update(name=marked(word, child.name))
    ids = {
        "mia": _filled(cast.mia, OURS, cast.alice), "noah": _filled(cast.noah, SIBLINGS, cast.alice),
        "zoe": _filled(cast.strangers_child, THEIRS, cast.charlie),
        "nothing": {"child": str(uuid4()), "family": str(uuid4()), **_nobodys()},
    }  # fmt: skip
    factor = Authenticator.objects.create(user=cast.charlie, type=Authenticator.Type.RECOVERY_CODES, data={})
    ids["zoe"]["factor"] = str(factor.pk)
    for mixed, other in (("mixed", "zoe"), ("sibling", "noah"), ("half", "nothing")):
        ids[mixed] = ids["mia"] | {name: ids[other][name] for name in PARTS}
    ids["hers"] = ids["mia"] | _noted_by(cast.ruth, cast.mia)
    ids["malformed"] = dict.fromkeys(ids["mia"], MALFORMED)
    people = _people(cast, cara, dana, ivan)
    ids["zoe"]["device"] = str(people["charlie"].device)
    return World(cast, people, ids)


def _noted_by(person: User, child: Child) -> dict[str, str]:
    """What a relative may open: her own moments, one of them taken away, one with two versions."""
    moment, removed = (_moment(child, "", person) for _ in range(2))
    remove_moment(moment=removed, by=person)
    version = OtherVersion.objects.create(moment=moment, field="words", value="other", by=person, revision=1)
    return {"moment": str(moment.pk), "removed": str(removed.pk), "version": str(version.pk)}


def marked(word: str, text: str) -> str:
    return f"{word}{TRAP.format(word)} {text}"


def told(word: str, text: str) -> str:
    """Of the record itself."""
    return marked(word, text) + (f" {RECORD}" if word in {OURS, SIBLINGS} else "")


@cache
def _read(word: str) -> Read:
    """A coded table whose tier, and whose file, have the word in their names."""
    tier = marked(word, "tier").replace('"', '""')
    row = "%d,%d,CHI,coo\n%d,%d,MOT,talk\n"
    rows = "".join(row % (at, at + 400, at + 600, at + 900) for at in range(0, 60_000, 1_500))
    table = f'onset_ms,offset_ms,tier,code\n{rows}61000,62000,"{tier}",coo\n'
    return read([table.encode()], f"{word}<x-{word}>.csv", folder=None)


def _nobodys() -> dict[str, str]:
    return {name: str(uuid4()) for name in (*PARTS, "device")} | {"factor": "987654"}


def _filled(child: Child, word: str, by: User) -> dict[str, str]:
    """One of everything, each with the word in each text."""
    moment, removed = (_moment(child, word, by) for _ in range(2))
    remove_moment(moment=removed, by=by)
    version = OtherVersion.objects.create(moment=moment, field="words", value=told(word, "other"), by=by, revision=1)
    recording = show_recording(child=child, name=told(word, "visit.csv"), read=_read(word), by=by)
    keep_recording(recording=recording, by=by)
    tell_milestone(
        child=child, milestone=MILESTONE, stage="often", words=told(word, "waved"), moment_id=moment.pk, by=by
    )
    phone = Phone.objects.create(id=uuid4(), person=by)
    Operation.objects.create(device=phone, seq=1, hash="0" * 64, verdict="refused", text=marked(word, "refused"))
    token = uuid4()
    make_token(id=token, child=child, name=marked(word, "button"), right="read", lasts=timedelta(days=3), by=by)
    grant, _link = invited(child, f"{word}-somebody@example.org", by, word=word)
    invitation, _link = asked_in(child, f"{word}-somebody@example.org", by, word=word)
    part = child.memberships.order_by("role").last()  # a relative, where there is one
    return {
        "child": str(child.pk), "family": str(child.family_id), "moment": str(moment.pk), "removed": str(removed.pk),
        "version": str(version.pk), "recording": str(recording.pk), "token": str(token), "grant": str(grant.pk),
        "invitation": str(invitation.pk), "membership": str(part.pk),
        "device": "", "factor": "",
    }  # fmt: skip


def invited(child: Child, email: str, by: User, *, word: str, kinds: tuple[str, ...] = SHARED) -> tuple[Grant, str]:
    until = timezone.now() + timedelta(days=30)
    return give_access(
        child=child, called=marked(word, "called"), email=email, kinds=kinds, purpose=marked(word, "purpose"),
        until=until, by=by,
    )  # fmt: skip


def asked_in(child: Child, email: str, by: User, *, word: str) -> tuple[Invitation, str]:
    return invite(children=[child], role=Role.GUARDIAN, called=marked(word, "called"), email=email, by=by)


def _practitioners(cast: Cast) -> list[Persona]:
    """One at each stage of a grant for Mia, all at the same clinic as far as anybody knows; what each may see."""
    all_of_it = frozenset(("shared", kind) for kind in (*SHARED, "any"))
    found = []
    for stage in ("uninvited", "invited", "accepted", "confirmed", "paused", "expired", "ended"):
        address = f"{stage}@clinic.example"
        person = create_person(name=stage, email=address, by=None)
        make_practitioner(person=person, by=None)
        if stage != "uninvited":
            grant, link = invited(cast.mia, address, cast.alice, word=OURS)
            if stage != "invited":
                accept_access(token=link, by=person)
            if stage not in {"invited", "accepted"}:
                confirm_access(grant_id=grant.pk, by=cast.alice)
            if stage == "paused":
                pause_access(grant_id=grant.pk, by=cast.alice)
            if stage == "ended":
                end_access(grant_id=grant.pk, by=cast.alice)
            if stage == "expired":
                Grant.objects.filter(pk=grant.pk).update(until=timezone.now() - timedelta(seconds=1))
        may = {"mia": all_of_it} if stage == "confirmed" else {}
        found.append(Persona(f"practitioner, {stage}", person, may=may))
    return found


def _moment(child: Child, word: str, by: User) -> Moment:
    tap = Tap(id=new_id(), signal="wave", outcome="settled", with_child=told(word, "aunt"),
              words=told(word, "words"), mended=True)  # fmt: skip
    keep_moments(child=child, taps=[tap], by=by)
    return Moment.objects.get(pk=tap.id)


def _people(cast: Cast, cara: User, dana: User, ivan: User) -> dict[str, Persona]:
    ours = {role: {"mia": rights(DOING[role]), "noah": rights(DOING[role])} for role in Role}
    theirs = {"zoe": rights(DOING[Role.GUARDIAN])}
    alice_reads = {key: rights({"read", "own"}) for key in ("mia", "noah")}
    hana, erin = create_person(name="Hana", by=None), create_person(name="Erin", by=None)
    begin_family(time_zone=ZONE, child_name="Ole", born=cast.today, by=hana)
    join_child(child=cast.mia, person=hana, role=Role.GUARDIAN, by=cast.alice)
    for child in (cast.mia, cast.noah):
        end_membership(
            membership=join_child(child=child, person=erin, role=Role.CAREGIVER, by=cast.alice), by=cast.alice
        )
    everybody = [
        Persona("anonymous", known=False),
        Persona("guardian", cast.alice, may=ours[Role.GUARDIAN]),
        Persona("caregiver", cara, may=ours[Role.CAREGIVER]),
        Persona("relative", cast.ruth, may=ours[Role.RELATIVE]),
        Persona("of another household", hana, may={"mia": rights(DOING[Role.GUARDIAN])}),
        Persona("whose part ended", erin),
        Persona("charlie", cast.charlie, may=theirs),
        Persona("of no family", dana),
        Persona("inactive", ivan, known=False),
        Persona("reading token", cast.alice, _token(cast.mia, "read", cast.alice), alice_reads, "mia"),
        Persona("writing token", cast.alice, _token(cast.mia, "write", cast.alice), ours[Role.GUARDIAN], "mia"),
        Persona(
            "another child's token", cast.alice, _token(cast.noah, "write", cast.alice), ours[Role.GUARDIAN], "noah"
        ),
        Persona("expired token", cast.alice, _token(cast.mia, "write", cast.alice, over=True), known=False),
        Persona("ended token", cast.alice, _token(cast.mia, "write", cast.alice, ended=True), known=False),
        Persona("of no family, said yes", _said_yes(cast)),
        *_practitioners(cast),
    ]
    for one in everybody:
        if one.user is not None and not one.token:
            browser = Client()
            browser.force_login(one.user)
            session = browser.session
            session[FACTS] = session[FACTS] | {"strong": True}  # what practitioners need, and others may have
            session.save()
            one.session = browser.cookies["sessionid"].value
            one.device = Device.objects.get(person=one.user).pk
    User.objects.filter(pk=ivan.pk).update(is_active=False)
    return {one.name: one for one in everybody}


def _said_yes(cast: Cast) -> User:
    """Invited as a guardian, and not confirmed: as yet nobody."""
    person = create_person(name="Sam", email="sam@example.org", by=None)
    _, link = asked_in(cast.mia, "sam@example.org", cast.alice, word=OURS)
    accept_part(token=link, by=person)
    return person


def rights(doing: set[str] | frozenset[str], kinds: set[str] | frozenset[str] = FAMILY) -> frozenset[tuple[str, str]]:
    return frozenset((do, kind) for do in doing for kind in kinds)


def _token(child: Child, right: str, by: User, *, over: bool = False, ended: bool = False) -> str:
    key = uuid4()
    text = make_token(id=key, child=child, name=marked(OURS, "key"), right=right, lasts=timedelta(days=3), by=by)
    assert text
    if over:
        Token.objects.filter(pk=key).update(expires_at=timezone.now() - timedelta(seconds=1))
    if ended:
        end_token(token=Token.objects.get(pk=key), by=by)
    return text
