"""Whether a drawing is one of our own writer: only its elements, its attributes and harmless values, well nested."""

from __future__ import annotations

import re

_PARTS = re.compile(r'<(/?)([a-z]+)((?: [A-Za-z-]+="[^"<>&]*")*)(/?)>|[^<>&]+|&(?:amp|lt|gt|quot);')
_ATTRIBUTE = re.compile(r' ([A-Za-z-]+)="([^"]*)"')
_VALUE = re.compile(r"[A-Za-z0-9 .,#%_-]*")  # neither ":" nor "(": no address, no url(), no script
_ELEMENTS = {"svg", "title", "desc", "g", "text", "path", "rect", "circle", "line"}
_ATTRIBUTES = {
    "aria-labelledby", "class", "cx", "cy", "d", "fill", "fill-opacity", "font-family", "font-size", "font-weight",
    "height", "id", "r", "role", "rx", "stroke", "stroke-dasharray", "stroke-width", "text-anchor", "viewBox", "width",
    "x", "x1", "x2", "xmlns", "y", "y1", "y2",
}  # fmt: skip
_XMLNS = "http://www.w3.org/2000/svg"


def is_ours(svg: str) -> bool:
    """One `svg` element in which nothing can run, load or lead anywhere. Takes time in proportion to its length."""
    at, inside = 0, list[str]()
    while at < len(svg):
        part = _PARTS.match(svg, at)
        if part is None or (not inside and not (at == 0 and part[2] == "svg" and not part[1])):
            return False
        if part[2] and not _nests(part, inside):
            return False
        at = part.end()
    return at > 0 and not inside


def _nests(part: re.Match[str], inside: list[str]) -> bool:
    """Whether this tag is allowed here; `inside` is changed to the elements that are open after it."""
    closes, name, attributes, is_empty = part.groups()
    if closes:
        return not attributes and not is_empty and bool(inside) and inside.pop() == name
    if not is_empty:
        inside.append(name)
    return name in _ELEMENTS and all(map(_harmless, _ATTRIBUTE.findall(attributes)))


def _harmless(attribute: tuple[str, str]) -> bool:
    name, value = attribute
    if name == "xmlns":
        return value == _XMLNS
    return name in _ATTRIBUTES and _VALUE.fullmatch(value) is not None
