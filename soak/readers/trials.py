"""One made-up file after another through a reader, in this process; what is not sound is kept with its seed."""

from __future__ import annotations

import base64
import importlib
import resource
import signal
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from types import FrameType

import numpy as np
from tests.safety import judged as judging
from tests.safety.dice import Dice
from tests.safety.grammars import GRAMMARS, made

from attunement.errors import AttunementError, NotReadable, WrongUse
from attunement.events import Reading, Session
from attunement.formats import readings_in, written

FORMATS = tuple(GRAMMARS)
WRITTEN = ("a.csv", "a.eaf", "a.rttm", "a.TextGrid", "a.boris", "a.parquet")
WRITE_EVERY = 100  # trials of which one is written in every format as well
SECONDS = 2  # of the processor, for one file
PLANTS = ("raise", "loop", "wrong")
TOKEN = b"1e999"  # the files in which a planted fault sleeps
MOST_KEPT = 20  # findings of one format that are kept; a reader that is wholly broken would fill the disk


class TooLong(BaseException):
    """No Exception, so that no reader takes it for a fault of the file."""


@dataclass(slots=True)
class Tally:
    """What the trials of one format gave."""

    format: str
    trials: int = 0
    read: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    peak_mib: float = 0.0  # above where the first trial began
    unsound: int = 0
    findings: list[dict[str, str | int]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name in ("trials", "read", "refused", "seconds", "unsound"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.slowest, self.peak_mib = max(self.slowest, other.slowest), max(self.peak_mib, other.peak_mib)
        self.findings += other.findings

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def ready(plant: str = "") -> None:
    """Imports what the readers need, so that no trial waits for it; plants the fault that is asked for."""
    for name in FORMATS:
        importlib.import_module(f"attunement.formats.{name}")
    signal.signal(signal.SIGPROF, _stop)
    judging.readings_in = _planted(plant) if plant else readings_in


def trials(format: str, seed: int, indices: Iterable[int]) -> Tally:
    tally, base = Tally(format), _peak_mib()
    for index in indices:
        dice = Dice(f"{seed}:{format}:{index}")
        data, name = made(format, dice)
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            found = judging.judged(data, name)
            tally.refused += isinstance(found, NotReadable)
            tally.read += not isinstance(found, NotReadable)
            if index % WRITE_EVERY == 0 and not isinstance(found, NotReadable):
                check_written(found)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a panic of Polars is no Exception
            _keep(tally, error, seed, index, data, name)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        tally.trials += 1
        spent = time.process_time() - began
        tally.slowest, tally.seconds = max(tally.slowest, spent), tally.seconds + spent
    tally.peak_mib = round(_peak_mib() - base, 1)
    return tally


def check_written(readings: tuple[Reading, ...]) -> None:
    """What was read is written in each format, and read back, or refused with one line as wrong use."""
    for reading in readings[:1]:
        for name in WRITTEN:
            try:
                data = written(reading.session, name)
            except WrongUse as error:
                judging.hold(bool(error.what and error.remedy), f"no reason, or no remedy: {error}")
                continue
            check_read_back(reading.session, data, name)


def check_read_back(session: Session, data: bytes, name: str) -> None:
    if not len(session.events):
        return  # some formats cannot say that nothing happened
    try:
        back = readings_in(data, name)
    except AttunementError as error:
        raise judging.Unsound(f"we wrote it as {name[2:]}, and refuse it: {error}") from None
    for reading in back:
        judging.check_reading(reading)


def _keep(tally: Tally, error: BaseException, seed: int, index: int, data: bytes, name: str) -> None:
    tally.unsound += 1
    if len(tally.findings) < MOST_KEPT:
        what = f"{type(error).__name__}: {error}"[:300]
        trace, at = error.__traceback__, ""
        while trace is not None:
            at, trace = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}", trace.tb_next
        tally.findings.append({
            "format": tally.format, "seed": seed, "index": index, "what": what, "at": at, "name": name,
            "data": base64.b64encode(data[:4_000]).decode(),
        })  # fmt: skip


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TooLong(f"longer than {SECONDS} s")


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _planted(kind: str):  # type: ignore[no-untyped-def]  # stands in for readings_in
    def reads(data: bytes, name: str) -> tuple[Reading, ...]:
        if TOKEN in data and kind == "raise":
            raise KeyError("planted")
        while TOKEN in data and kind == "loop":
            pass
        found = readings_in(data, name)
        if TOKEN in data and kind == "wrong":
            for reading in found:
                np.subtract(reading.session.events.start, 1, out=reading.session.events.end)
        return found

    return reads
