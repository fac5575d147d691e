"""SVI smiles fitted to quotes, one expiry after another, without butterfly arbitrage and without crossing.

The fit minimises the misses in half-spreads, tempered so that single wild quotes lose their pull. It runs over the
wings' slopes b (1 - rho) and b (1 + rho), both at most 2 (Lee), the least variance, the centre and the curvature, so
that every trial is a smile; arbitrage within the slice (Gatheral and Jacquier's g < 0) and with the expiry before is
charged until none is left on a grid far into the wings.

>>> import numpy as np, pandas as pd
>>> from hedgerow.market.surface import fit_slice
>>> from hedgerow.pricing import svi
>>> k, truth = np.linspace(-0.3, 0.3, 13), svi.SVI(0.01, 0.08, -0.4, 0.02, 0.15)
>>> vol = svi.volatility(k, 0.5, truth)
>>> quotes = pd.DataFrame({"years": 0.5, "strike": 100.0 * np.exp(k), "log_moneyness": k, "bid_vol": vol - 0.001,
...                        "mid_vol": vol, "ask_vol": vol + 0.001, "half_width": 0.001, "vega": 1.0})
>>> fitted = fit_slice(quotes)
>>> fitted.inside, bool(abs(svi.volatility(0.0, 0.5, fitted.parameters) - svi.volatility(0.0, 0.5, truth)) < 1e-4)
(1.0, True)

References
----------
J. Gatheral and A. Jacquier, *Arbitrage-free SVI volatility surfaces*, Quantitative Finance 14 (2014) 59-71; R. Lee,
*The moment formula for implied volatility at extreme strikes*, Mathematical Finance 14 (2004) 469-480; the start:
Zeliade Systems, *Quasi-explicit calibration of Gatheral's SVI model* (2009).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow.errors import DataError
from hedgerow.market.surface.svi_trial import SliceTrial
from hedgerow.pricing import svi
from hedgerow.pricing.svi import SVI

REACH = 6.0
"""Standard deviations from the forward beyond which quotes are not fitted."""

_CHARGES = (1e2, 1e4, 1e6)
_FEWEST = 5


@dataclass(frozen=True)
class SliceFit:
    """One fitted expiry.

    Attributes
    ----------
    parameters : SVI
        The slice.
    mean_miss : float
        Mean absolute miss of the mids, in half-spreads.
    inside : float
        Share of quotes whose bid-ask holds the fitted volatility.
    rms_error : float
        Root mean square miss in volatility, weighted by vega: the uncertainty of a mark.
    quotes : int
        Number of quotes fitted.
    beyond : int
        Number of quotes left out as too far from the forward.
    """

    parameters: SVI
    mean_miss: float
    inside: float
    rms_error: float
    quotes: int
    beyond: int = 0


def fit_slice(quotes: pd.DataFrame, before: SVI | None = None, *, reach: float = REACH) -> SliceFit:
    """Return the SVI slice of one expiry.

    Parameters
    ----------
    quotes : DataFrame
        Rows of :func:`smile_quotes` of one expiry; rows without a mid volatility are skipped.
    before : SVI, optional
        The slice of the expiry before: total variance stays above it at every log-moneyness.
    reach : float
        Quotes farther from the forward than this many standard deviations (at-the-money volatility times the root of
        years) are left out: there one tick of price is many points of volatility, and a hyperbola bent to such quotes
        misses those that trade.

    Raises
    ------
    DataError
        With fewer than five volatilities.
    """
    known, beyond = within_reach(quotes[quotes["mid_vol"].notna()], reach)
    if known["strike"].nunique() < _FEWEST:
        when = f" of expiry {quotes['expiry'].iloc[0]:%Y-%m-%d}" if len(quotes) else ""
        raise DataError(f"an SVI slice needs {_FEWEST} strikes with a volatility; the smile{when} has {len(known)}")
    trial = SliceTrial.of(known, before)
    points, allowed = trial.starts(), []
    for charge in _CHARGES:
        # Each start goes on, dearer every round, until its slice is free of arbitrage.
        solved = [(point, trial.repaired(point)) for point in (trial.solve(start, charge) for start in points)]
        allowed += [made for _, made in solved if made is not None]
        points = [point for point, made in solved if made is None]
    candidates = allowed or trial.safe()
    fits = [judged(known, parameters, beyond) for parameters in candidates]
    return min(fits, key=lambda fit: fit.mean_miss)


def within_reach(quotes: pd.DataFrame, reach: float) -> tuple[pd.DataFrame, int]:
    """Return the quotes of one expiry within so many standard deviations of the forward, and how many are beyond."""
    if quotes.empty:
        return quotes, 0
    k = quotes["log_moneyness"].abs()
    deviation = float(quotes["mid_vol"].iloc[int(k.argmin())]) * np.sqrt(quotes["years"].iloc[0])
    near = k <= reach * deviation
    return quotes[near], int((~near).sum())


def judged(quotes: pd.DataFrame, parameters: SVI, beyond: int = 0) -> SliceFit:
    """Return how well a slice meets the quotes of its expiry, of which ``beyond`` were left out."""
    k, years = quotes["log_moneyness"].to_numpy(), quotes["years"].to_numpy()
    fitted = np.sqrt(np.asarray(svi.total_variance(k, parameters)) / years)
    miss = fitted - quotes["mid_vol"].to_numpy()
    inside = np.abs(miss) <= quotes["half_width"].to_numpy() * (1.0 + 1e-9)
    low, high = quotes["bid_vol"].to_numpy(), quotes["ask_vol"].to_numpy()
    inside |= (fitted >= np.where(np.isnan(low), 0.0, low)) & (fitted <= high)
    weight = np.maximum(quotes["vega"].to_numpy(), 1e-300)
    return SliceFit(
        parameters,
        float(np.mean(np.abs(miss) / quotes["half_width"].to_numpy())),
        float(inside.mean()),
        float(np.sqrt(np.sum(weight * miss**2) / weight.sum())),
        len(quotes),
        beyond,
    )


def fit_slices(quotes: pd.DataFrame, *, calendar: bool = True, reach: float = REACH) -> dict[pd.Timestamp, SliceFit]:
    """Return a slice per expiry, in order, each above the one before unless ``calendar`` is False.

    Expiries with fewer than five volatilities are left out.
    """
    fits: dict[pd.Timestamp, SliceFit] = {}
    before = None
    for expiry, rows in quotes.groupby("expiry", sort=True):
        if rows.loc[rows["mid_vol"].notna(), "strike"].nunique() < _FEWEST:
            continue
        fits[pd.Timestamp(str(expiry))] = fit = fit_slice(rows, before, reach=reach)
        before = fit.parameters if calendar else None
    if not fits:
        raise DataError(f"no expiry has {_FEWEST} strikes with a volatility: no smile can be fitted")
    return fits
