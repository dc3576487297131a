"""Spark gives what this machine gives, to the bit; where it cannot start, one line says why."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl
import pytest
from tests.unit.corpus.making import as_table, recordings, some_events

from attunement.cli import main
from attunement.corpus import here, measure_corpus, on_spark
from attunement.corpus.spark import missing

IN_CI_WITH_JAVA = os.environ.get("CI") == "true" and shutil.which("java") is not None
needs_spark = pytest.mark.skipif(missing() is not None and not IN_CI_WITH_JAVA, reason=f"{missing()}")


def equal(one: Path, other: Path) -> bool:
    pairs = [(one, other), (one.with_suffix(".issues.parquet"), other.with_suffix(".issues.parquet"))]
    return all(pl.read_parquet(a).equals(pl.read_parquet(b), null_equal=True) for a, b in pairs)


def both(places: list[str], folder: Path, master: str, **how) -> bool:
    measure_corpus(places, folder / "here.parquet", engine=here, force=True, **how)
    measure_corpus(places, folder / "spark.parquet", engine=on_spark(master), workers=4, force=True, **how)
    return equal(folder / "here.parquet", folder / "spark.parquet")


@needs_spark
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_files_and_tables_in_two_threads(tmp_path: Path) -> None:
    as_table(some_events(60)).sample(fraction=1, shuffle=True, seed=1).write_parquet(tmp_path / "t.parquet")
    assert both([str(recordings(tmp_path / "visits"))], tmp_path, "local[2]")
    assert both([str(tmp_path / "t.parquet")], tmp_path, "local[2]", by=["child", "visit"])
    assert pl.read_parquet(tmp_path / "spark.parquet").height == 60


@needs_spark
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_table_in_two_processes_of_a_cluster(tmp_path: Path) -> None:
    as_table(some_events(60)).write_parquet(tmp_path / "t.parquet")
    assert both([str(tmp_path / "t.parquet")], tmp_path, "local-cluster[2,1,1024]", by=["child", "visit"])


@pytest.mark.parametrize("lacking", ["java", "pyspark"])
def test_where_it_cannot_start_one_line_says_why(lacking: str, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("attunement.corpus.spark.find_spec", lambda name: None if lacking == "pyspark" else object())
    code = main(["corpus", "measure", str(tmp_path), "--out", str(tmp_path / "r.parquet"), "--engine", "spark"])
    err = capsys.readouterr().err
    assert code == 2 and err.count("\n") == 1
    assert ("PySpark" if lacking == "pyspark" else "Java") in err and "leave out --engine spark" in err
