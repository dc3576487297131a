"""The page on schemes: its example is a scheme, and every key that is read stands on it."""

import re

from tests.docs.made import ROOT

from attunement.events import session_from_rows
from attunement.schemes import code_session, loading, scheme

PAGE = (ROOT / "docs/reference/schemes.md").read_text(encoding="utf-8")


def test_the_example_is_a_scheme_that_reads_what_it_says(tmp_path):
    (own,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "mine.toml").write_text(own, encoding="utf-8")
    rows = [
        ("child", "sm", 0, 1), ("child's voice", "Fuss", 2, 3), ("mother", "talk", 4, 5), ("mother", "fuss", 6, 7),
        ("notes", "?", 8, 9), ("coded", "1", 0, 10),
    ]  # fmt: skip
    coding = code_session(
        session_from_rows(rows, name="visit", ids=[""] * len(rows)), scheme(str(tmp_path / "mine.toml"))
    )
    events = coding.events
    assert [(events.actors[who], events.codes[what]) for who, what in zip(events.actor, events.code, strict=True)] == [
        ("child", "smile"), ("child", "fuss"), ("mother", "talk"),
    ]  # fmt: skip
    assert [issue.place for issue in coding.issues] == ["tier mother"]
    assert events.observed_ms.tolist() == [10]


def test_every_key_stands_on_the_page():
    told = {
        key.partition(".")[0]
        for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
        for key in re.findall(r"`([\w.]+)`", row)
    }
    assert told == loading._KEYS
