"""Coding schemes: the built-in ones, schemes of one's own, refusals in one line, and how a session is read with one."""

import pytest

from attunement.clock import Span
from attunement.errors import BadScheme, ExitCode
from attunement.events import NONE, Tier, session_from_rows
from attunement.formats import read_bytes
from attunement.schemes import BUILT_IN, Function, code_session, coding_of, scheme

OWN = """
name = "own"
version = "1"
title = "A scheme of my own"
[serves]
connect = ["connect"]
[matching]
by = "function"
[[rules]]
tier = '.*'
actor = "{tier}"
code = "{value}"
[[codes]]
id = "smile"
role = "child"
kind = "signal"
function = "connect"
[[codes]]
id = "wave"
role = "caregiver"
kind = "act"
function = "connect"
"""


def kept(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def read(*rows, by="attunement", **more):
    """What each row became, (actor, code), and what was said of the rest."""
    session = session_from_rows(rows, name="visit", ids=[""] * len(rows), **more)
    coding = code_session(session, scheme(by))
    events = coding.events
    return [
        (events.actors[actor], events.codes[code]) for actor, code in zip(events.actor, events.code, strict=True)
    ], coding


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_schemes_hold_together(name):
    found = scheme(name)
    assert found.fits.shape == found.matches.shape == (len(found.codes), len(found.codes))
    assert not found.fits[~found.is_signal].any() and not found.fits[:, ~found.is_act].any()
    answerable = found.fits[found.is_signal].any(axis=1)
    assert answerable.all()
    assert all(found[code.id] is code for code in found.codes)


def test_the_projects_own_scheme_knows_what_fits():
    found = scheme("attunement")

    def fits(signal, act):
        return bool(found.fits[found.at[signal], found.at[act]])

    assert fits("coo", "talk") and fits("cry", "hug-child") and fits("look-away", "give-space")
    assert not fits("look-away", "talk") and not fits("cry", "play-back")
    assert fits("point-to-share", "name-what-they-see")  # beyond the functions
    assert len(found.codes) == 104


def test_a_scheme_of_ones_own_is_read_from_its_file(tmp_path):
    own = scheme(kept(tmp_path, OWN))
    assert (own.name, own.ids, own.fits.tolist()) == ("own", ("smile", "wave"), [[False, True], [False, False]])
    assert own.matches[0, 1] and not own.matches[0, 0] and not own.matches[1, 1]
    assert own.with_function(Function.CONNECT).all()


def test_a_scheme_can_be_a_key():
    assert len({scheme("attunement"), scheme("attunement"), scheme("aclew")}) == 2


REFUSED = {
    "unknown key": (OWN.replace("[serves]", "colour = 3\n[serves]", 1).replace("colour", "colour"), "colour"),
    "code twice": (OWN.replace('"wave"', '"smile"'), "“smile” stands twice"),
    "unknown function": (OWN.replace('kind = "act"\nfunction = "connect"', 'kind = "act"\nfunction = "joy"'), "joy"),
    "signal without a function": (OWN.replace('kind = "signal"\nfunction = "connect"', 'kind = "signal"'), "smile"),
    "unknown role": (OWN.replace('"caregiver"', '"aunt"'), "aunt"),
    "unknown kind": (OWN.replace('kind = "act"', 'kind = "deed"'), "deed"),
    "bad TOML": (OWN + "\n[[codes", "not readable as TOML"),
    "no rules": (OWN.replace("[[rules]]", "[[rulez]]"), "rulez"),
    "a tier that is no pattern": (OWN.replace("'.*'", "'('"), "rule 1: “(” is no pattern"),
    "a rule without an actor": (OWN.replace('actor = "{tier}"', ""), "rule 1: the key 'actor' is missing"),
    "a code without an id": (OWN.replace('id = "wave"', ""), "code 2"),
    "a code with an unknown key": (OWN.replace('id = "wave"', 'id = "wave"\ncolour = 3'), "code 2"),
    "no name": (OWN.replace('name = "own"', ""), "name"),
    "an ending that is no code": (OWN + '\n[endings]\ngood = ["joy"]', "joy"),
    "a fit that is no code": (OWN + '\n[[also_fits]]\nsignals = ["smile"]\nacts = ["hug"]', "hug"),
    "months reversed": (OWN.replace('id = "wave"', 'id = "wave"\nfrom_month = 9\nto_month = 3'), "ends before"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_scheme_that_contradicts_itself_is_refused_in_one_line(tmp_path, why):
    text, named = REFUSED[why]
    with pytest.raises(BadScheme) as caught:
        scheme(kept(tmp_path, text))
    said = str(caught.value)
    assert said.startswith("own.toml: ") and named in said and "\n" not in said
    assert caught.value.remedy and caught.value.exit_code == ExitCode.WRONG_USE


def test_a_scheme_that_is_not_there_is_said_with_those_that_are():
    with pytest.raises(BadScheme, match="attunement, aclew"):
        scheme("nowhere")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "own.toml").write_bytes(b"name = \xff\xfe")
    with pytest.raises(BadScheme, match=r"own\.toml"):
        scheme(str(tmp_path / "own.toml"))


def test_values_are_ids_or_wordings_in_any_case():
    found, _ = read(("Child", "Social Smile", 0, 1), ("child", "smiles at you", 2, 3), ("Mum", "HUG_CHILD", 4, 5))
    assert found == [("child", "social-smile"), ("child", "social-smile"), ("Mum", "hug-child")]


def test_a_participant_names_the_actor():
    found, _ = read(("MOT acts", "talk", 0, 1), tiers=[Tier("MOT acts", participant="Ana")])
    assert found == [("Ana", "talk")]


def test_a_child_tier_holds_no_acts_of_a_caregiver():
    found, coding = read(("child", "talk", 0, 1))
    assert found == []
    assert [(issue.code, issue.place) for issue in coding.issues] == [("not-in-scheme", "tier child")]


def test_rows_the_scheme_does_not_know_are_counted_by_tier():
    found, coding = read(*[("child", "wibble", at, at + 1) for at in range(3)], ("child", "coo", 5, 6))
    assert found == [("child", "coo")]
    assert coding.rows.tolist() == [3]
    (said,) = coding.issues
    assert said.message == "3 rows left out: the scheme does not know “wibble”"


def test_aclew_reads_what_hangs_under_a_row():
    found, coding = read(
        ("CHI", "0.", 0, 500), ("vcm@CHI", "Y", 0, 500),
        ("CHI", "0.", 600, 700), ("vcm@CHI", "L", 600, 700),
        ("CHI", "xxx.", 800, 900), ("vcm@CHI", "C", 800, 900),
        ("FA1", "hey", 1_000, 1_100), ("xds@FA1", "C", 1_000, 1_100),
        ("FA1", "hey", 1_200, 1_300), ("xds@FA1", "A", 1_200, 1_300),
        ("FC1", "hi", 1_400, 1_500), ("EE1", "!", 1_600, 1_700),
        by="aclew", parents=[NONE, 0, NONE, 2, NONE, 4, NONE, 6, NONE, 8, NONE, NONE],
    )  # fmt: skip
    assert [code for _, code in found] == [
        "cry", "laugh", "vocalisation", "speech", "speech-to-others", "other-child-sound", "other-sound",
    ]  # fmt: skip
    assert coding.issues == ()


def test_the_observed_time_is_the_union_of_the_observed_tiers():
    _, coding = read(
        ("code_random", "1", 1_000, 5_000), ("code_random", "2", 4_000, 6_000), ("code_high", "3", 9_000, 10_000),
        ("CHI", "0.", 1_500, 2_000), by="aclew", duration_ms=60_000,
    )  # fmt: skip
    assert coding.observed == (Span(1_000, 6_000), Span(9_000, 10_000))
    assert coding.events.observed_ms.tolist() == [6_000]


def test_without_such_tiers_all_of_it_was_observed():
    _, coding = read(("CHI", "0.", 1_500, 2_000), by="aclew", duration_ms=60_000)
    assert coding.observed == (Span(0, 60_000),)


def test_a_session_finds_its_scheme():
    rows = [("CHI", "0.", 0, 500), ("FA1", "hello", 600, 900)]
    session = session_from_rows(rows, name="visit", ids=["", ""])
    assert coding_of(session).scheme.name == "aclew"
    assert coding_of(session, asked="attunement").scheme.name == "attunement"
    nobody = session_from_rows([("a tier", "a word", 0, 500)], name="visit", ids=[""])
    assert coding_of(nobody).scheme.name == "as-written"


TALK = "@UTF8\n@Begin\n@Participants:\t{who}\n{lines}@End\n"


def spoken(who: str, *said: str) -> list[tuple[str, str]]:
    lines = "".join(f"*{line}\x15{at}000_{at}500\x15\n{under}" for at, (line, under) in enumerate(_apart(said), 1))
    coded = coding_of(read_bytes(TALK.format(who=who, lines=lines).encode(), "t.cha").session)
    assert coded.scheme.name == "chat" and not [one for one in coded.issues if one.code == "not-in-scheme"]
    events = coded.events
    return [
        (events.actors[a], events.codes[c]) for a, c in zip(events.actor.tolist(), events.code.tolist(), strict=True)
    ]


def _apart(said: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(line.partition("%")[0], f"%{under}\n" if (under := line.partition("%")[2]) else "") for line in said]


def test_a_role_says_who_speaks_in_a_transcript_whatever_the_code() -> None:
    who = "ADA Target_Child, URS Mother, LEO Brother, TVX Media, BAB Sister"
    assert spoken(who, "ADA:\tda .", "URS:\tyes .", "LEO:\tme .", "TVX:\tla .", "BAB:\tgo .", "ADA:\t&=cries .") == [
        ("child", "vocalisation"), ("URS", "speech"), ("LEO", "other-child-sound"), ("TVX", "other-sound"),
        ("BAB", "other-child-sound"), ("child", "cry"),
    ]  # fmt: skip


def test_a_code_says_who_speaks_where_no_role_does_and_chi_is_the_child() -> None:
    found = spoken("CHI Child, URS Mother, MOT Participant", "CHI:\tda .", "URS:\tyes .", "MOT:\tyes .")
    assert found == [("child", "vocalisation"), ("URS", "speech"), ("MOT", "speech")]


def test_speech_to_the_child_is_told_by_the_childs_own_code() -> None:
    who = "ADA Target_Child, URS Mother, PIA Father"
    assert spoken(who, "URS:\tyes .%add:\tADA", "URS:\tno .%add:\tPIA", "PIA:\tso .%add:\tCHI") == [
        ("URS", "speech"), ("URS", "speech-to-others"), ("PIA", "speech"),
    ]  # fmt: skip


def of_labels(*labels):
    """A coding of one row a label, as a table or RTTM file gives them, and what each actor did."""
    rows = [(label, label, 1_000 * at, 1_000 * at + 500) for at, label in enumerate(labels)]
    coding = coding_of(session_from_rows(rows, name="day", ids=[""] * len(rows)))
    events = coding.events
    did = [(events.actors[who], events.codes[what]) for who, what in zip(events.actor, events.code, strict=True)]
    return coding, did


def test_in_a_childproject_table_chi_is_the_child_who_wears_the_recorder():
    for labels in (["CHI", "OCH", "FEM", "MAL"], ["CHI", "OCH", "FEM", "MAL", "NA", "NA"], ["CHI", "FEM", "NA"]):
        coding, did = of_labels(*labels)
        assert coding.scheme.name == "childproject" and coding.issues == ()
        assert did[0] == ("child", "vocalisation")
        assert ("OCH" in labels) == (("other child", "other-child-sound") in did)


@pytest.mark.parametrize(
    "labels",
    [["KCHI", "CHI", "FEM", "MAL"], ["KCHI", "OCH", "FEM", "SPEECH"], ["CHI", "FEM", "MAL"], ["CHI", "SPEECH"]],
)
def test_in_a_file_of_the_voice_type_classifier_chi_is_another_child(labels):
    coding, did = of_labels(*labels)
    assert coding.scheme.name == "vtc"
    assert ("child", "vocalisation") in did or "KCHI" not in labels
    assert "CHI" not in labels or ("other child", "other-child-sound") in did


def test_a_table_of_lena_segments_has_signals_and_acts_without_lenas_counts():
    for child in ("CHNSP", "CHN"):
        coding, did = of_labels(child, "FAN", "CHNNSP", "MAN", "CXN", "OLN", "SIL")
        assert coding.scheme.name == "lena-segments" and coding.issues == ()
        assert did[:4] == [("child", "vocalisation"), ("FAN", "speech"), ("child", "not-speech"), ("MAN", "speech")]
        assert not coding.scheme.is_upset.any()  # a cry is not told from a cough, so nothing is said of comfort


def test_a_chance_word_does_not_decide_the_scheme():
    own = [("mine", word, at, at + 1) for at, word in enumerate(["hop", "skip"] * 100)]
    rows = [*own[1:], ("mine", "talk", 500, 501)]
    coding = coding_of(session_from_rows(rows, name="visit", ids=[""] * 200))
    assert (coding.scheme.name, len(coding.events)) == ("as-written", 200)
    (said,) = coding.issues
    assert said.code == "no-scheme" and "the nearest, attunement, knows 1 of 200 rows" in said.message


def test_a_scheme_that_knows_half_of_the_rows_is_taken():
    rows = [("child", "coo", 0, 1), ("child", "wibble", 2, 3)]
    assert coding_of(session_from_rows(rows, name="visit", ids=[""] * 2)).scheme.name == "attunement"


def test_what_a_mother_does_is_no_signal_of_the_child():
    found, coding = read(("mother", "cry", 0, 1), ("mother", "talk", 2, 3), ("child", "coo", 4, 5))
    assert found == [("mother", "talk"), ("child", "coo")]
    assert [(issue.code, issue.place) for issue in coding.issues] == [("not-in-scheme", "tier mother")]


@pytest.mark.parametrize("tier", ["baby sister", "Big Brother", "siblings of the child"])
def test_a_sister_is_not_the_child(tier):
    found, coding = read((tier, "cry", 0, 1), ("baby", "coo", 4, 5))
    assert found == [("child", "coo")]
    assert [issue.place for issue in coding.issues] == [f"tier {tier}"]


def test_who_does_both_what_a_child_does_and_a_caregiver_is_said():
    _, coding = read(("Ana", "cry", 0, 1), ("Ana", "talk", 2, 3), ("child", "coo", 4, 5))
    (said,) = coding.issues
    assert (said.code, said.place) == ("of-both-roles", "Ana") and "“cry”" in said.message and "“talk”" in said.message


def test_a_file_that_does_not_tell_people_apart_may_hold_codes_of_both():
    _, coding = read(("events", "coo", 0, 1), ("events", "talk", 2, 3))
    assert coding.issues == ()
