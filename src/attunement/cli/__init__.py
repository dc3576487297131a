"""The `attunement` command: finds the command asked for, runs it, and turns what goes wrong into one line."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from types import ModuleType

from attunement import __version__
from attunement.errors import AttunementError, WrongUse

BUG = 70  # sysexits.h: an error of the program itself
INTERRUPTED, READER_LEFT = 130, 141  # as shells count them: 128 and the signal
DETAILS = "ATTUNEMENT_DEBUG"

_HELP = """\
Attunement helps to notice and understand the everyday exchanges between a baby and the people around her.

usage: attunement COMMAND ...      attunement COMMAND --help explains one command

commands:
{commands}

examples:
  attunement measure visit.eaf              how often signals were answered, how upset moments ended, and more
  attunement report visit.eaf --out visit.html
  attunement convert visit.eaf --to visit.csv
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. 0 done; 2 wrong use; 3 read, but issues forbid a number; 4 not readable."""
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        return code
    except AttunementError as error:
        return _say(str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that Python's own last flush is quiet
        return READER_LEFT
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as left:  # argparse, after --help
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except OSError as error:  # a full disk, a folder that went away: whatever a command did not foresee
        where = f"{error.filename}: " if error.filename else ""
        return _say(
            f"{where}{(error.strerror or str(error)).lower()}; check the disk and the place", WrongUse.exit_code
        )
    except Exception as error:
        if os.environ.get(DETAILS):
            raise
        what = f"{type(error).__name__}: {error}"[:200]
        return _say(f"this is a mistake in Attunement, not in your file ({what}); {DETAILS}=1 shows where", BUG)


def _run(given: list[str]) -> int:
    if not given or given[0] in ("-h", "--help", "help"):
        print(_HELP.format(commands=_listed()), end="")
        return 0 if given else 2
    if given[0] in ("-V", "--version"):
        print(f"attunement {__version__}")
        return 0
    return _command(given[0])(given[1:])


def _command(name: str) -> Callable[[Sequence[str]], int]:
    """The `main(argv) -> exit code` of a command: a file in this folder, or another package's entry point."""
    if name in _own():
        found: Callable[[Sequence[str]], int] = import_module(f"attunement.cli.{name}").main
        return found
    if name in _others():
        found = _others()[name].load()
        return found
    known = ", ".join(sorted([*_own(), *_others()]))
    raise WrongUse(f"there is no command “{name[:40]}”", remedy=f"there are {known}; see attunement --help")


def _own() -> list[str]:
    return [module.name for module in iter_modules(__path__) if not module.name.startswith("_")]


def _others() -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group="attunement.commands")}


def _listed() -> str:
    modules = {name: import_module(f"attunement.cli.{name}") for name in _own()}
    for name, point in _others().items():
        modules[name] = import_module(point.module)
    return "\n".join(f"  {name:<9} {_summary(modules[name])}" for name in sorted(modules))


def _summary(module: ModuleType) -> str:
    first = (module.__doc__ or "").strip().partition("\n")[0]
    return re.sub(r":? ?`attunement \w+`:? ?", "", first).rstrip(".")


def _say(line: str, code: int) -> int:
    shown = "".join(sign if sign.isprintable() else "?" for sign in line)  # a file's own words may hold anything
    print(f"attunement: {shown}", file=sys.stderr)
    return int(code)
