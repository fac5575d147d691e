"""Volatilities by expiry and strike, read at any strike and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments.moments import moment_of, years_between

if TYPE_CHECKING:
    from hedgerow.study.explain.words import SmileWords


@dataclass(frozen=True, eq=False)
class QuotedSmiles:
    """Volatilities read off points by expiry and strike.

    Linear in the strike within an expiry and flat outside its strikes; between expiries the total variance at the
    strike is linear in time, before the first and after the last the volatility stays.

    Attributes
    ----------
    years : float array, (n_expiries,)
        Ascending, above 0.
    strikes, vols : tuple of float array
        By expiry, strikes ascending.

    Examples
    --------
    >>> smiles = QuotedSmiles(np.array([0.5]), (np.array([90.0, 110.0]),), (np.array([0.24, 0.20]),))
    >>> smiles.volatility(np.array([80.0, 100.0]), np.array([0.1, 0.5])).round(3).tolist()
    [0.24, 0.22]
    """

    years: FloatArray
    strikes: tuple[FloatArray, ...] = field(repr=False)
    vols: tuple[FloatArray, ...] = field(repr=False)

    def volatility(self, strike: Any, years: Any) -> FloatArray:
        """Return volatilities at strikes and years to expiry, arrays that broadcast together."""
        strike, years = np.broadcast_arrays(np.asarray(strike, dtype=float), np.asarray(years, dtype=float))
        smiles = zip(self.strikes, self.vols, strict=True)
        at_strike = np.stack([np.interp(strike, quoted, vols) for quoted, vols in smiles])
        late = np.clip(np.searchsorted(self.years, years), 0, len(self.years) - 1)
        early = np.maximum(np.where(years < self.years[late], late - 1, late), 0)
        early = np.where(years > self.years[-1], late, early)
        first, last = self.years[early], self.years[late]
        share = np.divide(years - first, last - first, out=np.zeros(years.shape), where=last > first)
        near, far = (np.take_along_axis(at_strike, each[None], axis=0)[0] for each in (early, late))
        variance = (1.0 - share) * near**2 * first + share * far**2 * last
        between = np.sqrt(variance / np.where(last > first, years, first))
        return np.asarray(np.where(last > first, between, near))


def smiles_of(name: str, quotes: Sequence[SmileWords], moment: pd.Timestamp) -> QuotedSmiles:
    """Return the smiles of one underlying at a moment.

    Raises
    ------
    InputError
        For an expiry that is not after the moment, or a strike given twice.
    """
    points: dict[pd.Timestamp, dict[float, float]] = {}
    for point in quotes:
        expiry = moment_of(point.expiry, "expiry")
        if expiry <= moment:
            raise InputError(f"the smile of {name} has the expiry {expiry}, which is not after {moment}; leave it out")
        if point.strike in points.setdefault(expiry, {}):
            raise InputError(f"the smile of {name} has the strike {point.strike:g} of {point.expiry} twice; keep one")
        points[expiry][point.strike] = point.vol
    expiries = sorted(points)
    quoted = [sorted(points[expiry].items()) for expiry in expiries]
    ends = np.array([expiry.to_datetime64() for expiry in expiries], dtype="M8[us]")
    return QuotedSmiles(
        years_between(moment.to_datetime64(), ends),
        tuple(np.array([strike for strike, _ in smile]) for smile in quoted),
        tuple(np.array([vol for _, vol in smile]) for smile in quoted),
    )
