"""`import attunement`: what it offers, for what, and how it says no."""

import ast
import inspect

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.docs import made

import attunement
from attunement.errors import NotReadable, WrongUse
from attunement.events import events_from_rows, join
from attunement.measures import as_json
from attunement.reports import as_record
from attunement.schemes import code_session, scheme
from attunement.simulate import Calls, calls

VISIT = made.VISIT
REVERSED = "onset,offset,tier,code\n1000,2000,child,babble\n9000,3000,mother,talk\n"


@pytest.fixture(scope="module")
def found():
    return attunement.measure(VISIT, window="2s")


def test_all_that_is_offered_is_there_and_typed_and_says_what_it_does():
    stub = ast.parse((made.ROOT / "src/attunement/__init__.pyi").read_text())
    typed = {name.asname for node in stub.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert typed == set(attunement.__all__) - {"__version__"}
    for name in typed:
        assert name in dir(attunement)
        assert inspect.getdoc(getattr(attunement, name)), name


def test_what_is_not_offered_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'attune'"):
        _ = attunement.attune


def test_a_path_a_reading_a_session_and_coded_events_give_the_same_numbers(found):
    reading = attunement.read(VISIT)
    coded = code_session(reading.session, scheme("attunement")).events
    for same in (str(VISIT), reading, reading.session, coded):
        told = attunement.measure(same, window="2s")
        assert as_json(told.measures) == as_json(found.measures)


def test_the_numbers_are_those_of_the_command(found, capsys):
    import json

    from attunement import cli

    cli.main(["measure", str(VISIT), "--window", "2s", "--json"])
    assert json.loads(capsys.readouterr().out)["files"] == [as_record(found)]


def test_a_scheme_may_be_named():
    assert attunement.measure(VISIT, "aclew").coding.scheme.name == "aclew"


def test_made_up_events_are_measured_by_the_scheme_they_are_coded_by():
    events = calls(Calls(misread=0), scheme("aclew"), sessions=1, length_ms=600_000, seed=1).events
    assert attunement.measure(events).coding.scheme.name == "aclew"
    with pytest.raises(WrongUse, match="not those of “lena”"):
        attunement.measure(events, "lena")


def test_events_of_no_scheme_are_refused():
    with pytest.raises(WrongUse, match="not those of any built-in scheme"):
        attunement.measure(events_from_rows([("child", "coo", 0, 500)]))


def test_several_recordings_at_once_are_refused(tmp_path):
    one = code_session(attunement.read(VISIT).session, scheme("attunement")).events
    with pytest.raises(WrongUse, match="2 sessions"):
        attunement.measure(join([one, one]))
    two = tmp_path / "two.rttm"
    two.write_text("".join(f"SPEAKER {name} 1 1.0 1.0 <NA> <NA> KCHI <NA> <NA>\n" for name in "ab"))
    with pytest.raises(NotReadable, match="2 recordings"):
        attunement.measure(two)
    assert [attunement.measure(one).source.title for one in attunement.readings(two)] == ["a", "b"]


def test_a_window_that_is_no_time_is_refused():
    with pytest.raises(WrongUse, match="soon"):
        attunement.measure(VISIT, window="soon")


def test_the_table_of_numbers_has_each_of_them_once_with_its_key(found):
    numbers = attunement.to_frame(found)
    value = {(measure, number): value for measure, number, value in numbers.iter_rows()}
    told = as_json(found.measures)
    assert len(value) == len(numbers)
    assert value["replies", "share"] == told["replies"]["share"]
    assert [value["replies", f"interval.{end}"] for end in ("low", "high")] == told["replies"]["interval"]
    assert value["turns", "conversations.number"] == told["turns"]["conversations"]["number"]
    assert value["comfort", "median_ms"] is None
    assert not any("parameters" in number for _, number in value)


def test_the_table_of_events_is_what_was_counted(found):
    events = found.coding.events
    table = attunement.to_frame(found, "events")
    assert len(table) == len(events) == 138
    assert np.array_equal(table["start_ms"], events.start)
    assert table["actor"].unique().sort().to_list() == ["child", "mother"]


def test_states_and_budgets_have_a_row_for_each_actor_and_code(found):
    states, budgets = attunement.to_frame(found, "states"), attunement.to_frame(found, "budgets")
    assert_frame_equal(states.select("actor", "code"), budgets.select("actor", "code"), check_row_order=False)
    assert states["count"].sum() == 138
    assert (states.schema["total_ms"], budgets.schema["share"]) == (pl.Int64, pl.Float64)


def test_contingency_has_a_row_for_each_pair_of_tracks(found):
    table = attunement.to_frame(found, "contingency")
    assert table.select("a", "b", "c", "d").row(0) == tuple(as_json(found.measures)["contingency"][0]["table"])
    assert table["signals"].to_list() == ["all", "connect", "comfort", "break", "explore"]
    assert table.filter(signals="comfort")["p"].to_list() == [None]


def test_where_an_issue_forbids_numbers_there_are_none_and_the_issues_say_why(tmp_path):
    file = tmp_path / "reversed.csv"
    file.write_text(REVERSED)
    found = attunement.measure(file)
    assert found.measures is None
    for part in ("numbers", "contingency", "states", "budgets"):
        assert (len(attunement.to_frame(found, part)), attunement.to_frame(found, part).width > 2) == (0, True)
    assert "error" in attunement.to_frame(found, "issues")["severity"].to_list()
    assert attunement.measure(file, despite_issues=True).measures is not None


def test_a_table_that_is_not_made_is_refused(found):
    with pytest.raises(WrongUse, match="there are numbers, contingency"):
        attunement.to_frame(found, "moods")


def test_a_report_of_a_file_and_of_what_was_measured_are_the_same(found):
    assert attunement.to_markdown(attunement.report(VISIT, window="2s")) == attunement.to_markdown(
        attunement.report(found)
    )
    assert attunement.to_html(attunement.report(found)).startswith("<!doctype html>")
