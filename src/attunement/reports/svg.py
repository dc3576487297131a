"""The one SVG writer: shapes as text, with a title, a description, and colours that survive mail and print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax import saxutils

from attunement.errors import harmless

# Written as attributes, so that a picture keeps its colours outside the page; a page restyles them by class.
INK, SOFT, LINE, ACCENT, PAPER = "#33302b", "#6d665b", "#d8cfc0", "#8a4b2f", "#fbf7f0"
CHILD, CAREGIVER, OTHER = "#8a4b2f", "#2f6470", "#8d8678"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the words that stand for it: `svg` is one element, `summary` its description and alt text."""

    svg: str
    title: str
    summary: str
    width: int
    height: int


def element(name: str, content: str = "", /, **attributes: str | int | float) -> str:
    """`<name .../>`; a trailing underscore is dropped (class_), others become hyphens; numbers keep one decimal."""
    said = "".join(f" {_name(key)}={saxutils.quoteattr(harmless(_value(value)))}" for key, value in attributes.items())
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def label(
    words: str, x: float, y: float, *, size: int = 13, colour: str = SOFT, anchor: str = "start", kind: str = "label"
) -> str:
    """A line of text; `size` in drawing units, 13 reads well on a phone when the drawing is 360 wide."""
    return element(
        "text", escape(words), x=x, y=y, font_size=size, fill=colour, text_anchor=anchor, class_=f"svg-{kind}"
    )


def picture(
    shapes: Iterable[str], *, key: str, title: str, summary: str, width: int, height: int, kind: str = "picture"
) -> Picture:
    """The whole element. `key` makes the ids of title and description unique on a page."""
    inside = element("title", escape(title), id=f"{key}-title") + element("desc", escape(summary), id=f"{key}-desc")
    svg = element(
        "svg", inside + "".join(shapes), xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}",
        role="img", aria_labelledby=f"{key}-title {key}-desc", class_=f"svg svg-{kind}",
        font_family="system-ui, sans-serif",
    )  # fmt: skip
    return Picture(svg, title, summary, width, height)


def _name(key: str) -> str:
    return key if key == "viewBox" else key.rstrip("_").replace("_", "-")


def _value(value: str | int | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def escape(text: str) -> str:
    """Text as SVG shows it, with nothing in it that steers the page or the screen."""
    return saxutils.escape(harmless(text.replace("\n", " ")))
