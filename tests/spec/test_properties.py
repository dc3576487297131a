"""What no recording may change: the columns agree with plain Python, and only time itself moves a number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec import reference
from tests.spec.reference import Event

from attunement.events import events_from_rows, join, split
from attunement.measures import ReplyRule, as_json, comfort, latency, measure_all, repair, replies, states, turns
from attunement.measures.seen import look
from attunement.moments import following
from attunement.moments.tracks import tracks
from attunement.schemes import scheme

ATTUNEMENT, ACLEW = scheme("attunement"), scheme("aclew")
SIGNS = ("coo", "social-smile", "cry", "fuss", "look-away", "explore-away")
ACTS = ("talk", "hug-child", "give-space", "name-feeling", "own-pause", "stay-near")
STEP, LONG = 500, 20_000
quick = settings(max_examples=30, deadline=None)


def _sessions(child, adult):
    """Up to 14 events on a grid of half seconds, so that ties, overlaps and points are common."""
    who = [("baby", code) for code in child] + [(name, code) for name in ("mother", "father") for code in adult]
    event = st.tuples(st.sampled_from(who), st.integers(0, LONG // STEP), st.integers(0, 6))
    return st.lists(event, max_size=14).map(
        lambda rows: [Event(*who, first * STEP, (first + many) * STEP) for who, first, many in rows]
    )


SESSION = _sessions(SIGNS, ACTS)
TALK = _sessions(("vocalisation", "cry"), ("speech", "speech-to-others", "other-child-sound"))
RULES = st.builds(
    ReplyRule,
    window_ms=st.sampled_from([500, 1_000, 2_000, 5_000]),
    from_=st.sampled_from(["end", "onset"]),
    overlap=st.booleans(),
    reuse=st.booleans(),
    calm_ms=st.sampled_from([500, 3_000, 10_000]),
)


def columns(session, by=ATTUNEMENT, name="s"):
    rows = [(e.actor, e.code, e.start, e.end) for e in session]
    longest = max([LONG + 4_000] + [e.end for e in session])
    return events_from_rows(rows, name=name, codes=by.ids, duration_ms=longest)


def told(rule):
    return {name: getattr(rule, name) for name in ("window_ms", "from_", "overlap", "reuse", "calm_ms")}


@quick
@given(SESSION, RULES)
def test_replies_are_those_of_plain_python(session, rule):
    events = columns(session)
    total = replies(events, ATTUNEMENT, **told(rule)).total
    found = {name: getattr(total, name) for name in ("answered", "late", "misread", "missed")}
    assert found == reference.replies(session, ATTUNEMENT, int(events.duration_ms[0]), rule)


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_looking_from_act_to_act_and_searching_find_the_same(monkeypatch, steps):
    rng = np.random.default_rng(7)
    starts, codes = rng.integers(0, 2_000, 600).tolist(), rng.choice(SIGNS + ACTS, 600).tolist()
    session = [
        Event("baby" if code in SIGNS else "mother", code, start * STEP, (start + 2) * STEP)
        for start, code in zip(starts, codes, strict=True)
    ]
    (block,) = tracks(_laid(session, 1_002_000), ATTUNEMENT)
    rule = ReplyRule(window_ms=60_000)
    usual = look(block, rule).followed
    monkeypatch.setattr(following, "STEPS", steps)
    rarely = look(block, rule).followed
    np.testing.assert_array_equal(usual.fitting, rarely.fitting)
    np.testing.assert_array_equal(usual.fitting_place, rarely.fitting_place)


@quick
@given(SESSION)
def test_latency_is_that_of_plain_python(session):
    events = columns(session)
    found = latency(events, ATTUNEMENT)
    by_hand = reference.latency(session, ATTUNEMENT, int(events.duration_ms[0]))
    assert sorted(zip(found.times.tolist(), found.seen.tolist(), strict=True)) == sorted(by_hand)


@quick
@given(SESSION, st.sampled_from([500, 3_000, 10_000]))
def test_comfort_is_that_of_plain_python(session, calm_ms):
    events = columns(session)
    found = comfort(events, ATTUNEMENT, calm_ms=calm_ms)
    by_hand = reference.comfort(session, ATTUNEMENT, int(events.duration_ms[0]), calm_ms)
    assert (found.together, found.alone, found.unresolved) == by_hand


@quick
@given(TALK, st.sampled_from([500, 2_000, 5_000]))
def test_turns_are_those_of_plain_python(session, gap_ms):
    found = turns(columns(session, ACLEW), ACLEW, gap_ms=gap_ms)
    assert tuple(found.per_session[0].tolist()) == reference.turns(session, ACLEW, gap_ms)


@quick
@given(SESSION)
def test_repair_is_that_of_plain_python(session):
    events = columns(session)
    found = repair(events, ATTUNEMENT).per_session[0]
    assert tuple(found.tolist()) == reference.repair(session, ATTUNEMENT, int(events.duration_ms[0]), STEP)


def everything(events, by=ATTUNEMENT):
    return as_json(measure_all(events, by, rotations=3))


@quick
@given(SESSION.flatmap(lambda session: st.tuples(st.just(session), st.permutations(session))))
def test_the_order_in_which_events_are_given_changes_nothing(both):
    given_, shuffled = both
    assert everything(columns(given_)) == everything(columns(shuffled))


@settings(max_examples=15, deadline=None)
@given(st.lists(SESSION, min_size=1, max_size=5), st.sampled_from([1, 10, 1_000]))
def test_many_sessions_as_one_give_each_what_it_gives_alone(sessions, block_rows):
    parts = [columns(session, name=str(at)) for at, session in enumerate(sessions)]
    joined = join(parts)
    whole = replies(joined, ATTUNEMENT)
    alone = [replies(part, ATTUNEMENT) for part in parts]
    np.testing.assert_array_equal(whole.counts, np.concatenate([one.counts for one in alone]))
    np.testing.assert_allclose(whole.expected, np.concatenate([one.expected for one in alone]))
    for measure in (comfort, turns, repair):
        each = [measure(part, ATTUNEMENT).per_session for part in parts]
        np.testing.assert_array_equal(measure(joined, ATTUNEMENT).per_session, np.concatenate(each))
    assert sum(block.sessions for block in tracks(joined, ATTUNEMENT, block_rows=block_rows)) == len(parts)
    assert everything(join(split(joined))) == everything(joined)


@quick
@given(SESSION, st.integers(1, 40_000))
def test_beginning_the_recording_earlier_changes_no_count(session, earlier):
    moved = [Event(e.actor, e.code, e.start + earlier, e.end + earlier) for e in session]
    rows = [(e.actor, e.code, e.start, e.end) for e in moved]
    now = columns(session)
    later = events_from_rows(
        rows, codes=ATTUNEMENT.ids, duration_ms=int(now.duration_ms[0]) + earlier, observed_ms=int(now.observed_ms[0])
    )
    for measure in (lambda events: replies(events, ATTUNEMENT).counts, lambda events: latency(events, ATTUNEMENT).times,
                    lambda events: comfort(events, ATTUNEMENT).per_session,
                    lambda events: turns(events, ATTUNEMENT).per_session,
                    lambda events: repair(events, ATTUNEMENT).per_session):  # fmt: skip
        np.testing.assert_array_equal(measure(now), measure(later))
    assert states(now).by == states(later).by


@quick
@given(SESSION)
def test_a_wider_window_never_answers_less(session):
    events = columns(session)
    answered = [replies(events, ATTUNEMENT, window_ms=ms).total.answered for ms in (1, 500, 2_000, 5_000, 60_000)]
    assert answered == sorted(answered)


@settings(max_examples=15, deadline=None)
@given(SESSION, RULES)
def test_chance_is_the_mean_over_every_rotation_of_the_acts(session, rule):
    """On a clock of 60 ticks: each act moved round the circle by every number of ticks, signals left where they are."""
    small = [Event(e.actor, e.code, e.start // STEP, e.end // STEP) for e in session]
    length = 60
    rule = ReplyRule(rule.window_ms // STEP, rule.from_, rule.overlap, rule.reuse, min(rule.calm_ms // STEP, 4))
    signals = [e for e in small if e.code in SIGNS]
    if not signals or max(e.end for e in small) > 50:
        return
    events = _laid(small, length)
    expected = replies(events, ATTUNEMENT, **told(rule)).expected[0]
    total = sum(_answered_on_circle(small, turn, length, rule) for turn in range(length))
    assert expected == pytest.approx(min(total / length, len(signals)))


def _laid(session, length):
    rows = [(e.actor, e.code, e.start, e.end) for e in session]
    return events_from_rows(rows, codes=ATTUNEMENT.ids, duration_ms=length)


def _answered_on_circle(session, turn, length, rule):
    """Acts are turned by `turn` and stand once more one round later, for windows that reach over the end."""
    turned = [e for e in session if e.code in SIGNS]
    acts = [e for e in session if e.code in ACTS]
    for act in acts:
        start = (act.start + turn) % length
        turned += [Event(act.actor, act.code, start + round_, start + round_) for round_ in (0, length)]
    return reference.replies(turned, ATTUNEMENT, length, rule)["answered"]
