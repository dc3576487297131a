"""Lists the kinds of files that we read and write."""

from __future__ import annotations

from collections.abc import Sequence

from attunement import formats
from attunement.cli._parser import Parser


def main(argv: Sequence[str]) -> int:
    Parser("formats", "List the kinds of files that we read and write.").parse_args(argv)
    for one in formats.formats():
        deeds = " and ".join(deed for deed, can in (("read", one.reads), ("written", one.writes)) if can)
        print(f"{one.title} ({', '.join(one.endings)}): {deeds}\n  {one.note}")
    return 0
