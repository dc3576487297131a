"""When noted moments are enough to say something, and how sure it may sound; every border is a sourced constant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from attunement.constants import number
from attunement.stats.beta import beta_interval, beta_quantile

Audience = Literal["caregiver", "practitioner"]
Range = tuple[float, float]

COUNTS_CONFIDENCE = 0.95  # science/constants.md section 9: intervals are two-sided 95 % unless said


class Voice(StrEnum):
    """How sure we may sound, from least to most."""

    SILENT = "silent"  # words of thanks only
    ROUGH = "rough"  # "about half", with dots
    BAND = "band"  # the same words, with a band to draw
    NUMBER = "number"  # k of n with its interval, for practitioners


@dataclass(frozen=True, slots=True)
class Tally:
    """`k` of `n` noted moments, on `days` different days."""

    k: int
    n: int
    days: int

    @property
    def design_effect(self) -> float:
        """1 + (m - 1) icc, with m notes a day: hard days come together, so ten notes of one day say less."""
        return 1 + (self.n / self.days - 1) * number("design_icc") if self.days else 1.0

    @property
    def n_eff(self) -> float:
        """As many notes as these would be if each came by itself."""
        return self.n / self.design_effect

    @property
    def k_eff(self) -> float:
        return self.k / self.design_effect

    def voice(self, audience: Audience) -> Voice:
        if self.n < number("show_words_only_below") or self.n_eff < number("show_rough_from"):
            return Voice.SILENT
        if self.days < number("show_rough_days"):
            return Voice.SILENT
        if self.n_eff < number("show_band_from") or self.days < number("show_band_days"):
            return Voice.ROUGH
        known = audience == "practitioner" and self.n_eff >= number("show_number_from")
        return Voice.NUMBER if known else Voice.BAND

    def band(self) -> Range:
        """The 80 % interval of Beta(1, 1) after the effective counts."""
        return beta_interval(self.k_eff, self.n_eff, confidence=number("show_band_interval"))

    def interval(self) -> Range:
        """The 95 % interval of the same, to stand beside k of n."""
        return beta_interval(self.k_eff, self.n_eff, confidence=COUNTS_CONFIDENCE)

    def words(self) -> str:
        """The code of the cautious sentence. A side of one half is taken only when the whole band lies on it."""
        if self.voice("caregiver") is Voice.SILENT:
            return self._silence()
        if self.n >= number("near_all_n") and self.k > number("near_all_share") * self.n:
            return "nearly-all"
        low, high = self.band()
        half = number("good_enough_share")
        return "more-than-half" if low > half else "fewer-than-half" if high < half else "about-half"

    def surely_below_band(self) -> bool:
        """Whether even the 90 % upper bound lies below the good-enough band, from 30 effective notes on 5 days."""
        if self.n_eff < number("below_band_n") or self.days < number("show_band_days"):
            return False
        return beta_quantile(self.k_eff, self.n_eff, number("below_band_confidence")) < number("below_band_bound")

    def _silence(self) -> str:
        if self.n == 0:
            return "nothing-noted"
        few = self.n < number("show_words_only_below") or self.n_eff < number("show_rough_from")
        return "too-few" if few else "too-few-days"
