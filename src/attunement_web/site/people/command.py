"""Sees to people's ways in, and ends a part that has to end: `attunement people`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import AttunementError, WrongUse
from attunement_web.actor import unscoped
from attunement_web.site.keeping.household import folder_of, open_household

_REASONS = {  # codes: the ledger keeps no words, and papers belong elsewhere
    "forget-second-factor": {
        "lost": "phone, passkey or app, and the recovery codes", "key-lost": "this server's ledger-key file",
    },
    "end": {
        "court-order": "a court has decided", "safety": "somebody is not safe", "mistake": "it never was meant so",
    },
}  # fmt: skip
_ABOUT_ONE = {
    "link": "make a one-time way in for somebody",
    "end-sign-ins": "sign somebody out everywhere",
    "forget-second-factor": "forget passkeys, app and codes of somebody who lost them all",
    "end": "end what somebody is to a child",
}


@unscoped("whoever runs the machine sees to anybody's ways in")
def main(argv: Sequence[str]) -> int:
    """0 done; 2 with one line on stderr when it cannot be."""
    try:
        wanted = _arguments().parse_args(argv)
        open_household(folder_of(wanted.data))
        from attunement_web.site.people.telling import ACTS

        ACTS[wanted.act](wanted)
    except (AttunementError, ImproperlyConfigured) as error:
        print(f"attunement people: {shown(' '.join(str(error).split()))}", file=sys.stderr)
        return int(WrongUse.exit_code)
    return 0


def shown(text: str) -> str:
    """What somebody typed may hold anything, and this is a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


class _Parser(argparse.ArgumentParser):
    """Raises WrongUse where argparse would print its usage and leave."""

    def error(self, message: str) -> NoReturn:
        raise WrongUse(message, remedy=f"see {self.prog} --help")


def _arguments() -> _Parser:
    parser = _Parser(
        prog="attunement people",
        description="For whoever runs this machine. Families see on “Who looked” what was done, except listing.",
    )
    acts = parser.add_subparsers(required=True, dest="act", metavar="ACT")
    _act(acts.add_parser, "list", "who can sign in here, and what each is to which child; no child's name")
    for name, says in _ABOUT_ONE.items():
        one = _act(acts.add_parser, name, says)
        one.add_argument("--person", required=True, metavar="EMAIL|ID", help="whom: her e-mail address, or her id")
        if name in _REASONS:
            told = "; ".join(f"{code}: {meant}" for code, meant in _REASONS[name].items())
            one.add_argument("--reason", choices=[*_REASONS[name]], required=True, help=told)
        if name == "end":
            one.add_argument("--child", type=_id, required=True, help="the child's id; it stands in its page's address")
    return parser


def _act(add: Callable[..., _Parser], name: str, says: str) -> _Parser:
    parser = add(name, help=says, description=f"{says[0].upper()}{says[1:]}.")
    parser.add_argument("--data", type=Path, help="the household's folder (the one that attunement serve uses)")
    return parser


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is no id") from None
