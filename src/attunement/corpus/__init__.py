"""Many sessions at once: files or a table in, a table out, on this machine or, unchanged, on a cluster."""

from attunement.corpus.flat import MEASURES, flat
from attunement.corpus.local import cores, here, processes
from attunement.corpus.parts import Rule
from attunement.corpus.run import Done, measure_corpus
from attunement.corpus.spark import on_spark

__all__ = ["MEASURES", "Done", "Rule", "cores", "flat", "here", "measure_corpus", "on_spark", "processes"]
