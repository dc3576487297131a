"""Copies that families take of their record: read safely, line by line, and as the columns of a diary.

with attunement.copies.open_copy("copy.zip") as copy:
    diary = attunement.copies.diary_of(copy)
"""

from __future__ import annotations

from attunement.copies.archive import FORMAT, Copy, open_copy
from attunement.copies.noted import diary_of, table_of

__all__ = ["FORMAT", "Copy", "diary_of", "open_copy", "table_of"]
