"""Honest files of any size, as programs of the field write them: what readers have to be quick with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import numpy as np

SPEAKERS = ("CHI", "FEM", "MAL", "OCH")
LENA_LABELS = ("CHN", "FAN", "SIL", "NON", "MAN", "OLN", "TVN")


def spans(rows: int, seed: int = 1) -> tuple[list[int], list[int], list[int]]:
    """Begin, end (ms) and who (n,), one after another, over at most 47 hours."""
    rng = np.random.default_rng(seed)
    step = max(min(3_000, 46 * 3_600_000 // max(rows, 1)), 4)
    begin = np.cumsum(rng.integers(2, 2 * step - 2, rows))
    end = np.minimum(begin + rng.integers(1, step, rows), np.append(begin[1:], begin[-1:] + step))
    return begin.tolist(), end.tolist(), rng.integers(0, 4, rows).tolist()


def elan(rows: int) -> bytes:
    begin, end, who = spans(rows)
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="b{at}" TIME_VALUE="{a}"/>\n<TIME_SLOT TIME_SLOT_ID="e{at}" TIME_VALUE="{b}"/>\n'
        for at, (a, b) in enumerate(zip(begin, end, strict=True))
    )
    tiers = []
    for place, name in enumerate(SPEAKERS):
        inside = "".join(
            f'<ANNOTATION>\n<ALIGNABLE_ANNOTATION ANNOTATION_ID="a{at}" TIME_SLOT_REF1="b{at}" TIME_SLOT_REF2="e{at}">\n'
            "<ANNOTATION_VALUE>0.</ANNOTATION_VALUE>\n</ALIGNABLE_ANNOTATION>\n</ANNOTATION>\n"
            for at in range(rows) if who[at] == place
        )  # fmt: skip
        tiers.append(f'<TIER TIER_ID="{name}" LINGUISTIC_TYPE_REF="talk" PARTICIPANT="{name}">\n{inside}</TIER>\n')
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    head += '<ANNOTATION_DOCUMENT xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    head += 'xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd" '
    head += 'AUTHOR="" DATE="2026-05-04T10:00:00+00:00" FORMAT="3.0" VERSION="3.0">\n'
    head += '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>\n'
    kind = '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="talk" TIME_ALIGNABLE="true" GRAPHIC_REFERENCES="false"/>\n'
    return f"{head}<TIME_ORDER>\n{slots}</TIME_ORDER>\n{''.join(tiers)}{kind}</ANNOTATION_DOCUMENT>\n".encode()


def lena(rows: int) -> bytes:
    """Segments that tile the time, as LENA's do, in blocks of 20."""
    cuts = np.sort(np.random.default_rng(1).integers(0, min(rows * 110, 16_000_000), rows + 1)) * 10
    who = np.random.default_rng(2).integers(0, len(LENA_LABELS), rows).tolist()
    times = [f"PT{at / 1_000:.2f}S" for at in cuts.tolist()]
    segments = [_segment(LENA_LABELS[one], times[at], times[at + 1]) for at, one in enumerate(who)]
    blocks = []
    for number, at in enumerate(range(0, rows, 20), 1):
        last = times[min(at + 20, rows)]
        blocks.append(
            f'<Conversation num="{number}" type="CIC" turnTaking="1" average_dB="-20" startTime="{times[at]}" '
            f'endTime="{last}">\n{"".join(segments[at : at + 20])}</Conversation>\n'
        )
    head = '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE ITS SYSTEM "its.dtd" >\n<ITS fileName="x"><ProcessingUnit>\n'
    whole = f'<Recording num="1" startTime="{times[0]}" endTime="{times[-1]}">\n{"".join(blocks)}</Recording>'
    return f"{head}{whole}</ProcessingUnit></ITS>\n".encode()


def _segment(who: str, begin: str, end: str) -> str:
    told = {
        "CHN": f'childUttCnt="1" childUttLen="P0.60S" startUtt1="{begin}" endUtt1="{end}" childCryVfxLen="P0.00S" ',
        "FAN": 'conversationInfo="|RC|1|1|1|CIC|TIFR|FI|" femaleAdultWordCnt="3.52" femaleAdultUttCnt="0" ',
        "MAN": 'maleAdultWordCnt="2.13" maleAdultUttCnt="0" ',
    }.get(who, "")
    return (
        f'<Segment spkr="{who}" average_dB="-24.16" peak_dB="-12.40" recordingInfo="|AN|1|1|" {told}'
        f'startTime="{begin}" endTime="{end}" />\n'
    )


def chat(rows: int) -> bytes:
    begin, end, who = spans(rows)
    names = ("CHI", "MOT", "FAT", "SIS")
    lines = (
        f"*{names[one]}:\tyou want the red ball ? \x15{a}_{b}\x15\n%add:\tCHI\n"
        for one, a, b in zip(who, begin, end, strict=True)
    )
    head = "@UTF8\n@Begin\n@Participants:\tCHI Target_Child, MOT Mother, FAT Father, SIS Sister\n"
    return f"{head}{''.join(lines)}@End\n".encode()


def rttm(rows: int) -> bytes:
    return "".join(
        f"SPEAKER day 1 {a / 1_000:.3f} {(b - a) / 1_000:.3f} <NA> <NA> {SPEAKERS[one]} <NA> <NA>\n"
        for a, b, one in zip(*spans(rows), strict=True)
    ).encode()


def table(rows: int) -> bytes:
    lines = (f"{a},{b},{SPEAKERS[one]},coo\n" for a, b, one in zip(*spans(rows), strict=True))
    return ("onset_ms,offset_ms,tier,code\n" + "".join(lines)).encode()


def textgrid(rows: int) -> bytes:
    begin, end, who = spans(rows)
    last = max(end) / 1_000
    tiers = []
    for place, name in enumerate(SPEAKERS):
        own = [at for at in range(rows) if who[at] == place]
        items = "".join(
            f"        intervals [{n}]:\n            xmin = {begin[at] / 1_000}\n            xmax = {end[at] / 1_000}\n"
            '            text = "ba"\n'
            for n, at in enumerate(own, 1)
        )
        tiers.append(
            f'    item [{place + 1}]:\n        class = "IntervalTier"\n        name = "{name}"\n        xmin = 0\n'
            f"        xmax = {last}\n        intervals: size = {len(own)}\n{items}"
        )
    head = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
    head += f"xmin = 0\nxmax = {last}\ntiers? <exists>\nsize = 4\nitem []:\n"
    return (head + "".join(tiers)).encode()


def boris(rows: int) -> bytes:
    """Half states, with a press at each end, and half points."""
    begin, end, who = spans(rows)
    presses = []
    for at, one in enumerate(who):
        name, point = SPEAKERS[one], at % 2
        presses.append(
            (begin[at], name, f"smile{at % 3}" if point else f"hug{at}" if rows < 50 else f"hug{at % 3}", point)
        )
        if not point:
            presses.append((end[at], name, presses[-1][2], point))
    events = [[ms / 1_000, name, code, "", "", "NA"] for ms, name, code, _ in sorted(presses)]
    kinds = {code: "Point event" if point else "State event" for _, _, code, point in presses}
    behaviours = {str(at): {"code": code, "type": kind} for at, (code, kind) in enumerate(sorted(kinds.items()))}
    whole = {"project_format_version": "7.0", "behaviors_conf": behaviours,
             "observations": {"visit": {"events": events, "time offset": 0.0}}}  # fmt: skip
    return json.dumps(whole, indent=0).encode()


MAKERS: Mapping[str, tuple[str, Callable[[int], bytes]]] = {
    "elan": ("day.eaf", elan), "lena": ("day.its", lena), "chat": ("day.cha", chat), "rttm": ("day.rttm", rttm),
    "textgrid": ("day.TextGrid", textgrid), "boris": ("day.boris", boris), "table": ("day.csv", table),
}  # fmt: skip


def of_size(format: str, size: int) -> bytes:
    """An honest file of about `size` bytes."""
    make = MAKERS[format][1]
    return make(int(size / (len(make(2_000)) / 2_000)))
