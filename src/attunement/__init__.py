"""Attunement: everyday exchanges between a baby and the people around her, as events, measures and cautious words.

    found = attunement.measure("visit.eaf", window="2s")
    found.measures.replies.total.share
    attunement.to_frame(found)

`read` and `readings` read files, `measure` measures one recording, `report` puts it into words, `to_html` and
`to_markdown` write that down, and `to_frame` gives tables. Whole corpora: `attunement.corpus`.
"""

from importlib import import_module

__version__ = "0.1.0"

# What `import attunement` offers, and where it lives: loaded when first asked for. __init__.pyi has the types.
_HOMES = {
    "measure": "reports.at_hand", "read": "formats", "readings": "formats", "report": "reports.at_hand",
    "to_frame": "corpus.frames", "to_html": "reports", "to_markdown": "reports",
}  # fmt: skip
__all__ = ["__version__", "measure", "read", "readings", "report", "to_frame", "to_html", "to_markdown"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found  # asked for once
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
