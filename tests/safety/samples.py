"""Small sound files of every kind, as the programs of the field write them: what harm is made from."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable

from attunement.events import NONE, Session, Tier, session_from_rows
from attunement.formats import parquet

Make = Callable[[], bytes]

ROWS = [
    ("CHI", "coo", 0, 900),
    ("CHI", "cry", 2_000, 2_500),
    ("MOT", "talk", 1_000, 1_800),
    ("act@MOT", "hug", 1_000, 1_800),
]
TIERS = (Tier("CHI", "CHI"), Tier("MOT", "MOT"), Tier("act@MOT", "MOT", "", "MOT"))

ELAN = b"""<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT FORMAT="3.0"><HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
<MEDIA_DESCRIPTOR MEDIA_URL="file:///visit.mp4" TIME_ORIGIN="40"/></HEADER>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="t2"/>
<TIME_SLOT TIME_SLOT_ID="t3" TIME_VALUE="900"/></TIME_ORDER>
<TIER TIER_ID="CHI" LINGUISTIC_TYPE_REF="talk" PARTICIPANT="CHI">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2" CVE_REF="e1">
<ANNOTATION_VALUE>0.</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="t2" TIME_SLOT_REF2="t3">
<ANNOTATION_VALUE>ba</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="vcm@CHI" LINGUISTIC_TYPE_REF="kind" PARTICIPANT="CHI" PARENT_REF="CHI">
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a1"><ANNOTATION_VALUE>N</ANNOTATION_VALUE>
</REF_ANNOTATION></ANNOTATION>
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a4" ANNOTATION_REF="a1" PREVIOUS_ANNOTATION="a3">
<ANNOTATION_VALUE>C</ANNOTATION_VALUE>
</REF_ANNOTATION></ANNOTATION></TIER>
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="talk" CONTROLLED_VOCABULARY_REF="v"/>
<CONTROLLED_VOCABULARY CV_ID="v"><CV_ENTRY_ML CVE_ID="e1"><CVE_VALUE>0.</CVE_VALUE></CV_ENTRY_ML></CONTROLLED_VOCABULARY>
</ANNOTATION_DOCUMENT>
"""

LENA = b"""<?xml version="1.0" encoding="UTF-8" ?>
<!DOCTYPE ITS SYSTEM "its.dtd" >
<ITS fileName="x"><ProcessingUnit><PrimaryChild DOB="2017-01-01"/><Bar><Recording startTime="PT0.00S"/></Bar>
<Recording num="1" startClockTime="2026-03-29T01:30:00Z" startTime="PT0.00S" endTime="PT5.00S">
<Conversation num="1" type="CIC" turnTaking="1" startTime="PT0.00S" endTime="PT3.07S">
<Segment spkr="CHN" average_dB="-1" childUttCnt="1" startUtt1="PT0.10S" endUtt1="PT0.30S"
 startCry1="PT0.40S" endCry1="PT0.50S" startTime="PT0.00S" endTime="PT1.00S"/>
<Segment spkr="FAN" average_dB="-1" femaleAdultWordCnt="1.73"
 conversationInfo="|RC|1|1|1|CIC|TIFR|FI|" startTime="PT1.00S" endTime="PT3.07S"/>
</Conversation><Pause><Segment spkr="SIL" average_dB="-1" startTime="PT3.07S" endTime="PT5.00S"/></Pause></Recording>
<Recording num="2" startTime="PT5.00S" endTime="PT6.00S"><Pause>
<Segment spkr="NON" average_dB="-1" startTime="PT5.00S" endTime="PT6.00S"/></Pause></Recording></ProcessingUnit></ITS>
"""

CHAT = b"""@UTF8
@Begin
@Participants:\tCHI Target_Child, MOT Mother
@ID:\teng|x|CHI|2;03.04|female|||Target_Child|||
@Media:\tvisit, video
*CHI:\tba ba .[+ IN] \x150_900\x15
%add:\tMOT
*MOT:\thello
\tyou there . \x151000_1800\x15
%com:\tsmiles \x151000_1800\x15
*CHI:\txxx .
@End
"""

RTTM = b"""SPEAKER day 1 0.500 0.400 <NA> <NA> CHI <NA> <NA>
SPEAKER day 1 1.25 1.1 <NA> <NA> FEM 0.5 <NA>
SPEAKER eve 1 2 0.001 <NA> canonical KCHI <NA>
LEXEME day 1 0.5 0.1 ba lex CHI 0.9
"""

TEXTGRID = b'''File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 3.5
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "CHI"
        xmin = 0
        xmax = 3.5
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 1.25
            text = "ba ""ba"""
        intervals [2]:
            xmin = 1.25
            xmax = 3.5
            text = ""
    item [2]:
        class = "TextTier"
        name = "looks"
        xmin = 0
        xmax = 3.5
        points: size = 1
        points [1]:
            number = 0.75
            mark = "up"
'''

SHORT_TEXTGRID = b"""File type = "ooTextFile"
"TextGrid"

0
3.5
<exists>
1
"IntervalTier"
"CHI"
0
3.5
1
0
1.25
"ba"
"""

CHRONOLOGICAL_TEXTGRID = b""""Praat chronological TextGrid text file"
0 3.5   ! Time domain.
2   ! Number of tiers.
"IntervalTier" "CHI" 0 3.5
"TextTier" "looks" 0 3.5
1 0 1.25
"ba"
2 0.75
"up"
"""

PROJECT: dict[str, object] = {
    "project_format_version": "7.0",
    "behaviors_conf": {"0": {"code": "hug", "type": "State event"}, "1": {"code": "smile", "type": "Point event"}},
    "observations": {
        "visit": {
            "events": [[1.5, "Ana", "hug", "long", ""], [2, "", "smile", "", "wide"], [4.0, "Ana", "hug", "long", "ends"]],
            "time offset": 0.0, "file": {"1": ["a.mp4"]}, "observation time interval": [0, 9],
        }
    },
}  # fmt: skip
BORIS = json.dumps(PROJECT).encode()

BORIS_EVENTS = b"""Observation id\tvisit\t\t\t\t\t\t\t
\t\t\t\t\t\t\t\t
Time\tMedia file path\tTotal length\tFPS\tSubject\tBehavior\tBehavioral category\tComment\tStatus
1.5\ta.mp4\t60.0\t25.0\tAna\thug\t\t\tSTART
2.0\ta.mp4\t60.0\t25.0\tAna\tsmile\t\twide\tPOINT
4.0\ta.mp4\t60.0\t25.0\tAna\thug\t\tends\tSTOP
"""

BORIS_BOUTS = b"""Observation id,Media file,Subject,Behavior,Behavioral category,Modifiers,Behavior type,Start (s),Stop (s),Duration (s),Comment start,Comment stop
visit,a.mp4,Ana,hug,,long,STATE,1.800,8.125,6.325,,
visit,a.mp4,No focal subject,smile,,,POINT,10.250,10.250,NA,wide,
"""  # noqa: E501

DATAVYU_DB = b"""#4\r
hands (MATRIX,true,)-hand|NOMINAL,look|NOMINAL\r
00:00:01:000,00:01:02:003,(left,1)\r
00:02:00:000,00:00:00:000,(a\\, b,)\r
cry (TEXT,true,)\r
00:00:05:000,00:00:06:000,loud\r
"""

DATAVYU_BELOW = b"""file,column,ordinal,onset,offset,hand,look
dyad1,hands,1,28846,157944,left,
dyad1,feet,1,177790,184132,,1
"""

DATAVYU_BESIDE = b"""hands.ordinal,hands.onset,hands.offset,hands.look,cry.ordinal,cry.onset,cry.offset,cry.code01
1,0,900,left,1,100,200,loud
2,1000,1800,right,,,,
"""

TABLE = b"""onset_ms,offset_ms,tier,code
0,900,CHI,coo
1000,1800,MOT,"talk, softly"
2000,,CHI,cry
"""

OWN_TABLE = b"""session,tier,participant,value,start_ms,end_ms,id,parent
visit,CHI,CHI,coo,0,900,r1,
visit,act@CHI,CHI,'=hug,0,900,r2,r1
"""

CLOCK_TABLE = b"onset;offset;code\n0:00:01,500;0:00:02,000;coo\n00:01:03.250;00:01:04.000;cry\n"


def session() -> Session:
    return session_from_rows(
        ROWS, name="visit", ids=["r1", "r2", "r3", "r4"], parents=[NONE, NONE, NONE, 2], tiers=TIERS
    )


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", how) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a name twice, which is on purpose
        for name, data in members:
            archive.writestr(name, data)
    return into.getvalue()


def datavyu(db: bytes = DATAVYU_DB, *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    return zipped(("project", b"!project\nname: x\n"), ("db", db), how=how)


def parquet_file() -> bytes:
    return parquet.written(session())


def samples() -> dict[str, tuple[str, tuple[Make, ...]]]:
    """For each format a file name with its ending, and what makes sound files; nothing is made before it is called."""
    return {
        "elan": ("visit.eaf", _these(ELAN)), "chat": ("visit.cha", _these(CHAT)), "lena": ("visit.its", _these(LENA)),
        "rttm": ("visit.rttm", _these(RTTM)),
        "textgrid": ("visit.TextGrid", _these(TEXTGRID, SHORT_TEXTGRID, CHRONOLOGICAL_TEXTGRID)),
        "boris": ("visit.boris", _these(BORIS)), "boris_table": ("visit.tsv", _these(BORIS_EVENTS, BORIS_BOUTS)),
        "datavyu": ("visit.opf", (datavyu,)), "datavyu_table": ("visit.csv", _these(DATAVYU_BELOW, DATAVYU_BESIDE)),
        "table": ("visit.csv", _these(TABLE, OWN_TABLE, CLOCK_TABLE)), "parquet": ("visit.parquet", (parquet_file,)),
    }  # fmt: skip


def _these(*files: bytes) -> tuple[Make, ...]:
    return tuple(lambda data=data: data for data in files)
