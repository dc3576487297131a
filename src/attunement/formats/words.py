"""Columns of words: the different ones, and each row's place among them."""

from __future__ import annotations

import numpy as np
import polars as pl

from attunement.events import Index

FEW = 4  # rows a word, above which to look each of them up costs less than to group the rows


def numbered(column: pl.Series) -> tuple[tuple[str, ...], Index]:
    """The different words of a column without nulls, in order of first use, and (n,) each row's place among them."""
    words = column.unique(maintain_order=True)
    if len(words) * FEW < len(column):
        return tuple(words.to_list()), column.cast(pl.Enum(words)).to_physical().to_numpy().astype(np.int32)
    rows = column.to_frame("word").with_row_index("row")
    first = rows.select(pl.col("row").first().over("word")).to_series().to_numpy()
    place = np.cumsum(first == np.arange(len(first)), dtype=np.int32) - np.int32(1)
    return tuple(words.to_list()), place[first]
