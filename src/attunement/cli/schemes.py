"""Lists the coding schemes that come with Attunement."""

from __future__ import annotations

from collections.abc import Sequence

from attunement.cli._parser import Parser
from attunement.schemes import BUILT_IN, scheme


def main(argv: Sequence[str]) -> int:
    more = "A scheme says which tier and value means what. One of your own is a .toml file: measure FILE --scheme MINE.toml"
    Parser("schemes", "List the coding schemes that come with Attunement.", epilog=more).parse_args(argv)
    for name in BUILT_IN:
        one = scheme(name)
        print(f"{one.name} {one.version}, {len(one.codes)} codes: {one.title}\n  {one.about}")
    return 0
