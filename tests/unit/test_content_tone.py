"""Everything of the content that a caregiver reads: kind, plain, about grade 5-6, and none of the words we never use."""

import time
from collections.abc import Iterator
from datetime import date

import pytest
from tests.tone import banned_words, grade, words

from attunement import constants, guidance, milestones
from attunement.constants import number, text
from attunement.guidance import help as help_texts
from attunement.guidance import learning, lines, strategies
from attunement.milestones import catalogue

# Reviewed by hand: where, which word, and why it stays. Clinical statements, sources and the `never` and `principle`
# rows of help.toml are for practitioners and are not in the list of texts at all.
ALLOWED_WORDS: dict[tuple[str, str], str] = {}
# Longer texts above grade 8, with the reason why they cannot be plainer.
ALLOWED_GRADES: dict[str, str] = {}

LONGER = 20  # words; a formula says little about less


def caregiver_texts() -> Iterator[tuple[str, str]]:
    """Where each text stands, and the text."""
    for each in milestones.all_milestones():
        yield f"milestone {each.id}", each.statement
    for domain in milestones.domains():
        yield f"domain {domain.id}", f"{domain.title}. {domain.text}"
    for strength in milestones.Strength:
        for checked in milestones.Checked:
            yield f"how sure {strength} {checked}", milestones.how_sure(strength, checked)
    yield from guidance_texts()
    for each in constants.all_constants().values():
        if each.unit == "text":
            yield f"constant {each.key}", text(each.key)


def guidance_texts() -> Iterator[tuple[str, str]]:
    for each in guidance.all_strategies():
        for name in ("situation", "what_to_try", "why_it_helps"):
            yield f"idea {each.id} {name}", getattr(each, name)
    for group in guidance.groups():
        yield f"group {group.id}", group.title
    for reason in guidance.reasons().values():
        yield f"reason {reason.code}", reason.why
    for row in guidance.urgent():
        yield f"urgent {row.id} when", row.when
        yield f"urgent {row.id} text", row.text
    for soon in guidance.all_talk_soon():
        for at, said in enumerate((soon.text, soon.note, *soon.items)):
            yield f"talk soon {soon.id} {at}", said
    for line in guidance.all_help_lines():
        yield f"help line {line.id}", line.note
        yield f"help line {line.id} checked", line.how_checked(date(2026, 11, 22))
    for name, said in guidance.texts().items():
        yield f"text {name}", said
    for topic in guidance.topics():
        yield f"topic {topic.id}", f"{topic.title}. {topic.summary}"
        for at, paragraph in enumerate(topic.paragraphs, 1):
            yield f"topic {topic.id} paragraph {at}", paragraph.text


TEXTS = [(where, said) for where, said in caregiver_texts() if said]


def test_the_texts_are_all_read():
    assert len(TEXTS) > 480
    assert len({where for where, _ in TEXTS}) == len(TEXTS)


def test_none_of_the_words_we_never_use_is_there():
    found = [(where, word) for where, said in TEXTS for word in banned_words(said)]
    assert [each for each in found if each not in ALLOWED_WORDS] == []
    assert sorted(ALLOWED_WORDS) == sorted(set(found)), "an allowance that nothing needs"


def test_the_mean_reading_level_is_at_most_grade_six():
    assert sum(grade(said) for _, said in TEXTS) / len(TEXTS) <= number("reading_grade_aim")


def test_no_longer_text_lies_above_grade_eight():
    longer = {where: said for where, said in TEXTS if len(words(said)) > LONGER}
    assert len(longer) > 80
    hard = [where for where, said in longer.items() if grade(said) > number("reading_grade_most")]
    assert sorted(hard) == sorted(ALLOWED_GRADES)


def test_no_sentence_of_an_idea_or_of_help_runs_long():
    runs = [
        (where, sentence)
        for where, said in TEXTS
        if where.startswith(("idea", "milestone", "topic"))
        for sentence in said.replace("?", ".").replace("!", ".").replace(":", ".").split(".")
        if len(words(sentence)) > 25
    ]
    assert runs == []


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("The cat sat on the mat.", 0, 0),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 11, 13.5),
        ("When you lift your baby up or talk softly, the crying often slows down.", 2, 6),
        ("", 0, 0),
    ],
)
def test_the_reading_level_is_the_known_one(said, low, high):
    assert low <= grade(said) <= high


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("You should not worry: this is normal.", ["should", "normal"]),
        ("You mustn’t be graded against a percentile.", ["mustn't", "graded", "percentile"]),
        ("A passenger badger passed by.", ["passed"]),
        ("Kind words only.", []),
    ],
)
def test_banned_words_are_found_whole_and_in_any_case(said, found):
    assert banned_words(said) == found
    assert banned_words(said.upper()) == found


def test_all_content_loads_in_thirty_milliseconds():
    def load() -> float:
        started = time.process_time()  # not the clock on the wall: other tests may be running
        constants.read_constants(constants.CONSTANTS)
        catalogue.read_milestones(catalogue.MILESTONES)
        strategies.read_strategies(strategies.STRATEGIES)
        lines.read_help_lines(lines.LINES)
        for path in (catalogue.ABOUT, strategies.IDEAS, help_texts.HELP, learning.LEARN):
            milestones.shipped.toml_of(path)
        return time.process_time() - started

    assert min(load() for _ in range(9)) < 0.030
