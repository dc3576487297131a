"""What a kind of file has no place for though all rows fit: left out when written, and said."""

from __future__ import annotations

import re
from pathlib import PurePath

from attunement.clock import show_duration
from attunement.events import Session

_ROWS_ONLY = (".rttm",)  # such a file ends with its last row
_IN_EACH_ROW = (".csv", ".parquet")  # the length of the recording stands in each row
_OBSERVED = (".boris",)
_ELAN = {
    "controlled vocabularies": re.compile(rb"<CONTROLLED_VOCABULARY\b"),
    "references to their entries": re.compile(rb"\bCVE_REF\s*="),
    "languages": re.compile(rb"<LANGUAGE\b"),
    "references to other files": re.compile(rb"<(?:EXTERNAL_REF|LEXICON_REF|LINKED_FILE_DESCRIPTOR|REF_LINK_SET)\b"),
    "relative places of media": re.compile(rb"\bRELATIVE_MEDIA_URL\s*="),
    "offsets of media": re.compile(rb"\bTIME_ORIGIN\s*=\s*[\"'](?!0?[\"'])"),
    "the author": re.compile(rb"<ANNOTATION_DOCUMENT\b[^>]*?\bAUTHOR\s*=\s*[\"'][^\"']"),
    "the licence": re.compile(rb"<LICENSE\b"),
    "properties of the document": re.compile(rb"<PROPERTY\b(?![^>]*lastUsedAnnotationId)"),
}


def not_kept(session: Session, name: str) -> tuple[str, ...]:
    """A sentence for each thing of the session that the kind of file of this `name` cannot hold."""
    ending, events = PurePath(name).suffix.lower(), session.events
    lasts, last = int(events.duration_ms[0]), int(events.end.max(initial=0))
    said = []
    if ending in _OBSERVED and session.observed:
        last = lasts = session.observed[-1].end  # what BORIS divides by
    if lasts > last and (ending in _ROWS_ONLY or (ending in _IN_EACH_ROW and not len(events))):
        said.append(
            f"the recording lasts {show_duration(lasts)} and its last row ends at {show_duration(last)}; this kind of "
            "file does not say how long a recording is, so rates from it are of the shorter time"
        )
    if session.observed and (ending not in _OBSERVED or len(session.observed) > 1):
        said.append("only a part of the recording was observed, and this kind of file does not say which")
    return tuple(said)


def elan_not_kept(original: bytes) -> str:
    """What an .eaf file holds beside its rows and tiers that we do not write into a new one, in one line, or nothing."""
    named = [name for name, sign in _ELAN.items() if sign.search(original)]
    kinds, used = (
        set(re.findall(rb"\bLINGUISTIC_TYPE_%s\s*=\s*[\"']([^\"']*)" % one, original)) for one in (b"ID", b"REF")
    )
    if kinds - used:
        named.append("linguistic types without a tier")
    return f"these of the original are left out: {', '.join(named)}; keep the original" if named else ""
