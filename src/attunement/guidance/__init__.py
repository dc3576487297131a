"""Ideas to try, texts to learn from, and when to ask a doctor or get help now: as data and rules."""

from attunement.guidance.help import (
    TalkSoon,
    Urgent,
    all_talk_soon,
    countries,
    early_help,
    never_flags,
    talk_soon,
    texts,
    urgent,
    words_for,
)
from attunement.guidance.learning import Paragraph, Topic, topic, topics
from attunement.guidance.lines import HelpLine, LineKind, LineStatus, all_help_lines, help_lines
from attunement.guidance.strategies import (
    Group,
    Offer,
    Strategy,
    all_strategies,
    groups,
    situations,
    strategies_for,
    strategy,
)
from attunement.guidance.suggesting import Reason, Suggestion, one_to_try, reasons

__all__ = [
    "Group",
    "HelpLine",
    "LineKind",
    "LineStatus",
    "Offer",
    "Paragraph",
    "Reason",
    "Strategy",
    "Suggestion",
    "TalkSoon",
    "Topic",
    "Urgent",
    "all_help_lines",
    "all_strategies",
    "all_talk_soon",
    "countries",
    "early_help",
    "groups",
    "help_lines",
    "never_flags",
    "one_to_try",
    "reasons",
    "situations",
    "strategies_for",
    "strategy",
    "talk_soon",
    "texts",
    "topic",
    "topics",
    "urgent",
    "words_for",
]
