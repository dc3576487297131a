"""What the host's acts say when they are done."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from attunement.errors import WrongUse
from attunement_web.site.people import acts
from attunement_web.site.people.command import shown

_WAYS = {"webauthn": "passkey", "totp": "app"}


def _list(wanted: argparse.Namespace) -> None:
    for one in acts.people():
        ways = ", ".join(_WAYS.get(way, way) for way in one.second_step) or "none"
        print(f"{shown(one.called)}  {one.id}\n  second step: {ways}; signed in on {one.devices}")
        for child, role in one.parts:
            print(f"  {role} of {child}")
        for child in one.looks_at:
            print(f"  looks at {child}, by consent")


def _link(wanted: argparse.Namespace) -> None:
    one = acts.person(wanted.person)
    token = acts.make_link(one)
    print(f"A way in for {shown(acts.called(one))}, once, within 12 hours. Put it behind your site's address:")
    print(f"/enter/{token}/")


def _end_sign_ins(wanted: argparse.Namespace) -> None:
    one = acts.person(wanted.person)
    print(f"Signed out: {shown(acts.called(one))}. Devices: {acts.end_sign_ins(one)}.")


def _forget(wanted: argparse.Namespace) -> None:
    one = acts.person(wanted.person)
    if not acts.forget_second_factor(one, reason=wanted.reason):
        raise WrongUse("this person has no second step", place=wanted.person[:80])
    print(f"Forgotten: passkeys, app and codes of {shown(acts.called(one))}, who is signed out everywhere.")
    print("Make a way in with: attunement people link")


def _end(wanted: argparse.Namespace) -> None:
    one = acts.person(wanted.person)
    role = acts.end_part(one, wanted.child, reason=wanted.reason)
    print(f"Ended: {shown(acts.called(one))} is no longer {role} of {wanted.child}, from the next page asked for.")
    print("A phone deletes what it keeps of this child when it next reaches us.")


ACTS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "list": _list, "link": _link, "end-sign-ins": _end_sign_ins, "forget-second-factor": _forget, "end": _end,
}  # fmt: skip
