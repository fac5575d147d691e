"""Smiles of one expiry: total variance at each log-moneyness, from SVI parameters or through points.

>>> import numpy as np
>>> from hedgerow.market.surface import PointSmile
>>> smile = PointSmile(np.array([-0.1, 0.0, 0.1]), np.array([0.24, 0.20, 0.18]), 0.5)
>>> np.sqrt(smile.total_variance(np.array([-0.5, -0.05, 0.0])) / 0.5).round(6).tolist()
[0.24, 0.22, 0.2]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.pricing import svi
from hedgerow.pricing.svi import SVI


class Smile(Protocol):
    """Total variance w(k) of one expiry, with k = ln(strike / forward)."""

    def total_variance(self, log_moneyness: FloatArray) -> FloatArray:
        """Return implied volatility squared times years."""
        ...

    def moved(self, step: float) -> Smile:
        """Return the smile whose value at k is this one's at k + step."""
        ...


@dataclass(frozen=True)
class SVISmile:
    """A smile in Gatheral's raw parameters.

    Attributes
    ----------
    parameters : SVI
        One slice.
    """

    parameters: SVI

    def total_variance(self, log_moneyness: FloatArray) -> FloatArray:
        """Return w(k)."""
        return np.asarray(svi.total_variance(log_moneyness, self.parameters))

    def moved(self, step: float) -> SVISmile:
        """Return the smile whose value at k is this one's at k + step: its centre moves by -step."""
        return SVISmile(replace(self.parameters, shift=self.parameters.shift - step))


@dataclass(frozen=True)
class PointSmile:
    """A smile through points: volatility linear in log-moneyness between them and flat outside.

    Attributes
    ----------
    log_moneyness : array of shape (points,)
        k = ln(K/F), rising.
    volatilities : array of shape (points,)
        Annual, above 0.
    years : float
        Time to expiry.
    """

    log_moneyness: FloatArray
    volatilities: FloatArray
    years: float

    def __post_init__(self) -> None:
        """Refuse points that are no smile."""
        places, vols = np.asarray(self.log_moneyness), np.asarray(self.volatilities)
        if places.ndim != 1 or places.shape != vols.shape or not len(places):
            raise InputError(f"a smile needs as many volatilities as places, got {vols.shape} and {places.shape}")
        if not (np.isfinite(places).all() and (np.diff(places) > 0.0).all()):
            raise InputError(
                "log-moneyness of a smile's points must be finite and rise; sort them, one point per strike"
            )
        if not (np.isfinite(vols).all() and (vols > 0.0).all()):
            worst = int(np.argmax(~(np.isfinite(vols) & (vols > 0.0))))
            raise InputError(f"volatilities of a smile must be above 0: {vols[worst]!r} at position {worst}")
        if not self.years > 0.0:
            raise InputError(f"years of a smile must be above 0: {self.years!r}; its options have expired")

    def total_variance(self, log_moneyness: FloatArray) -> FloatArray:
        """Return w(k)."""
        vols = np.interp(log_moneyness, self.log_moneyness, self.volatilities)
        return np.asarray(np.square(vols) * self.years)

    def moved(self, step: float) -> PointSmile:
        """Return the smile whose value at k is this one's at k + step."""
        return replace(self, log_moneyness=np.asarray(self.log_moneyness) - step)
