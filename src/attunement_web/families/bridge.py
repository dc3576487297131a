"""All that families asks of the library: how old a child is."""

from __future__ import annotations

from datetime import date

from attunement.clock import BORN_EARLY_BELOW_WEEKS, Age, age_on
from attunement_web.families.models import Child

__all__ = ["BORN_EARLY_BELOW_WEEKS", "Age", "age_of"]


def age_of(child: Child, on: date) -> Age:
    """The child's age on `on`, corrected when born early; raises `attunement.errors.WrongUse` before birth."""
    return age_on(on, born=child.born, gestation_weeks=child.gestation_weeks)
