"""Small ELAN files, made as text so that each test shows what it is about."""

from __future__ import annotations

HEADER = '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>'


def eaf(*tiers: str, slots: dict[str, int | None] | None = None, after: str = "", header: str = HEADER) -> bytes:
    """A file with these tiers; a slot with None has no time."""
    order = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="{name}"/>'
        if time is None
        else f'<TIME_SLOT TIME_SLOT_ID="{name}" TIME_VALUE="{time}"/>'
        for name, time in (slots or {}).items()
    )
    body = f"{header}<TIME_ORDER>{order}</TIME_ORDER>{''.join(tiers)}{after}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT FORMAT="3.0">{body}</ANNOTATION_DOCUMENT>'.encode()


def tier(name: str, *annotations: str, parent: str = "", kind: str = "k", participant: str = "") -> str:
    above = f' PARENT_REF="{parent}"' if parent else ""
    inside = "".join(f"<ANNOTATION>{one}</ANNOTATION>" for one in annotations)
    return f'<TIER TIER_ID="{name}" LINGUISTIC_TYPE_REF="{kind}" PARTICIPANT="{participant}"{above}>{inside}</TIER>'


def at(name: str, begin: str, end: str, value: str = "", entry: str = "") -> str:
    """An annotation with two time slots."""
    points = f' CVE_REF="{entry}"' if entry else ""
    return (
        f'<ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}" TIME_SLOT_REF1="{begin}" TIME_SLOT_REF2="{end}"{points}>'
        f"<ANNOTATION_VALUE>{value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>"
    )


def under(name: str, parent: str, value: str = "", after: str = "") -> str:
    """An annotation that hangs under another one, after a sibling or not."""
    previous = f' PREVIOUS_ANNOTATION="{after}"' if after else ""
    return (
        f'<REF_ANNOTATION ANNOTATION_ID="{name}" ANNOTATION_REF="{parent}"{previous}>'
        f"<ANNOTATION_VALUE>{value}</ANNOTATION_VALUE></REF_ANNOTATION>"
    )
