"""Arguments of a command: a wrong one gets one line, like every other error."""

from __future__ import annotations

import argparse
from typing import NoReturn

from attunement.errors import WrongUse


class Parser(argparse.ArgumentParser):
    """Raises WrongUse where argparse would print its usage and leave."""

    def __init__(self, command: str, description: str, *, epilog: str | None = None) -> None:
        super().__init__(
            prog=f"attunement {command}", description=description, epilog=epilog, allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip

    def error(self, message: str) -> NoReturn:
        raise WrongUse(message, place=self.prog.removeprefix("attunement "), remedy=f"see {self.prog} --help")
