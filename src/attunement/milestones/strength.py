"""How sure we are of a piece of content, as a value and in plain words."""

from __future__ import annotations

from enum import StrEnum


class Strength(StrEnum):
    """What kind of knowledge stands behind a row."""

    CHECKPOINT = "checkpoint"  # on a national list: at least 75 % of children by that age (Zubler et al. 2022)
    STRONG = "strong"
    MODERATE = "moderate"
    LIMITED = "limited"
    PRACTICE = "practice"
    CONTESTED = "contested"


class Checked(StrEnum):
    """Whether somebody of ours has read the source (an abstract, official page or press text)."""

    READ = "read"
    PARTLY = "partly"
    MEMORY = "memory"


_STRENGTH = {
    Strength.CHECKPOINT: "It is on a list that doctors use. "
    "Most children (3 of 4 or more) do this by that age. We know less about people skills.",
    Strength.STRONG: "Many studies agree.",
    Strength.MODERATE: "Some studies point this way.",
    Strength.LIMITED: "We have few or small studies so far.",
    Strength.PRACTICE: "This comes from families and the people who work with them.",
    Strength.CONTESTED: "Experts do not agree on this yet.",
}
_CHECKED = {
    Checked.READ: "",
    Checked.PARTLY: "We have read some of the sources.",
    Checked.MEMORY: "We still have to check the source again.",
}


def how_sure(strength: Strength, checked: Checked) -> str:
    """One or two short sentences for a caregiver."""
    return f"{_STRENGTH[strength]} {_CHECKED[checked]}".strip()
