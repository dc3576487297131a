"""Files that are written whole or not at all, so that a full disk costs nobody what stood there before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attunement.errors import WrongUse


@contextmanager
def whole(target: Path, *, also: tuple[type[Exception], ...] = ()) -> Iterator[Path]:
    """A name beside `target` to write to; what is written there takes its place at the end, and until then nothing does.

    also: what a library that writes raises in the place of OSError. Raises WrongUse where it cannot be written.
    """
    beside = target.with_name(f".{target.name}.part")
    not_written: tuple[type[Exception], ...] = (OSError, *also)
    try:
        yield beside
        beside.replace(target)
    except not_written as error:
        beside.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or str(error).splitlines()[0].rpartition(": ")[2]
        what, remedy = f"it cannot be written ({why.lower()})", "check the disk and the folder"
        raise WrongUse(what, place=str(target), remedy=remedy) from None
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
