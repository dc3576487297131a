"""Parts measured by Apache Spark: the very same function on the very same parts, on the cores of a cluster."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from subprocess import DEVNULL
from typing import TYPE_CHECKING

from attunement.corpus.local import measure
from attunement.corpus.parts import Engine, Found, Part, Rule
from attunement.errors import WrongUse

if TYPE_CHECKING:
    from pyspark import SparkContext

WAVE = 4  # parts a core in one job: few enough that what is done is soon kept, many enough that no core waits long
_LOOPBACK = "127.0.0.1"
_REMEDY = "install Java 17 or newer and “attunement[spark]”, or leave out --engine spark"


def on_spark(master: str) -> Engine:
    """An engine on the Spark of address `master` ("local[2]", "spark://..."), whose machines see the same files.

    Raises WrongUse where PySpark or Java is missing.
    """
    check()
    return partial(_run, master)


def missing() -> str | None:
    """What Spark needs and this machine does not have."""
    if find_spec("pyspark") is None:
        return "PySpark is not installed"
    home = os.environ.get("JAVA_HOME")
    if not (home and os.path.exists(os.path.join(home, "bin", "java"))) and shutil.which("java") is None:
        return "Java is not installed"
    return None


def check() -> None:
    lacking = missing()
    if lacking is not None:
        raise WrongUse(lacking, place="--engine spark", remedy=_REMEDY)


def _run(master: str, parts: Sequence[Part], rule: Rule) -> Iterator[tuple[Part, Found | str]]:
    from py4j.protocol import Py4JError

    context = _context(master)
    try:
        work: Callable[[Part], Found] = partial(measure, rule=rule)
        many = WAVE * context.defaultParallelism
        for at in range(0, len(parts), many):
            wave = parts[at : at + many]
            try:
                found = context.parallelize(wave, len(wave)).map(work).collect()
            except Py4JError as error:
                why = "Spark could not measure it: " + (str(error).strip().splitlines() or [""])[-1][:160]
                yield from ((part, why) for part in wave)
            else:
                yield from zip(wave, found, strict=True)
    finally:
        context.stop()


def _context(master: str) -> SparkContext:
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkRuntimeError
    from pyspark.java_gateway import launch_gateway

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf().setMaster(master).setAppName("attunement corpus measure")
    conf.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
    if master.startswith("local"):  # one machine: nothing listens to the outside
        os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
        conf.set("spark.driver.host", _LOOPBACK).set("spark.driver.bindAddress", _LOOPBACK)
        conf.set("spark.driver.memory", "512m")
    try:
        quiet = {"stderr": DEVNULL}  # Java says a dozen lines on each start; what matters comes back as an exception
        gateway = SparkContext._gateway or launch_gateway(conf, quiet)  # type: ignore[no-untyped-call]  # PySpark's own
        return SparkContext(conf=conf, gateway=gateway)
    except PySparkRuntimeError as error:
        why = str(error).strip().splitlines()[0][:160]
        raise WrongUse(f"Spark does not start ({why})", place="--engine spark", remedy=_REMEDY) from None
