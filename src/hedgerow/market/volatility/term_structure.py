"""Implied volatility by maturity: between the quotes, the volatility from one maturity to the next, and the slope.

>>> round(interpolated_volatility([0.25, 1.0], [0.2, 0.25], at=0.5), 6)
0.234521
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import InputError
from hedgerow.pricing.arguments import as_given, numbers, refuse_below, refuse_where

TIE = 1e-9
"""Relative: volatilities that differ by no more stand level, total variances that fall by no more do not fall."""


def interpolated_volatility(
    years: ArrayLike, vol: ArrayLike, at: ArrayLike, *, outside: Literal["refuse", "flat"] = "refuse"
) -> Any:
    """Return volatility at maturities between the quoted ones, linear in total variance ``vol^2 * years``.

    Parameters
    ----------
    years, vol : array (n_maturities,)
        Maturities in years, rising and above 0, and their annual volatilities as decimals.
    at : float or array
        Maturities asked for, in years, above 0.
    outside : {"refuse", "flat"}
        What to do before the first and after the last maturity: refuse, or take the end's volatility.

    Returns
    -------
    float or array
        Annual volatility, of the shape of ``at``.

    Raises
    ------
    InputError
        Maturities that do not rise, negative volatility, or ``at`` outside the quoted range while that is refused.
    """
    times, volatility = _checked(years, vol)
    wanted = numbers({"at": at})["at"]
    refuse_below("at", wanted, allow_equal=False)
    if outside not in ("refuse", "flat"):
        raise InputError(f"outside must be refuse or flat; received {outside!r}")
    if outside == "refuse":
        beyond = (wanted < times[0] * (1.0 - TIE)) | (wanted > times[-1] * (1.0 + TIE))
        rule = f"must lie between the quoted maturities {times[0]:g} and {times[-1]:g} years"
        refuse_where(beyond, "at", wanted, rule, "outside='flat' holds the volatility of the end")
    inside = np.clip(wanted, times[0], times[-1])
    found = np.sqrt(np.interp(inside, times, np.square(volatility) * times) / inside)
    return as_given(found)


def forward_volatilities(years: ArrayLike, vol: ArrayLike) -> pd.DataFrame:
    """Return the volatility that the quotes imply from each maturity to the next.

    ``forward variance = (vol2^2 T2 - vol1^2 T1) / (T2 - T1)``; the first row runs from today to the first maturity.

    Parameters
    ----------
    years, vol : array (n_maturities,)
        As :func:`interpolated_volatility`.

    Returns
    -------
    DataFrame (n_maturities,)
        start, end (years), forward_variance (per year), forward_volatility (decimals; NaN exactly where
        calendar_arbitrage), calendar_arbitrage: total variance falls, so that the earlier option costs more than the
        later one of the same forward moneyness.

    Raises
    ------
    InputError
        Maturities that do not rise, or a negative volatility.

    Examples
    --------
    >>> forward_volatilities([0.25, 0.5], [0.3, 0.2])["calendar_arbitrage"].tolist()
    [False, True]
    """
    times, volatility = _checked(years, vol)
    total = np.concatenate([[0.0], np.square(volatility) * times])
    start = np.concatenate([[0.0], times[:-1]])
    forward = np.diff(total) / (times - start)
    falls = np.diff(total) < -TIE * total[:-1]
    level = np.where(falls, np.nan, np.sqrt(np.maximum(forward, 0.0)))
    return pd.DataFrame(
        {
            "start": start,
            "end": times,
            "forward_variance": forward,
            "forward_volatility": level,
            "calendar_arbitrage": falls,
        }
    )


@dataclass(frozen=True)
class TermStructureSlope:
    """How implied volatility changes from a short to a long maturity.

    Attributes
    ----------
    short_years, long_years : float
        The two maturities.
    short_volatility, long_volatility : float
        Their annual volatilities, decimals.
    per_year : float
        (long - short) / (long_years - short_years), decimals per year: positive where the long end is higher.
    ratio : float
        short / long: below 1 in contango.
    shape : str
        ``contango`` (long above short), ``backwardation`` (below) or ``flat``.
    """

    short_years: float
    long_years: float
    short_volatility: float
    long_volatility: float
    per_year: float
    ratio: float
    shape: str


def term_structure_slope(
    years: ArrayLike, vol: ArrayLike, *, short: float | None = None, long: float | None = None
) -> TermStructureSlope:
    """Return the slope between two maturities, the first and the last quoted unless others are named.

    Parameters
    ----------
    years, vol : array (n_maturities,)
        As :func:`interpolated_volatility`; at least two maturities and volatilities above 0.
    short, long : float, optional
        Maturities in years within the quoted range; volatility between quotes is linear in total variance.

    Returns
    -------
    TermStructureSlope
        Both volatilities, the slope per year, the short over the long one, and the word for the shape.

    Raises
    ------
    InputError
        Fewer than two maturities, a volatility of 0, or ``short`` not before ``long``.

    Examples
    --------
    >>> slope = term_structure_slope([0.25, 1.0], [0.30, 0.24])
    >>> slope.shape, round(slope.ratio, 2), round(slope.per_year, 2)
    ('backwardation', 1.25, -0.08)
    """
    times, volatility = _checked(years, vol)
    if len(times) < 2:
        raise InputError("a slope needs at least two maturities; received one; give another quote")
    refuse_below("vol", volatility, allow_equal=False)
    near = float(times[0] if short is None else short)
    far = float(times[-1] if long is None else long)
    if not near < far:
        raise InputError(f"short must be before long; received {near:g} and {far:g} years")
    low, high = (float(interpolated_volatility(times, volatility, end)) for end in (near, far))
    return TermStructureSlope(near, far, low, high, (high - low) / (far - near), low / high, shape_word(low, high))


def shape_word(near: float, far: float) -> str:
    """Return ``contango`` where the far figure is above the near one, ``backwardation`` where below, else ``flat``."""
    if abs(far - near) <= TIE * max(abs(near), abs(far)):
        return "flat"
    return "contango" if far > near else "backwardation"


def _checked(years: ArrayLike, vol: ArrayLike) -> tuple[FloatArray, FloatArray]:
    read = numbers({"years": years, "vol": vol})
    times, volatility = np.atleast_1d(read["years"]), np.atleast_1d(read["vol"])
    if times.ndim != 1 or times.shape != volatility.shape or not len(times):
        raise InputError(
            f"years and vol must be two lists of one length; received shapes {times.shape} and {volatility.shape}"
        )
    refuse_where(times <= 0.0, "years", times, "must be above 0", "leave out options that have expired")
    refuse_below("vol", volatility, allow_equal=True)
    refuse_where(
        np.diff(times) <= 0.0, "years", times[1:], "must rise from one maturity to the next", "sort the quotes"
    )
    return times, volatility
