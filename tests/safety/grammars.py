"""Files of each kind made up by chance: the form is right, what stands in it is anything."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

import polars as pl
from tests.safety import samples
from tests.safety.dice import Dice, damaged

IDS = ("a1", "a2", "a3", "t1", "t2", "t3")
WHO = ("CHI", "MOT", "vcm@CHI")


def made(format: str, dice: Dice) -> tuple[bytes, str]:
    """One file of the format, made up or one of the samples, mostly damaged, with a name for it."""
    name, sound = _samples()[format]
    data = dice.choice(sound) if dice.likely(0.35) else GRAMMARS[format](dice)
    if dice.likely(0.6):
        data = damaged(data, dice)
    return data, name


@cache
def _samples() -> dict[str, tuple[str, tuple[bytes, ...]]]:
    return {format: (name, tuple(make() for make in sound)) for format, (name, sound) in samples.samples().items()}


def elan(dice: Dice) -> bytes:
    slots = "".join(_slot(name, dice) for name in IDS[3:])
    tiers = dice.many(4, lambda: _tier(dice))
    kinds = dice.many(2, lambda: _tag(dice, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID="k", CONTROLLED_VOCABULARY_REF="v"))
    book = dice.many(
        2, lambda: f'<CONTROLLED_VOCABULARY CV_ID="v">{dice.many(3, lambda: _entry(dice))}</CONTROLLED_VOCABULARY>'
    )
    unit = dice.choice(("milliseconds", "milliseconds", "PAL-frames", "NTSC-frames", "x"))
    parts = [f'<HEADER TIME_UNITS="{unit}"/>', f"<TIME_ORDER>{slots}</TIME_ORDER>", tiers, kinds, book]
    if dice.likely(0.2):
        dice.shuffle(parts)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT>{"".join(parts)}</ANNOTATION_DOCUMENT>'.encode()
    )


def _slot(name: str, dice: Dice) -> str:
    return _tag(dice, "TIME_SLOT", TIME_SLOT_ID=name, **({} if dice.likely(0.25) else {"TIME_VALUE": dice.number()}))


def _tier(dice: Dice) -> str:
    under = {"PARENT_REF": dice.word(*WHO)} if dice.likely(0.4) else {}
    head = _tag(dice, "TIER", TIER_ID=dice.word(*WHO), LINGUISTIC_TYPE_REF="k", PARTICIPANT=dice.word("CHI"), **under)
    return f"{head[:-2]}>{dice.many(4, lambda: _annotation(dice))}</TIER>"


def _annotation(dice: Dice) -> str:
    def ref() -> str:
        return dice.word(*IDS)

    value = _escaped(dice.word("0.", "N", "C"))
    if dice.likely(0.5):
        kind, given = (
            "ALIGNABLE_ANNOTATION",
            {"TIME_SLOT_REF1": dice.choice(IDS[3:]), "TIME_SLOT_REF2": dice.choice(IDS[3:])},
        )
    else:
        kind, given = "REF_ANNOTATION", {"ANNOTATION_REF": ref()}
        if dice.likely(0.4):
            given["PREVIOUS_ANNOTATION"] = ref()
    if dice.likely(0.2):
        given["CVE_REF"] = ref()
    head = _tag(dice, kind, ANNOTATION_ID=ref(), **given)
    return f"<ANNOTATION>{head[:-2]}><ANNOTATION_VALUE>{value}</ANNOTATION_VALUE></{kind}></ANNOTATION>"


def _entry(dice: Dice) -> str:
    return f'<CV_ENTRY_ML CVE_ID="{dice.choice(IDS)}"><CVE_VALUE>{_escaped(dice.word("0.", "N"))}</CVE_VALUE></CV_ENTRY_ML>'


def _tag(dice: Dice, tag: str, **given: str) -> str:
    pairs = [f' {key}="{_escaped(value)}"' for key, value in given.items() if not dice.likely(0.03)]
    return f"<{tag}{''.join(pairs)}/>"


def _escaped(text: str) -> str:
    for sign, safe in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("\x15", ""), ("\x1f", "")):
        text = text.replace(sign, safe)
    return text


def lena(dice: Dice) -> bytes:
    recordings = dice.many(3, lambda: _recording(dice))
    child = dice.many(1, lambda: '<PrimaryChild DOB="2017-01-01"/>')
    head = samples.LENA[: samples.LENA.index(b"<ITS")].decode()
    return f'{head}<ITS fileName="x"><ProcessingUnit>{child}{recordings}</ProcessingUnit></ITS>'.encode()


def _recording(dice: Dice) -> str:
    return (
        f"{_timed(dice, 'Recording', num=dice.number('1', '2'))[:-2]}>{dice.many(4, lambda: _block(dice))}</Recording>"
    )


def _block(dice: Dice) -> str:
    tag = dice.choice(("Conversation", "Pause", "Bar"))
    more = {"type": dice.word("CIC"), "turnTaking": dice.number()} if tag == "Conversation" else {}
    return f"{_timed(dice, tag, **more)[:-2]}>{dice.many(4, lambda: _segment(dice))}</{tag}>"


def _segment(dice: Dice) -> str:
    told = {key: dice.number() for key in ("childUttCnt", "femaleAdultWordCnt", "conversationInfo") if dice.likely(0.3)}
    for sound in ("Utt1", "Cry1", "Vfx2"):
        if dice.likely(0.3):
            told |= {f"start{sound}": f"PT{dice.number()}S", f"end{sound}": f"PT{dice.number()}S"}
    return _timed(dice, "Segment", spkr=dice.word("CHN", "FAN", "SIL"), average_dB="-1", **told)


def _timed(dice: Dice, tag: str, **more: str) -> str:
    return _tag(dice, tag, **more, startTime=f"PT{dice.number('0.00')}S", endTime=f"PT{dice.number('5.00')}S")


def chat(dice: Dice) -> bytes:
    head = "@UTF8\n@Begin\n@Participants:\tCHI Target_Child, MOT Mother\n"
    return (head + dice.many(2, lambda: _chat_head(dice)) + dice.many(8, lambda: _chat_line(dice)) + "@End\n").encode()


def _chat_head(dice: Dice) -> str:
    return dice.choice(
        (
            f"@ID:\teng|x|CHI|{dice.number('2;03.04', '1;', ';')}|female|||{dice.word('Target_Child')}|||\n",
            f"@Media:\t{dice.word('visit')}, video{dice.choice(('', ', unlinked', ',,'))}\n",
            f"@{dice.word('Comment')}:\t{dice.word()}\n",
        )
    )


def _chat_line(dice: Dice) -> str:
    bullet = dice.choice(
        ("", f"\x15{dice.number()}_{dice.number()}\x15", f'\x15%snd:"a"_{dice.number()}_{dice.number()}\x15', "\x15")
    )
    mark = dice.choice(("*CHI:\t", "*MOT:\t", "%add:\t", "%wor:\t", "\t", f"*{dice.word('CHI')}:\t", ""))
    return f"{mark}{dice.word('ba .', 'hello')} {bullet}{dice.word(' ', bullet)}\n"


def rttm(dice: Dice) -> bytes:
    space = dice.choice((" ", " ", "\t", "  "))

    def line() -> str:
        fields = [
            dice.word("SPEAKER", "SPEAKER", "LEXEME"),
            dice.word("day", "eve"),
            "1",
            dice.number("1.25"),
            dice.number("0.5"),
            "<NA>",
            dice.word("<NA>", "lex"),
            dice.word("CHI", "FEM"),
            "<NA>",
            "<NA>",
        ]
        return space.join(fields[: dice.choice((10, 10, 10, 9, 8, 7, 3, 1))])

    return ("SPEAKER day 1 0 1 <NA> <NA> CHI <NA>\n" + dice.many(6, line, between="\n")).encode()


def textgrid(dice: Dice) -> bytes:
    if dice.likely(0.2):
        return _chronological(dice)
    body = dice.many(3, lambda: _grid_tier(dice))
    head = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", dice.number("0"), dice.number("9"), "<exists>"]
    return "\n".join([*head, dice.number("1", "2", "999999999"), body]).encode()


def _grid_tier(dice: Dice) -> str:
    kind = dice.word("IntervalTier", "TextTier")
    times = 2 if kind == "IntervalTier" else 1

    def row() -> str:
        return "\n".join([*(dice.number() for _ in range(times)), f'"{dice.word("ba", "")}"'])

    rows = dice.many(4, row, between=dice.choice(("\n", "\n", " ", "")))
    return f'"{kind}"\n"{dice.word("CHI", " CHI")}"\n0\n9\n{dice.number("1", "2", "999999999")}\n{rows}\n'


def _chronological(dice: Dice) -> bytes:
    rows = dice.many(5, lambda: f'{dice.number("1", "2")} {dice.number()} {dice.number()}\n"{dice.word("ba")}"\n')
    tiers = '"IntervalTier" "CHI" 0 9\n"TextTier" "x" 0 9\n'
    return f'"Praat chronological TextGrid text file"\n0 9 ! {dice.word()}\n2\n{tiers}{rows}'.encode()


def boris(dice: Dice) -> bytes:
    text = json.dumps(
        {
            "project_format_version": dice.choice(("7.0", "7.0", "8", None)),
            "behaviors_conf": {
                "0": {"code": "hug", "type": "State event"},
                "1": {"code": dice.word("smile"), "type": dice.word("Point event")},
            },
            "observations": {dice.word("visit", "eve"): _boris_visit(dice) for _ in range(dice.randrange(3))},
        }
    )
    return text.replace('"№', "").replace('№"', "").encode()  # numbers stand without quotes


def _boris_visit(dice: Dice) -> object:
    if dice.likely(0.04):
        return dice.choice((None, [], "x", 3))
    events = [_boris_event(dice) for _ in range(dice.randrange(7))]
    return {
        "events": events,
        "time offset": _bare(dice),
        "file": dice.choice(({"1": ["a.mp4"]}, [], None)),
        "observation time interval": [_bare(dice), _bare(dice)],
    }


def _boris_event(dice: Dice) -> object:
    if dice.likely(0.04):
        return dice.choice((None, [], {}, "x", [1, 2]))
    return [
        _bare(dice),
        dice.word("Ana", ""),
        dice.word("hug", "smile"),
        dice.word("", "long"),
        dice.word("", "wide"),
        4,
    ][: dice.choice((6, 5, 5, 3))]


def _bare(dice: Dice) -> object:
    return f"№{dice.number() or 0}№" if dice.likely(0.1) else dice.choice((dice.randrange(9_000), dice.random() * 99))


def boris_table(dice: Dice) -> bytes:
    mark = dice.choice(("\t", ",", ";"))

    def press() -> str:
        return mark.join(
            [
                dice.number("1.5", "0:00:01.5"),
                "a.mp4",
                "60",
                "25",
                dice.word("Ana", ""),
                dice.word("hug"),
                "",
                dice.word(""),
                dice.word("START", "STOP", "POINT"),
            ]
        )

    def bout() -> str:
        return mark.join(
            [
                "visit",
                "a.mp4",
                dice.word("Ana"),
                dice.word("hug"),
                "",
                dice.word(""),
                dice.word("STATE", "POINT"),
                dice.number(),
                dice.number(),
                "1",
                "",
                "",
            ]
        )

    head, row = (
        (samples.BORIS_EVENTS.split(b"\n1.5")[0], press)
        if dice.likely(0.5)
        else (samples.BORIS_BOUTS.split(b"\n")[0], bout)
    )
    sign = "," if row is bout else "\t"
    return (head.decode().replace(sign, mark) + "\n" + dice.many(6, row, between="\n")).encode()


def datavyu(dice: Dice) -> bytes:
    def cell() -> str:
        first, last = (f"00:{dice.randrange(60):02}:{dice.randrange(60):02}:{dice.number('000')[:3]:0>3}" for _ in "ab")
        return f"{first},{last},{dice.word('(left,1)', '(,)', 'loud', '(a,b,c)')}"

    def column() -> str:
        codes = dice.word("hand|NOMINAL,look|NOMINAL", "x|NOMINAL", "")
        return f"{dice.word('hands', 'cry')} ({dice.choice(('MATRIX', 'TEXT', 'x'))},true,)-{codes}\r\n" + dice.many(
            4, cell, between="\r\n"
        )

    db = f"{dice.word('#4', '#3')}\r\n" + dice.many(3, column, between="\r\n") + "\r\n"
    return samples.datavyu(db.encode(), how=dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def datavyu_table(dice: Dice) -> bytes:
    def below() -> str:
        return ",".join(
            [
                dice.word("dyad1"),
                dice.word("hands"),
                dice.number(),
                dice.number(),
                dice.number(),
                dice.word("left"),
                dice.word(""),
            ]
        )

    def beside() -> str:
        return ",".join(
            [
                dice.number(),
                dice.number(),
                dice.number(),
                dice.word("left"),
                *(dice.choice(("", dice.number())) for _ in range(4)),
            ]
        )

    if dice.likely(0.5):
        return (samples.DATAVYU_BELOW.split(b"\n")[0].decode() + "\n" + dice.many(5, below, between="\n")).encode()
    return (samples.DATAVYU_BESIDE.split(b"\n")[0].decode() + "\n" + dice.many(5, beside, between="\n")).encode()


HEADERS = (
    "onset_ms,offset_ms,tier,code",
    "start,duration,code",
    "Begin Time - hh:mm:ss.ms,End Time - hh:mm:ss.ms,code",
    "session,tier,participant,value,start_ms,end_ms,id,parent",
    "onset_frames,code",
    "",
    "segment_onset,speaker_type",
)


def table(dice: Dice) -> bytes:
    header, mark = dice.choice(HEADERS), dice.choice((",", ",", ";", "\t"))
    names = header.split(",") if header else ["onset", "offset", "code"]

    def cell(name: str) -> str:
        timed = any(part in name.lower() for part in ("set", "start", "end", "begin", "duration"))
        said = (
            dice.number("0:00:01.5")
            if timed and "hh" in name
            else dice.number()
            if timed
            else dice.word("CHI", "r1", "r2")
        )
        return '"' + said.replace('"', '""') + '"' if dice.likely(0.1) else said

    rows = dice.many(6, lambda: mark.join(map(cell, names)), between="\n")
    return (header.replace(",", mark) + "\n" + rows).encode() if header else rows.encode()


@cache
def _frames() -> tuple[bytes, ...]:
    """Tables in every packing; they are made once, for that takes longer than reading."""
    kinds: tuple[dict[str, object], ...] = (
        {"tier": ["CHI", "MOT", None], "value": ["ba", "", "x"], "start_ms": [0, 900, None], "end_ms": [5, 800, 9]},
        {
            "session": ["a", "b", None],
            "actor": ["CHI"] * 3,
            "code": ["ba"] * 3,
            "start_ms": [0, -5, 2**62],
            "end_ms": [1, 2, 3],
        },
        {
            "tier": ["CHI", "act@CHI", "CHI"],
            "value": ["1"] * 3,
            "start_ms": [0, 0, 9],
            "end_ms": [9, 9, 9],
            "id": ["a", "b", "a"],
            "parent": ["", "a", "b"],
            "participant": ["CHI", "", None],
        },
        {"tier": [1, 2, 3], "value": ["x"] * 3, "start_ms": [0.5, float("nan"), 1.0], "end_ms": [1, 2, 3]},
        {"tier": [], "value": [], "start_ms": [], "end_ms": []},
    )
    found = []
    for kind in kinds:
        for packing in ("uncompressed", "zstd", "snappy", "gzip"):
            into = io.BytesIO()
            pl.DataFrame(kind).write_parquet(into, compression=packing)  # type: ignore[arg-type]  # one of the four
            found.append(into.getvalue())
    return tuple(found)


def parquet(dice: Dice) -> bytes:
    return dice.choice(_frames())


GRAMMARS: Mapping[str, Callable[[Dice], bytes]] = {
    "elan": elan,
    "chat": chat,
    "lena": lena,
    "rttm": rttm,
    "textgrid": textgrid,
    "boris": boris,
    "boris_table": boris_table,
    "datavyu": datavyu,
    "datavyu_table": datavyu_table,
    "table": table,
    "parquet": parquet,
}
