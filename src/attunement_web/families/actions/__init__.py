"""What changes about families, their children, who belongs, and to whom access is given."""

from attunement_web.families.actions.belonging import (
    add_child,
    begin_family,
    begin_new_history,
    change_child,
    change_role,
    end_membership,
    hold_families,
    join_child,
    leave,
    next_revision,
    set_revisions,
)
from attunement_web.families.actions.consent import (
    accept_access,
    confirm_access,
    end_access,
    give_access,
    join_and_accept,
    pause_access,
    renew_link,
    resume_access,
)

__all__ = [
    "accept_access",
    "add_child",
    "begin_family",
    "begin_new_history",
    "change_child",
    "change_role",
    "confirm_access",
    "end_access",
    "end_membership",
    "give_access",
    "hold_families",
    "join_and_accept",
    "join_child",
    "leave",
    "next_revision",
    "pause_access",
    "renew_link",
    "resume_access",
    "set_revisions",
]
