"""One process of the explorer: its server is made once, then group after group of universes lives on it."""

from __future__ import annotations

import atexit
import gc
import os
import resource
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache

from soak.sync import plants
from soak.sync.explorer import Result, Server, explore, phones


@dataclass(frozen=True, slots=True)
class Job:
    seeds: range
    ticks: int
    server: str
    plant: str
    on: str


def run(job: Job) -> Result:
    server = _server(job.server, job.on, job.plant)
    begun = _processor_ms()
    with phones(job.plant if job.plant in plants.PHONES else "") as there:
        result = explore(there, server, list(job.seeds), ticks=job.ticks)
    result.tally["cpu_ms"] = _processor_ms() - begun
    return result


def _processor_ms() -> int:
    """Of this process and of its Node, once that has ended: other programs on the machine change nothing in it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(each.ru_utime + each.ru_stime for each in used) * 1000)


@cache
def _server(name: str, on: str, plant: str) -> Server:
    if name == "model":
        from soak.sync.model import Model

        return Model()
    from soak.sync.site import Site

    os.environ.pop("ATTUNEMENT_DATA", None)
    if on != "postgresql":
        os.environ.pop("DATABASE_URL", None)
    if on == "file":
        folder = tempfile.mkdtemp(prefix="attunement-explorer-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["ATTUNEMENT_DATA"] = folder
    site = Site()
    if plant in plants.SERVER:
        plants.SERVER[plant]()
    gc.freeze()  # Django is here to stay
    gc.set_threshold(100_000, 20, 50)  # a group makes many objects, and few in circles
    return site
