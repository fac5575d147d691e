"""Smiles that a study can write down: a small table of strikes, an SVI slice, a SABR slice; the same at every expiry.

>>> smile = smile_of({"table": {"strikes": [90, 100, 110], "volatilities": [0.24, 0.20, 0.18]}})
>>> smile.volatility(np.array([80.0, 95.0, 110.0]), 0.25).round(4).tolist()
[0.24, 0.2195, 0.18]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.study.hedging.parts import made

if TYPE_CHECKING:
    from hedgerow.instruments import MarketState
    from hedgerow.scenarios import Scenario


@dataclass(frozen=True)
class StrikeTable:
    """Volatility linear in the log of the strike between those of a table, and flat outside.

    Attributes
    ----------
    strikes, volatilities : tuple of float
        As many of one as of the other; strikes rise, volatilities are decimals above 0.
    """

    strikes: tuple[float, ...]
    volatilities: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse a table that is no smile."""
        strikes, vols = np.array(self.strikes), np.array(self.volatilities)
        if strikes.shape != vols.shape or strikes.size < 1:
            raise InputError(f"a smile needs as many volatilities as strikes, not {vols.size} and {strikes.size}")
        if not ((strikes > 0.0).all() and (np.diff(strikes) > 0.0).all()):
            raise InputError(f"strikes of a smile must rise and be above 0, not {list(self.strikes)}; sort them")
        if not (vols > 0.0).all():
            raise InputError(f"volatilities of a smile must be above 0, not {list(self.volatilities)}")

    def volatility(self, strike: Any, years: Any) -> FloatArray:
        """Return volatilities of strikes; ``years`` does not matter."""
        places = np.log(np.asarray(strike, dtype=float))
        return np.asarray(np.interp(places, np.log(self.strikes), self.volatilities))


@dataclass(frozen=True)
class SVISlice:
    """Volatility from one slice in Gatheral's raw parameters, w(k) of k = ln(K / forward), over its years.

    Attributes
    ----------
    level, slope, correlation, shift, curvature : float
        As in :class:`hedgerow.pricing.svi.SVI`.
    forward, years : float
        Forward and years to expiry for which the slice was fitted, above 0.
    """

    level: float
    slope: float
    correlation: float
    shift: float
    curvature: float
    forward: float
    years: float

    def __post_init__(self) -> None:
        """Refuse a slice that has no volatility somewhere."""
        _above_zero(forward=self.forward, years=self.years)
        self.volatility(np.array([self.forward]), self.years)

    def volatility(self, strike: Any, years: Any) -> FloatArray:
        """Return volatilities of strikes; ``years`` does not matter."""
        from hedgerow.pricing import svi

        slice_ = svi.SVI(self.level, self.slope, self.correlation, self.shift, self.curvature)
        place = np.log(np.asarray(strike, dtype=float) / self.forward)
        return np.asarray(svi.volatility(place, self.years, slice_))


@dataclass(frozen=True)
class SABRSlice:
    """Volatility from Hagan's expansion at one expiry.

    Attributes
    ----------
    vol, beta, correlation, vol_of_vol : float
        As in :func:`hedgerow.pricing.sabr.volatility`.
    forward, years : float
        Forward and years to expiry for which they were fitted, above 0.
    """

    vol: float
    beta: float
    correlation: float
    vol_of_vol: float
    forward: float
    years: float

    def __post_init__(self) -> None:
        """Refuse parameters that give no volatility."""
        _above_zero(forward=self.forward, years=self.years)
        self.volatility(np.array([self.forward]), self.years)

    def volatility(self, strike: Any, years: Any) -> FloatArray:
        """Return volatilities of strikes; ``years`` does not matter."""
        from hedgerow.pricing import sabr

        shape = {"beta": self.beta, "correlation": self.correlation, "vol_of_vol": self.vol_of_vol}
        return np.asarray(sabr.volatility(self.forward, np.asarray(strike, dtype=float), self.years, self.vol, **shape))


SMILES = {"table": StrikeTable, "svi": SVISlice, "sabr": SABRSlice}
"""Name in a study to the smile."""


def smile_of(words: Any) -> Any:
    """Return the smile that words name: ``{table: {strikes: [...], volatilities: [...]}}``; InputError for none."""
    return made(words, SMILES, "smile")


def with_smile(values: Any) -> Any:
    """Return a scenario's values with the smile of its ``implied`` made from its words, where it has one.

    Examples
    --------
    >>> words = {"table": {"strikes": [100], "volatilities": [0.2]}}
    >>> with_smile({"implied": {"sticky_delta": {"smile": words}}})["implied"]["sticky_delta"]["smile"]
    StrikeTable(strikes=(100.0,), volatilities=(0.2,))
    """
    implied = values.get("implied") if isinstance(values, Mapping) else None
    if not (isinstance(implied, Mapping) and len(implied) == 1):
        return values
    kind, inner = next(iter(implied.items()))
    if not (isinstance(inner, Mapping) and "smile" in inner):
        return values
    return {**values, "implied": {kind: {**inner, "smile": smile_of(inner["smile"])}}}


def marked(market: MarketState, scenario: Scenario) -> MarketState:
    """Return a market whose options are marked as the scenario does at the start: by its smile, if any."""
    smile = getattr(getattr(scenario, "implied", None), "smile", None)
    if smile is None:
        return market
    return replace(market, underlyings={name: replace(each, vol=smile) for name, each in market.underlyings.items()})


def _above_zero(**numbers: float) -> None:
    for name, value in numbers.items():
        if not 0.0 < value < np.inf:
            raise InputError(f"{name} of a smile must be above 0, not {value!r}")
