"""ELAN annotation documents (.eaf), written: EAF 3.0 that ELAN opens and that reads back as the same session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from mimetypes import guess_type

import numpy as np
from lxml import etree

from attunement.errors import WrongUse
from attunement.events import NONE, Session, Tier

CONSTRAINTS = {
    "Time_Subdivision": "Time subdivision of parent annotation's time interval, no time gaps allowed within this interval",
    "Symbolic_Subdivision": "Symbolic subdivision of a parent annotation."
    " Annotations refering to the same parent are ordered",
    "Symbolic_Association": "1-1 association with a parent annotation",
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
}  # fmt: skip  # ELAN's own wording
DEFAULT_KIND = "default-lt"

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def written(session: Session, *, on: datetime) -> bytes:
    """The bytes of an .eaf file dated `on`. Raises WrongUse for what ELAN cannot hold."""
    _refuse(session)
    root = etree.Element("ANNOTATION_DOCUMENT", nsmap={"xsi": _XSI})
    root.set(f"{{{_XSI}}}noNamespaceSchemaLocation", _SCHEMA)
    for name, value in (
        ("AUTHOR", ""),
        ("DATE", on.isoformat(timespec="seconds")),
        ("FORMAT", "3.0"),
        ("VERSION", "3.0"),
    ):
        root.set(name, value)
    ids = _ids(session)
    _add_header(root, session, ids)
    rows = {tier.name: _rows_of(session, tier.name) for tier in session.tiers}
    constraint = {tier.name: _constraint(session, tier, rows[tier.name]) for tier in session.tiers}
    kinds = {tier.name: _kind(tier, constraint[tier.name], session, constraint) for tier in session.tiers}
    slots = _add_slots(root, session, [row for name in rows if _has_times(constraint[name]) for row in rows[name]])
    for tier in session.tiers:
        element = _add_tier(root, tier, kinds[tier.name], constraint[tier.name])
        if _has_times(constraint[tier.name]):
            _add_aligned(element, session, rows[tier.name], ids, slots)
        else:
            _add_references(element, session, rows[tier.name], ids, constraint[tier.name])
    _add_kinds(root, {kinds[name]: constraint[name] for name in kinds})
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _refuse(session: Session) -> None:
    events = session.events
    if len(events) and int(min(events.start.min(), events.end.min())) < 0:
        raise WrongUse("a time lies before the recording begins", remedy="ELAN holds none; write a .csv instead")
    words = [*events.codes, *session.media, *(text for tier in session.tiers for text in _texts(tier))]
    strange = next((word for word in words if _NOT_IN_XML.search(word)), None)
    if strange is not None:
        raise WrongUse(f"{strange[:40]!r} holds a sign that ELAN cannot hold", remedy="write a .csv instead")


def _texts(tier: Tier) -> tuple[str, ...]:
    return (tier.name, tier.participant, tier.annotator, tier.parent, tier.kind)


def _ids(session: Session) -> tuple[str, ...]:
    """The rows' own ids where ELAN can take them, new ones otherwise."""
    if len(set(session.ids)) == len(session.ids) and all(_NAME.match(name) for name in session.ids):
        return tuple(session.ids)
    return tuple(f"a{row + 1}" for row in range(len(session.ids)))


def _rows_of(session: Session, tier: str) -> list[int]:
    events = session.events
    if tier not in events.actors:
        return []
    found: list[int] = np.flatnonzero(events.actor == events.actors.index(tier)).tolist()
    return found


def _constraint(session: Session, tier: Tier, rows: list[int]) -> str:
    """How a tier's rows hang under their parents: the strictest of ELAN's ways that says the same."""
    if not tier.parent:
        return ""
    if any(session.parent[row] == NONE for row in rows):
        return "Included_In"
    families = _families(session, rows)
    if any(session.events.actors[session.events.actor[parent]] != tier.parent for parent in families):
        return "Included_In"
    if all(_same_span(session, parent, children) for parent, children in families.items()):
        return "Symbolic_Association"
    if all(_shared_evenly(session, parent, children) for parent, children in families.items()):
        return "Symbolic_Subdivision"
    return "Included_In"


def _families(session: Session, rows: list[int]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(int(session.parent[row]), []).append(row)
    return found


def _span(session: Session, row: int) -> tuple[int, int]:
    return int(session.events.start[row]), int(session.events.end[row])


def _same_span(session: Session, parent: int, children: list[int]) -> bool:
    return len(children) == 1 and _span(session, parent) == _span(session, children[0])


def _shared_evenly(session: Session, parent: int, children: list[int]) -> bool:
    begin, end = _span(session, parent)
    length, shares = end - begin, len(children)
    return all(
        _span(session, row) == (begin + length * at // shares, begin + length * (at + 1) // shares)
        for at, row in enumerate(children)
    )


def _has_times(constraint: str) -> bool:
    return constraint in ("", "Included_In")


def _kind(tier: Tier, constraint: str, session: Session, constraints: Mapping[str, str]) -> str:
    """The tier's linguistic type, which in ELAN has one constraint: tiers that share a type and differ get one each."""
    name = tier.kind or DEFAULT_KIND
    first = next(constraints[other.name] for other in session.tiers if (other.kind or DEFAULT_KIND) == name)
    return name if constraint == first else f"{name} {constraint or 'top'}"


def _add_header(root: etree._Element, session: Session, ids: tuple[str, ...]) -> None:
    header = etree.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    for url in session.media:
        kind = guess_type(url)[0] or "unknown"
        etree.SubElement(header, "MEDIA_DESCRIPTOR", MEDIA_URL=url, MIME_TYPE=kind)
    last = max((int(name[1:]) for name in ids if re.fullmatch(r"a\d{1,9}", name)), default=0)
    etree.SubElement(header, "PROPERTY", NAME="lastUsedAnnotationId").text = str(last)


def _add_slots(root: etree._Element, session: Session, rows: list[int]) -> Mapping[tuple[int, str], str]:
    """A slot for each beginning and each end, sorted by time: (row, side) to its id.

    A recording that goes on after them has one more at its end, which no annotation uses.
    """
    order = etree.SubElement(root, "TIME_ORDER")
    sides = [(time, row, side) for row in rows for time, side in zip(_span(session, row), ("from", "to"), strict=True)]
    slots: dict[tuple[int, str], str] = {}
    for time, row, side in sorted(sides):
        slots[row, side] = f"ts{len(slots) + 1}"
        etree.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=slots[row, side], TIME_VALUE=str(time))
    lasts = int(session.events.duration_ms[0])
    if lasts > max((time for time, _, _ in sides), default=0):
        etree.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=f"ts{len(slots) + 1}", TIME_VALUE=str(lasts))
    return slots


def _add_tier(root: etree._Element, tier: Tier, kind: str, constraint: str) -> etree._Element:
    element = etree.SubElement(root, "TIER", LINGUISTIC_TYPE_REF=kind, TIER_ID=tier.name)
    for name, value in (("PARTICIPANT", tier.participant), ("ANNOTATOR", tier.annotator), ("PARENT_REF", tier.parent)):
        if value:
            element.set(name, value)
    return element


def _add_aligned(
    tier: etree._Element, session: Session, rows: list[int], ids: tuple[str, ...], slots: Mapping[tuple[int, str], str]
) -> None:
    for row in rows:
        item = etree.SubElement(
            etree.SubElement(tier, "ANNOTATION"), "ALIGNABLE_ANNOTATION", ANNOTATION_ID=ids[row],
            TIME_SLOT_REF1=slots[row, "from"], TIME_SLOT_REF2=slots[row, "to"],
        )  # fmt: skip
        _add_value(item, session, row)


def _add_references(
    tier: etree._Element, session: Session, rows: list[int], ids: tuple[str, ...], constraint: str
) -> None:
    before: dict[int, int] = {}
    for row in rows:
        parent = int(session.parent[row])
        item = etree.SubElement(
            etree.SubElement(tier, "ANNOTATION"), "REF_ANNOTATION", ANNOTATION_ID=ids[row], ANNOTATION_REF=ids[parent]
        )
        if constraint == "Symbolic_Subdivision" and parent in before:
            item.set("PREVIOUS_ANNOTATION", ids[before[parent]])
        before[parent] = row
        _add_value(item, session, row)


def _add_value(item: etree._Element, session: Session, row: int) -> None:
    etree.SubElement(item, "ANNOTATION_VALUE").text = session.events.codes[session.events.code[row]]


def _add_kinds(root: etree._Element, constraint_of: Mapping[str, str]) -> None:
    for kind, constraint in (constraint_of or {DEFAULT_KIND: ""}).items():
        element = etree.SubElement(
            root, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID=kind, GRAPHIC_REFERENCES="false",
            TIME_ALIGNABLE=str(_has_times(constraint)).lower(),
        )  # fmt: skip
        if constraint:
            element.set("CONSTRAINTS", constraint)
    for name, words in CONSTRAINTS.items():
        etree.SubElement(root, "CONSTRAINT", STEREOTYPE=name, DESCRIPTION=words)
