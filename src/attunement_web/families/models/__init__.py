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
from attunement_web.families.models.consent import LONGEST, MOST_PURPOSE, USUALLY, Grant, Kind
from attunement_web.families.models.invitation import Invitation
from attunement_web.families.models.offer import LINK_LASTS, Offer, State

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
    "Invitation",
    "Kind",
    "Membership",
    "Offer",
    "Role",
    "Shape",
    "State",
    "check_time_zone",
]
