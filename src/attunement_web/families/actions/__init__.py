"""What changes about families, their children, who belongs, and to whom access is given."""

from attunement_web.families.actions.afresh import hold_back_offers
from attunement_web.families.actions.answering import accept_offer, join_and_accept
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
    move_family,
    next_revision,
    set_revisions,
)
from attunement_web.families.actions.consent import (
    accept_access,
    confirm_access,
    end_access,
    give_access,
    pause_access,
    renew_link,
    resume_access,
)
from attunement_web.families.actions.people import (
    accept_part,
    confirm_invitation,
    end_invitation,
    invite,
    renew_invitation,
)

__all__ = [
    "accept_access",
    "accept_offer",
    "accept_part",
    "add_child",
    "begin_family",
    "begin_new_history",
    "change_child",
    "change_role",
    "confirm_access",
    "confirm_invitation",
    "end_access",
    "end_invitation",
    "end_membership",
    "give_access",
    "hold_back_offers",
    "hold_families",
    "invite",
    "join_and_accept",
    "join_child",
    "leave",
    "move_family",
    "next_revision",
    "pause_access",
    "renew_invitation",
    "renew_link",
    "resume_access",
    "set_revisions",
]
