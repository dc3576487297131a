"""What a diary adds up to, topic by topic. Only a Diary: what people chose to note is never pooled with sessions."""

from __future__ import annotations

import numpy as np

from attunement.events import Bools, Diary
from attunement.insights.insight import Basis, Counts, Insight, basis, dots
from attunement.insights.silence import Audience, Tally, Voice
from attunement.moments.noted import Answer, Noted, Settled, Topic, read_noted
from attunement.schemes import Scheme

SUMMED_UP = (Topic.UPSET, Topic.CALLS, Topic.BREAKS, Topic.EXPLORING, Topic.GOODBYES)


def adds_up(diary: Diary, scheme: Scheme, *, audience: Audience, most_dots: int | None = None) -> tuple[Insight, ...]:
    """One insight a topic, in a fixed order. Caregivers never get a number; see docs/explanation/what-notes-can-say."""
    noted = read_noted(diary, scheme)
    return tuple(_insight(noted, topic, audience, most_dots) for topic in SUMMED_UP)


def tally(diary: Diary, scheme: Scheme, topic: Topic) -> Tally:
    """The counts behind one topic, for `change` between two periods."""
    noted = read_noted(diary, scheme)
    return _counted(noted, noted.about(topic), topic)[0]


def _insight(noted: Noted, topic: Topic, audience: Audience, most_dots: int | None) -> Insight:
    here = noted.about(topic)
    found, known = _counted(noted, here, topic)
    voice = found.voice(audience)
    return Insight(
        topic=topic,
        mended=int(np.count_nonzero(here & noted.mended)),
        code="settling-hard" if topic is Topic.UPSET and _hard(noted, here, found) else found.words(),
        voice=voice,
        basis=known,
        dots=dots(noted, here, by_ending=topic is Topic.UPSET, most=most_dots),
        band=found.band() if voice in (Voice.BAND, Voice.NUMBER) else None,
        counts=Counts(found.k, found.n, found.n_eff, found.interval()) if voice is Voice.NUMBER else None,
    )


def _counted(noted: Noted, here: Bools, topic: Topic) -> tuple[Tally, Basis]:
    """Upset counts by how it ended, all else by how it was answered. What was not said is not counted."""
    if topic is Topic.UPSET:
        said, met = noted.settled != Settled.UNKNOWN, noted.settled == Settled.TOGETHER
    else:
        met = (noted.answer == Answer.ANSWERED) | noted.mended
        said = (noted.answer != Answer.NOT_SAID) | met
    known = basis(noted.day[here & said], noted=int(np.count_nonzero(here)))
    return Tally(int(np.count_nonzero(here & met)), known.n, known.days), known


def _hard(noted: Noted, here: Bools, found: Tally) -> bool:
    """Settling has been hard, and not because the child settles alone: more stayed upset than settled alone."""
    stayed = np.count_nonzero(here & (noted.settled == Settled.UNRESOLVED))
    alone = np.count_nonzero(here & (noted.settled == Settled.ALONE))
    return bool(stayed > alone) and found.surely_below_band()
