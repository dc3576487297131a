"""All that families asks of the library: how old a child is."""

from __future__ import annotations

from datetime import date

from attunement.clock import BORN_EARLY_BELOW_WEEKS, Age, age_on
from attunement_web.families.models import Child

__all__ = ["BORN_EARLY_BELOW_WEEKS", "Age", "age_of"]


def age_of(child: Child, on: date) -> Age:
    """The child's age on `on`, corrected when born early; on a day before the birthday, that of the birthday.

    Such days there are: after a family moved westwards its today can lie before a birthday that was told in the east.
    """
    return age_on(max(on, child.born), born=child.born, gestation_weeks=child.gestation_weeks)
