"""What changes about families, their children, who belongs, and to whom access is given."""

from attunement_web.families.actions.belonging import (
    add_child,
    begin_family,
    begin_new_history,
    change_child,
    hold_families,
    join_family,
    next_revision,
    set_revisions,
)

__all__ = [
    "add_child",
    "begin_family",
    "begin_new_history",
    "change_child",
    "hold_families",
    "join_family",
    "next_revision",
    "set_revisions",
]
