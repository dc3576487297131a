"""Two tracks on a circle, one of them turned by every possible shift at once; and p-values from turning."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def products(fixed: npt.ArrayLike, turned: npt.ArrayLike) -> Floats:
    """For each shift k, (n,), the sum over t of fixed[t] * turned[t - k], indices round the circle.

    By the Fourier transform: all n shifts cost n log n, so that turning a thousand times is a look-up.
    """
    first, second = np.asarray(fixed, np.float64), np.asarray(turned, np.float64)
    n, size = len(first), _quick(2 * len(first))  # a length with a large prime factor would take fifty times as long
    bond = np.fft.rfft(first, size) * np.conj(np.fft.rfft(second, size))
    straight = np.fft.irfft(bond, size)  # shifts to the right at the beginning, to the left at the end
    found: Floats = straight[:n]
    found[1:] += straight[size - n + 1 :]
    return found


def _quick(least: int) -> int:
    """The smallest length from `least` on that is a power of two, or 3, 5, 9 or 15 times one."""
    return min(odd << max((-(-least // odd) - 1).bit_length(), 0) for odd in (1, 3, 5, 9, 15))


def hits(fixed: npt.NDArray[np.bool_], turned: npt.NDArray[np.bool_]) -> Ints:
    """For each shift, (n,), exactly how many places are marked in both."""
    return np.rint(products(fixed, turned)).astype(np.int64) if len(fixed) else np.empty(0, np.int64)


def spread(fixed: npt.NDArray[np.bool_], turned: npt.NDArray[np.bool_]) -> float:
    """The variance of `hits` over all shifts: the sum of |F|² |T|² over all frequencies but zero / n².

    F and T are the Fourier transforms of the two, so no shift has to be counted (Parseval).
    """
    n = len(fixed)
    power = np.abs(np.fft.rfft(fixed)) ** 2 * np.abs(np.fft.rfft(turned)) ** 2
    alone = float(power[-1]) if n % 2 == 0 else 0.0  # all others stand for two frequencies
    return (2 * float(power[1:].sum()) - alone) / n**2


def p_value(observed: float, turned: npt.NDArray[np.number]) -> float | None:
    """(1 + how many of `turned` are at least `observed`) / (1 + how many there are) (Phipson & Smyth 2010).

    A hair below `observed` counts as equal, for sums of fractions. None without turns.
    """
    if not len(turned):
        return None
    hair = 1e-9 * max(1.0, abs(observed))
    return float((1 + np.count_nonzero(turned >= observed - hair)) / (1 + len(turned)))
