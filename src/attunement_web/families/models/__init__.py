"""A family, its children, who belongs to it as what, and to whom access to one child was given."""

from attunement_web.families.models.belonging import (
    FEWEST_WEEKS,
    MOST_WEEKS,
    Child,
    Family,
    Membership,
    Role,
    Shape,
    check_time_zone,
)
from attunement_web.families.models.consent import LINK_LASTS, LONGEST, MOST_PURPOSE, USUALLY, Grant, Kind, State

__all__ = [
    "FEWEST_WEEKS",
    "LINK_LASTS",
    "LONGEST",
    "MOST_PURPOSE",
    "MOST_WEEKS",
    "USUALLY",
    "Child",
    "Family",
    "Grant",
    "Kind",
    "Membership",
    "Role",
    "Shape",
    "State",
    "check_time_zone",
]
