"""Numbers as a clinician reads them: counts first, then a share with its interval."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """ "1 signal", "7 signals", "1,204 signals"."""
    return f"{number:,} {one if number == 1 else many}"


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def interval(both: tuple[float, float] | None) -> str:
    """ ", 95 % interval 16 to 29 %", or nothing."""
    return f", 95 % interval {both[0] * 100:.0f} to {both[1] * 100:.0f} %" if both else ""


def per(number: float) -> str:
    """A rate with as many digits as it deserves."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def listed(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
