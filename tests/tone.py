"""Reading level and banned words of everything that caregivers read; the site's tests use it too."""

from __future__ import annotations

import re

# science: constants, section 10; red flags, wording principle 3; whole words, any case
BANNED = (
    "fail", "fails", "failed", "failing", "failure",
    "pass", "passes", "passed", "passing",
    "score", "scores", "scored", "scoring",
    "grade", "grades", "graded",
    "delay", "delays", "delayed",
    "abnormal", "abnormally", "normal", "normally",
    "should", "shouldn't", "must", "mustn't", "bad", "badly",
    "disorder", "disorders", "risk score", "attachment problem",
    "insecure", "insecurely", "avoidant", "ambivalent", "resistant", "disorganized", "disorganised",
    "securely attached", "secure attachment", "attachment style", "attachment styles",
    "streak", "streaks", "rank", "ranks", "ranked", "ranking",
    "better than", "worse than", "compared to", "compared with", "than other families", "percentile", "percentiles",
    "nothing to worry about",
)  # fmt: skip
_BANNED = re.compile(r"\b(" + "|".join(sorted(map(re.escape, BANNED), key=len, reverse=True)) + r")\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;…]+(?=[\s”\"')\]]|$)|\n+")
_SPLIT_VOWELS = re.compile(r"(?<![tcsgx])i[aou]|(?<![tcs])ie(?=n[ct]|t$)|[dr]ea$|eos?$|eing$")  # di-ary, sci-ence
_SILENT_E = re.compile(r"(?<![aeiouy])(?<![bcdfgkpstz]l)e$|(?<![aeioutdy])(?<![bcdfgkpstz]l)ed$|(?<![aeiouysxzhcg])es$")


def banned_words(text: str) -> list[str]:
    """The banned words and phrases in `text`, in small letters, in their order; empty when it is clean."""
    return [found[0].lower() for found in _BANNED.finditer(text.replace("’", "'"))]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def grade(text: str) -> float:
    """Flesch-Kincaid grade level (Kincaid et al. 1975): 0.39 words/sentence + 11.8 syllables/word - 15.59.

    A colon or semicolon ends a sentence, since each half stands alone. Never below 0; an empty text is 0.
    """
    found = words(text)
    if not found:
        return 0.0
    sentences = max(1, sum(1 for part in _SENTENCE_END.split(text) if words(part)))
    per_word = sum(map(_syllables, found)) / len(found)
    return max(0.0, 0.39 * len(found) / sentences + 11.8 * per_word - 15.59)


def _syllables(word: str) -> int:
    """Vowel groups, less a silent e at the end; digits count one each, as they are said."""
    word = re.sub(r"['’].*", "", word.lower())
    if any(sign.isdigit() for sign in word):
        return max(1, len(word))
    groups = len(re.findall(r"[aeiouy]+", word)) + len(_SPLIT_VOWELS.findall(word))
    return max(1, groups - bool(_SILENT_E.search(word)))
