"""What to look out for at an age: a list to notice and talk with, not a screening tool."""

from attunement.milestones.catalogue import (
    Domain,
    Flag,
    Milestone,
    Window,
    all_milestones,
    at_checkpoint,
    checkpoints,
    content_version,
    domains,
    milestone,
    usually_seen,
)
from attunement.milestones.looking import suggested_by, to_look_for
from attunement.milestones.noticing import Level, State, notice, states_for
from attunement.milestones.strength import Checked, Strength, how_sure

__all__ = [
    "Checked",
    "Domain",
    "Flag",
    "Level",
    "Milestone",
    "State",
    "Strength",
    "Window",
    "all_milestones",
    "at_checkpoint",
    "checkpoints",
    "content_version",
    "domains",
    "how_sure",
    "milestone",
    "notice",
    "states_for",
    "suggested_by",
    "to_look_for",
    "usually_seen",
]
