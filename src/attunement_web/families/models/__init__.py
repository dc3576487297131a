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

__all__ = ["FEWEST_WEEKS", "MOST_WEEKS", "Child", "Family", "Membership", "Role", "Shape", "check_time_zone"]
