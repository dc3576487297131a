"""Brings a family's copy into this server, or changes nothing: `attunement import`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from attunement.errors import AttunementError, WrongUse
from attunement_web.actor import unscoped
from attunement_web.site.keeping.household import open_household, settings_of
from attunement_web.site.rights.erase import outside


@unscoped("what is brought in belongs to nobody yet")
def main(argv: Sequence[str]) -> int:
    """0 brought in; 2 wrong use or a full disk; 4 it is no copy, or a damaged one. Then nothing has changed."""
    wanted = _arguments().parse_args(argv)
    try:
        data = wanted.data.expanduser().absolute()
        _open(data)
        _bring(wanted.file, data)
    except AttunementError as error:
        print(f"attunement import: {error}", file=sys.stderr)
        return int(error.exit_code)
    except (ImproperlyConfigured, OSError) as error:
        print(f"attunement import: {' '.join(str(error).split())}; nothing was brought in", file=sys.stderr)
        return int(WrongUse.exit_code)
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attunement import", description="Bring a copy that a family took into this server."
    )
    parser.add_argument("file", type=Path, help="the copy, attunement-copy-....zip")
    parser.add_argument("--data", type=Path, required=True, help="the household's folder; made when it is not there")
    return parser


def _open(data: Path) -> None:
    """The household that lives there, or a new and empty one."""
    os.umask(0o077)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = settings_of(data)["NAME"]
    if not isinstance(name, Path) or name.exists():
        open_household(data)
        return
    os.environ["ATTUNEMENT_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "attunement_web.site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _bring(file: Path, data: Path) -> None:
    from attunement_web.accounts.actions import make_sign_in_link
    from attunement_web.rights import actions

    brought = actions.bring_in(file, outside=outside(data))
    print(f"Brought in: {brought.rows['children']} children, {brought.rows['moments']} moments, every line as it was.")
    if brought.with_new_ids:
        print("Others live here too, or it was erased here before, so people, or all of it, have new ids.")
    if brought.guardian is not None:
        token = make_sign_in_link(person=brought.guardian, by=None)
        print(f"Nobody can sign in yet. A guardian's way in, once, within 12 hours: /enter/{token}/")
