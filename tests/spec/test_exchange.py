"""Serve and return, the secure base, and moving together, as pictures (a character is half a second)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.drawn import ATTUNEMENT, LETTERS, STEP, drawn

from attunement.errors import WrongUse
from attunement.events import events_from_rows, join
from attunement.measures import as_json, measure_all, secure_base, serve_return, synchrony
from attunement.moments.feeling import series
from attunement.moments.tracks import tracks
from attunement.moments.units import units_of


def served(picture, **rule):
    """Bids, bids returned, rounds."""
    return tuple(serve_return(drawn(picture), ATTUNEMENT, **rule).per_session[0].tolist())


def test_a_bid_and_its_return_are_one_round():
    assert served("baby   cc..........\nmother ....tt......") == (1, 1, 1)


def test_an_exchange_goes_on_while_both_answer():
    assert served("""
        baby   cc....cc....cc....
        mother ...tt....tt....tt.
    """) == (1, 1, 3)  # fmt: skip


def test_a_last_signal_that_nobody_returns_ends_the_exchange_and_is_no_new_bid():
    assert served("""
        baby   cc....cc............
        mother ...tt...............
    """) == (1, 1, 1)  # fmt: skip


def test_after_a_pause_it_is_a_new_bid():
    assert served("""
        baby   cc...................cc....
        mother ...tt...................tt.
    """) == (2, 2, 2)  # fmt: skip


def test_bids_repeated_before_the_return_are_one():
    assert served("baby   c.c.c.......\nmother ......tt....") == (1, 1, 1)


def test_a_bid_that_is_not_returned_is_followed_by_another_bid():
    assert served("""
        baby   c...........c..
        mother ..............t
    """) == (2, 1, 1)  # fmt: skip


def test_acts_that_do_not_fit_and_upset_signals_take_no_part():
    assert served("baby   cc..........\nmother ...gg.......") == (1, 0, 0)
    assert served("baby   yy..........\nmother ...hh.......") == (0, 0, 0)
    assert served("baby   cc..........\nfather ....tt......\nmother ............", window_ms=500) == (1, 0, 0)


def test_shares_and_rounds_wait_for_five():
    found = serve_return(
        drawn("baby   " + "cc.................." * 5 + "\nmother " + "...t................" * 5), ATTUNEMENT
    )
    assert (found.bids, found.share, found.rounds_per_exchange) == (5, 1.0, 1.0)
    assert found.interval[0] == pytest.approx(0.566, abs=1e-3)
    assert serve_return(drawn("baby c...\nmother .t.."), ATTUNEMENT).share is None


SIGNALS, ACTS = ("coo", "look-away", "cry", "explore-away"), ("talk", "follow-lead", "hug-child")
EVENT = st.tuples(
    st.sampled_from([("baby", code) for code in SIGNALS] + [("mother", code) for code in ACTS]),
    st.integers(0, 50), st.integers(0, 5),
)  # fmt: skip


def laid(session, name="s"):
    rows = [(*who, first * STEP, (first + many) * STEP) for who, first, many in session]
    return events_from_rows(rows, name=name, codes=ATTUNEMENT.ids, duration_ms=40_000)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(EVENT, max_size=18), min_size=1, max_size=3), st.sampled_from([500, 1_500, 5_000]))
def test_exchanges_are_those_of_plain_python(sessions, window):
    by_hand = []
    for session in sessions:
        place = {code: at for at, code in enumerate(ATTUNEMENT.ids)}
        events = sorted(((f * STEP, (f + m) * STEP, place[c], c) for (_, c), f, m in session))
        signals = [e for e in events if e[3] in ("coo", "explore-away")]
        at, bids, returned, rounds = 0, 0, 0, 0
        while at < len(signals):
            bids += 1
            going = 0
            while True:
                start, end, code, _ = signals[at]
                fitting = [e for e in events if ATTUNEMENT.fits[code, e[2]] and start < e[0] <= end + window]
                if not fitting:
                    at += 1
                    break
                act, over = fitting[0][0], fitting[0][1]
                going += 1
                at = next((i for i, s in enumerate(signals) if s[0] > act), len(signals))
                if at == len(signals) or signals[at][0] > over + window:
                    break
            returned += going > 0
            rounds += going
        by_hand.append([bids, returned, rounds])
    events = join([laid(session, str(at)) for at, session in enumerate(sessions)])
    found = serve_return(events, ATTUNEMENT, window_ms=window)
    assert found.per_session.tolist() == by_hand
    assert found.rounds_each.sum() == found.rounds


# Secure base

BASE = {"e": "explore-away", "k": "check-back", "y": "cry", "u": "arms-up"}


def based(track, **rule):
    """Bouts, seconds in them, check-backs, upsets from exploring, returns."""
    rows = []
    for at, letter in enumerate(track):
        if letter in BASE:
            rows.append(("baby", BASE[letter], at * STEP, (at + 1) * STEP))
    events = events_from_rows(rows, codes=ATTUNEMENT.ids, duration_ms=len(track) * STEP)
    return secure_base(events, ATTUNEMENT, **rule).per_session[0].tolist()


def test_exploring_goes_on_over_a_short_stop():
    assert based("eeee..........eeee....") == [1, 9_000, 0, 0, 0]
    assert based("eeee....................eeee") == [2, 4_000, 0, 0, 0]  # ten seconds end it


def test_a_look_back_counts_while_exploring_and_shortly_after():
    assert based("ee..k..ee..k..........................k", gap_ms=5_000) == [1, 4_500, 2, 0, 0]
    assert based("k...ee") == [1, 1_000, 0, 0, 0]


def test_a_child_who_is_upset_while_exploring_may_come_back():
    assert based("eeee..yy..u.....") == [1, 2_000, 0, 1, 1]
    assert based("eeee..yy........") == [1, 2_000, 0, 1, 0]
    assert based("yy..u" + "." * 30 + "ee") == [1, 1_000, 0, 0, 0]


def test_rates_wait_for_a_minute_of_exploring():
    minute = "e" * 60 + "k" + "e" * 59
    rows = secure_base(drawn("baby " + "e" * 120), ATTUNEMENT)
    assert (rows.check_backs_per_minute, rows.return_share) == (0.0, None)
    assert secure_base(drawn("baby " + "e" * 119), ATTUNEMENT).check_backs_per_minute is None
    assert based(minute)[:3] == [1, 60_000, 1]
    assert secure_base(drawn("baby cc.."), ATTUNEMENT).bouts == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from("ekyu..."), max_size=60).map("".join), min_size=1, max_size=3))
def test_the_secure_base_is_that_of_plain_python(pictures):
    gap = calm = 3_000
    parts, by_hand = [], []
    for name, track in enumerate(pictures):
        spans = [(BASE[c], at * STEP, (at + 1) * STEP) for at, c in enumerate(track) if c in BASE]
        parts.append(
            events_from_rows(
                [("baby", *span) for span in spans], name=str(name), codes=ATTUNEMENT.ids, duration_ms=60_000
            )
        )
        bouts, upsets = (joined(spans, code, gap) for code in ("explore-away", "cry"))
        inside = [any(a <= at < b + gap for a, b in bouts) for code, at, _ in spans if code == "check-back"]
        frightened = [u for u in upsets if any(a <= u[0] < b + gap for a, b in bouts)]
        came = [any(u[0] <= at <= u[1] + calm for code, at, _ in spans if code == "arms-up") for u in frightened]
        by_hand.append([len(bouts), sum(b - a for a, b in bouts), sum(inside), len(frightened), sum(came)])
    assert secure_base(join(parts), ATTUNEMENT, gap_ms=gap, calm_ms=calm).per_session.tolist() == by_hand


def joined(spans, wanted, gap):
    found = []
    for code, start, end in spans:
        if code == wanted and found and start - found[-1][1] < gap:
            found[-1] = (found[-1][0], end)
        elif code == wanted:
            found.append((start, end))
    return found


# Moving together


def test_the_two_series_are_signed():
    (block,) = tracks(drawn("baby   ccyy..lles\nmother ..tt....hh"), ATTUNEMENT)
    child, mother = series(block, units_of(block, 1_000))
    assert child.tolist() == [1, -1, 0, -1, 1]
    assert mother.tolist() == [0, 1, 0, 0, 1]


def waves(child, mother, *, lag, units=600, noise=0.1, seed=1):
    """A child who turns to and fro, and a mother who does the same `lag` seconds later."""
    rng = np.random.default_rng(seed)
    own = np.repeat(rng.random(units // 4 + 1) < 0.5, 4)[:units]
    hers = np.roll(own, lag) ^ (rng.random(units) < noise)
    rows = [("baby", child, at * 1_000, at * 1_000 + 1_000) for at in np.flatnonzero(own).tolist()]
    rows += [("mother", mother, at * 1_000, at * 1_000 + 1_000) for at in np.flatnonzero(hers).tolist()]
    return events_from_rows(rows, codes=ATTUNEMENT.ids, duration_ms=units * 1_000)


@pytest.mark.parametrize(("lag", "leads"), [(2, "child"), (-3, "caregiver"), (0, "together")])
def test_who_goes_first(lag, leads):
    found = synchrony(waves("coo", "talk", lag=lag), ATTUNEMENT)
    assert (found.peak_ms, found.leads, found.windows) == (lag * 1_000, leads, 20)
    assert found.peak > 0.6
    assert found.p < 0.03  # turns of up to 5 s either way see the same peak: 11 in 600


def test_two_who_move_on_their_own_are_not_said_to_move_together():
    ps = [
        synchrony(waves("coo", "talk", lag=2, noise=0.5, seed=seed), ATTUNEMENT, permutations=99).p
        for seed in range(60)
    ]
    assert 0.35 < np.mean(ps) < 0.65
    assert np.mean(np.array(ps) <= 0.05) < 0.15


def test_too_little_to_speak_of():
    found = synchrony(drawn("baby   cc......\nmother ..tt...."), ATTUNEMENT)
    assert (found.windows, found.peak, found.peak_ms, found.leads, found.p) == (0, None, None, None, None)
    told = as_json(measure_all(drawn("baby   cc......\nmother ..tt...."), ATTUNEMENT))["synchrony"]
    assert (told["correlations"], told["leads"]) == (None, None)
    for wrong in ({"window_ms": 2_000}, {"lag_ms": -1_000}, {"unit_ms": 0}):
        with pytest.raises(WrongUse):
            synchrony(drawn("baby c"), ATTUNEMENT, **wrong)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(EVENT, max_size=30), min_size=1, max_size=3), st.sampled_from([3, 5, 10]))
def test_the_correlation_is_that_of_plain_python(sessions, wide):
    parts = [laid(session, str(at)) for at, session in enumerate(sessions)]
    lags = range(-2, 3)
    sums = np.zeros((3, 5))
    for part in parts:
        (block,) = tracks(part, ATTUNEMENT)
        child, mother = (each[: len(each) // wide * wide] for each in series(block, units_of(block, 1_000)))
        windows = [slice(at, at + wide) for at in range(0, len(child), wide)]
        if not any(np.ptp(child[w]) and np.ptp(mother[w]) for w in windows):
            continue
        for place, lag in enumerate(lags):
            moved = np.roll(mother, -lag)
            for w in windows:
                a, b = child[w] - child[w].mean(), moved[w] - moved[w].mean()
                sums[:, place] += (a @ b, a @ a, b @ b)
    found = synchrony(join(parts), ATTUNEMENT, window_ms=wide * 1_000, lag_ms=2_000, permutations=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        np.testing.assert_allclose(found.correlation, sums[0] / np.sqrt(sums[1] * sums[2]), atol=1e-9)


def test_the_letters_of_the_pictures_are_codes():
    assert set(LETTERS.values()) | set(BASE.values()) <= set(ATTUNEMENT.ids)
