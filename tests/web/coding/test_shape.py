"""What a reader answers is believed only in our own shape, and a drawing only when our writer could have drawn it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from attunement.reports.svg import element, label, picture
from attunement_web.coding import bridge
from attunement_web.coding.reading.drawing import is_ours
from attunement_web.coding.reading.shape import NotOurShape, files_in, refusal_in

TABLE = b"onset_ms,offset_ms,tier,code\n" + b"".join(
    b"%d,%d,CHI,coo\n%d,%d,MOT,talk\n" % (n, n + 400, n + 600, n + 900) for n in range(0, 40_000, 1_000)
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What our own reader answers."""
    read = bridge.read([TABLE], "visit.csv", folder=tmp_path_factory.mktemp("uploads"))
    return {"files": read.sessions}


def changed(told: dict[str, Any], path: str, value: object) -> bytes:
    """The answer with one thing in it put to something else; a path that leads nowhere is added."""
    copied = copy.deepcopy(told)
    *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    at: Any = copied
    for step in way:
        at = at[step]
    at[last] = value
    return json.dumps(copied).encode()


def test_our_readers_answer_is_in_our_shape(told: dict[str, Any]) -> None:
    assert files_in(json.dumps(told).encode()) == told["files"]
    assert len(told["files"][0]["report"]["sections"][0]["pictures"]) == 2


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("files", []), ("files", {}), ("files", [None]), ("files", [{}]), ("more", 1),
        ("files/0/more", 1), ("files/0/report", None), ("files/0/report/title", 7), ("files/0/report/title", "a\0b"),
        ("files/0/report/title", "\ud800"), ("files/0/report/title", "x" * 300_000), ("files/0/report/more", "x"),
        ("files/0/report/facts", [["one"]]), ("files/0/report/facts", [["a", ["b"]]]),
        ("files/0/report/sections/0/key", 'x" onload="'), ("files/0/report/sections/0/sentences", "text"),
        ("files/0/report/sections/0/pictures/0/svg", "<svg><script>1</script></svg>"),
        ("files/0/report/sections/0/pictures/0/svg", 5), ("files/0/report/sections/0/pictures/0/width", -1),
        ("files/0/report/sections/0/pictures/0/width", True), ("files/0/report/sections/0/pictures/0/width", 1.5),
        ("files/0/report/sections/0/table", {"caption": "c", "head": ["a"], "rows": [[1]]}),
        ("files/0/issues", [{"code": "a", "severity": "fatal", "place": "", "message": ""}]),
        ("files/0/session/duration_ms", -1), ("files/0/session/duration_ms", 10**30), ("files/0/session/actors", "CHI"),
        ("files/0/measures", {"a": float("nan")}), ("files/0/measures", {"a": float("inf")}),
        ("files/0/measures", {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": 1}}}}}}}}}),
        ("files/0/file/sha256", None), ("files/0/scheme", {"name": "x"}),
    ],
)  # fmt: skip
def test_anything_else_is_not_believed(told: dict[str, Any], path: str, value: object) -> None:
    with pytest.raises(NotOurShape):
        files_in(changed(told, path, value))


@pytest.mark.parametrize(
    "answer", [b"", b"{", b"\xff", b"null", b"[]", b"[" * 200_000, b'{"files": 1e999}', b"9" * 5_000, b'{"files": NaN}']
)
def test_what_is_no_json_of_ours_is_not_believed(answer: bytes) -> None:
    for reads in (files_in, refusal_in):
        with pytest.raises(NotOurShape):
            reads(answer)


def test_a_number_too_large_to_be_one_is_not_believed(told: dict[str, Any]) -> None:
    answer = changed(told, "files/0/measures", {"a": "HERE"}).replace(b'"HERE"', b"1e999")
    with pytest.raises(NotOurShape):
        files_in(answer)


DRAWN = picture(
    [label("a <b> & “c”", 1, 2), element("path", d="M1 2H3.5V4Z", fill="#8a4b2f")],
    key="k",
    title='"T"',
    summary="S",
    width=9,
    height=9,
).svg


def test_a_drawing_of_our_writer_is_ours() -> None:
    assert is_ours(DRAWN)
    assert is_ours("<svg/>")


@pytest.mark.parametrize(
    "svg",
    [
        "", " ", "words", "<svg>", "</svg>", "<svg></g>", "<svg/>more", "words<svg/>", "<svg/><svg/>", "<g></g>",
        "<svg><script>alert(1)</script></svg>", "<svg><SCRIPT/></svg>", "<svg><style>*{}</style></svg>",
        "<svg><foreignobject></foreignobject></svg>", "<svg><image/></svg>", "<svg><use/></svg>", "<svg><a></a></svg>",
        "<svg><animate/></svg>", "<svg><set/></svg>", '<svg onload="x"></svg>', '<svg><path onclick="x"/></svg>',
        '<svg><path href="x"/></svg>', '<svg><path style="x"/></svg>', '<svg><path fill="url(#x)"/></svg>',
        '<svg><path fill="javascript:1"/></svg>', '<svg xmlns="http://example.org"></svg>', "<svg><path d='x'/></svg>",
        "<svg>&#60;script&#62;</svg>", "<svg>&x;</svg>", "<svg><!-- x --></svg>", "<svg><![CDATA[x]]></svg>",
        "<?xml version='1.0'?><svg/>", "<!DOCTYPE svg><svg/>", "<svg><path d=x/></svg>", "<svg\nonload=x></svg>",
        '<svg><path d="x"onload="y"/></svg>', "<svg><text>a < b</text></svg>", "<svg><text>a</svg></text>",
        "<svg:script/>", "<svg></svg >", '<svg></svg onload="x">', '<svg><path xlink:href="x"/></svg>',
    ],
)  # fmt: skip
def test_whatever_our_writer_would_not_draw_is_not_ours(svg: str) -> None:
    assert not is_ours(svg)


def test_looking_at_a_drawing_takes_time_in_proportion() -> None:
    for hostile in ("<svg><path" + ' d="x"' * 200_000, "<svg>" + "<g>" * 200_000, "<svg>" + "a" * 2_000_000 + "<"):
        assert not is_ours(hostile)


def test_the_answer_of_another_file_is_not_believed(tmp_path: Path, told: dict[str, Any]) -> None:
    (other := tmp_path / "reader.py").write_text(f"print({json.dumps(told)!r})")
    with pytest.raises(bridge.Mistake):
        bridge.read([b"something else"], "v.csv", folder=None, reader=(str(other),))
