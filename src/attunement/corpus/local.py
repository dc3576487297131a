"""Parts measured on this machine: here, or in several processes side by side."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import current_process, get_context

from attunement.corpus.parts import Engine, Found, Part, Rule
from attunement.errors import AttunementError, WrongUse

AHEAD = 2  # parts beyond the workers that are under way, so that none of them waits
GUARD = 'put what the script does under if __name__ == "__main__": and run it from a file, or take one worker'
_ENDED = "the process that measured it was ended, perhaps for want of memory"


def here(parts: Sequence[Part], rule: Rule) -> Iterator[tuple[Part, Found | str]]:
    """One after another, in this process."""
    return ((part, _found(partial(measure, part, rule))) for part in parts)


def processes(workers: int, *, ahead: int = AHEAD) -> Engine:
    """In `workers` processes; when one is ended from outside, the parts under way give nothing and the others go on.

    With one worker and none `ahead`, the part that gave nothing is the one that ended its process. Raises WrongUse where no
    process can begin, as each reads the script that asks for it anew.
    """

    def run(parts: Sequence[Part], rule: Rule) -> Iterator[tuple[Part, Found | str]]:
        waiting = deque(parts)
        while waiting:
            yield from _while_whole(waiting, rule, workers, ahead)

    return run


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _while_whole(waiting: deque[Part], rule: Rule, workers: int, ahead: int) -> Iterator[tuple[Part, Found | str]]:
    """Measures what waits until all is done or a process was ended."""
    under_way: dict[Future[Found], Part] = {}
    spawn = get_context("spawn")
    begun = spawn.Event()
    pool = ProcessPoolExecutor(min(workers, len(waiting)), mp_context=spawn, initializer=begun.set)
    try:
        while waiting or under_way:
            while waiting and len(under_way) < workers + ahead:
                future = pool.submit(measure, waiting[0], rule)  # a broken pool takes none: then it goes on waiting
                under_way[future] = waiting.popleft()
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                part = under_way.pop(future)
                found = _found(future.result)
                if found == _ENDED and not begun.is_set():
                    raise BrokenProcessPool
                yield part, found
    except BrokenProcessPool:
        if not begun.is_set():
            raise WrongUse("no process to measure in could begin", remedy=GUARD) from None
        yield from ((part, _ENDED) for part in under_way.values())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def begins_anew() -> bool:
    """Whether this process is a worker that is only reading its parent's script, and has not begun its work."""
    return bool(getattr(current_process(), "_inheriting", False))  # as multiprocessing itself asks


def _found(measured: Callable[[], Found]) -> Found | str:
    try:
        return measured()
    except (AttunementError, KeyboardInterrupt):
        raise
    except BrokenProcessPool:
        return _ENDED
    except Exception as error:  # a mistake of ours costs one part, never the run
        return f"we could not measure it ({type(error).__name__}: {error})"[:200]


def measure(part: Part, rule: Rule) -> Found:
    return part.measure(rule)
