"""Surface SVI fitted to all expiries at once: free of butterfly and calendar arbitrage by its conditions.

Each expiry has its own at-the-money total variance theta, which never falls from one to the next; correlation,
steepness eta and exponent gamma are shared. With gamma <= 1/2 and eta (1 + |rho|) <= 2 no slice admits a butterfly,
and total variance rises with expiry at every strike. Fewer parameters than a slice per expiry, so looser: the fit
error says by how much.

>>> import numpy as np, pandas as pd
>>> from hedgerow.market.surface import fit_surface
>>> from hedgerow.pricing import ssvi
>>> k, truth = np.linspace(-0.3, 0.3, 13), ssvi.SSVI(-0.6, 0.9, 0.4)
>>> parts = []
>>> for month, years, theta in ((4, 0.25, 0.01), (7, 0.5, 0.022)):
...     vol = np.sqrt(ssvi.total_variance(k, theta, truth) / years)
...     parts.append(pd.DataFrame({"expiry": pd.Timestamp(2011, month, 4), "years": years, "log_moneyness": k,
...                                "bid_vol": vol, "mid_vol": vol, "ask_vol": vol, "half_width": 0.001, "vega": 1.0}))
>>> found = fit_surface(pd.concat(parts))
>>> round(found.parameters.correlation, 2), found.free_by_conditions
(-0.6, True)

References
----------
J. Gatheral and A. Jacquier, *Arbitrage-free SVI volatility surfaces*, Quantitative Finance 14 (2014) 59-71,
theorems 4.1 and 4.2, corollary 4.1 and section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError
from hedgerow.market.surface.svi_fit import REACH, SliceFit, judged, within_reach
from hedgerow.pricing import ssvi
from hedgerow.pricing.ssvi import SSVI

_MOST_CORRELATED = 0.999


@dataclass(frozen=True)
class SurfaceFit:
    """One surface for all expiries.

    Attributes
    ----------
    parameters : SSVI
        Correlation, steepness and exponent that all expiries share.
    variances : dict of Timestamp to float
        At-the-money total variance of each expiry, never falling.
    slices : dict of Timestamp to SliceFit
        Each expiry's slice and how well it meets the quotes.
    """

    parameters: SSVI
    variances: dict[pd.Timestamp, float]
    slices: dict[pd.Timestamp, SliceFit]

    @property
    def free_by_conditions(self) -> bool:
        """Whether the sufficient conditions hold: no butterfly at any expiry, and no calendar arbitrage."""
        theta = np.array(list(self.variances.values()))
        butterfly = np.all(ssvi.free_of_butterfly_arbitrage(theta, self.parameters))
        return bool(butterfly and ssvi.free_of_calendar_arbitrage(theta, self.parameters))


def fit_surface(quotes: pd.DataFrame, *, reach: float = REACH) -> SurfaceFit:
    """Return surface SVI fitted to the volatilities of all expiries.

    Parameters
    ----------
    quotes : DataFrame
        Rows of :func:`smile_quotes`; rows without a mid volatility are skipped.
    reach : float
        Quotes farther from the forward than this many standard deviations are left out.

    Raises
    ------
    DataError
        With fewer volatilities than parameters.
    """
    known = quotes[quotes["mid_vol"].notna()]
    parts = {
        pd.Timestamp(str(expiry)): within_reach(rows, reach) for expiry, rows in known.groupby("expiry", sort=True)
    }
    if not parts or sum(len(rows) for rows, _ in parts.values()) < len(parts) + 3:
        raise DataError("a surface needs more volatilities than its parameters: one per expiry and three more")
    used = pd.concat([rows for rows, _ in parts.values()], ignore_index=True)
    theta, surface = _solve(used)
    slices = {}
    for (expiry, (rows, beyond)), variance in zip(parts.items(), theta, strict=True):
        slices[expiry] = judged(rows, ssvi.slice_at(float(variance), surface), beyond)
    return SurfaceFit(surface, dict(zip(parts, theta.tolist(), strict=True)), slices)


def _solve(quotes: pd.DataFrame) -> tuple[FloatArray, SSVI]:
    from scipy.optimize import least_squares

    place = pd.factorize(quotes["expiry"], sort=True)[0]
    k, years = quotes["log_moneyness"].to_numpy(), quotes["years"].to_numpy()
    vols, widths = quotes["mid_vol"].to_numpy(), quotes["half_width"].to_numpy()
    widths = np.maximum(widths, 0.5 * np.median(widths))
    # Expiries count alike, however many strikes they list.
    weight = 1.0 / np.sqrt(np.bincount(place)[place])

    def misses(point: FloatArray) -> FloatArray:
        theta, surface = _read(point)
        fitted = np.sqrt(np.asarray(ssvi.total_variance(k, theta[place], surface)) / years)
        return np.asarray((fitted - vols) / widths * weight)

    nearest = quotes.loc[quotes["log_moneyness"].abs().groupby(quotes["expiry"]).idxmin()]
    start = np.maximum.accumulate((nearest["mid_vol"] ** 2 * nearest["years"]).to_numpy())
    steps = np.maximum(np.diff(start, prepend=0.0), 1e-3 * start[0])
    lower = np.concatenate((np.full(len(steps), np.log(1e-9)), [-_MOST_CORRELATED, 1e-3, 0.0]))
    upper = np.concatenate((np.full(len(steps), np.log(50.0)), [_MOST_CORRELATED, 1.0, 0.5]))
    first = np.concatenate((np.log(steps), [-0.5, 0.6, 0.4]))
    found = least_squares(
        misses, first, bounds=(lower, upper), loss="soft_l1", f_scale=3.0 * float(weight.min()), max_nfev=100
    )
    return _read(found.x)


def _read(point: FloatArray) -> tuple[FloatArray, SSVI]:
    """Return theta and the surface of log steps of theta, correlation, share of the largest steepness, exponent."""
    correlation, share, exponent = (float(value) for value in point[-3:])
    steepness = 2.0 * share / (1.0 + abs(correlation))
    return np.cumsum(np.exp(point[:-3])), SSVI(correlation, steepness, exponent)
