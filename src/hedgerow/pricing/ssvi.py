"""Surface SVI: all expiries' smiles from their at-the-money variances and three numbers, free of arbitrage.

With k = log(strike / forward), theta the at-the-money total variance of an expiry, and a power law phi::

    w(k, theta) = theta/2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2))
    phi(theta) = eta theta^-gamma (1 + theta)^(gamma - 1)

>>> from hedgerow.pricing import ssvi, svi
>>> surface = ssvi.SSVI(correlation=-0.7, steepness=1.0, exponent=0.5)
>>> smile = ssvi.slice_at(0.04, surface)
>>> round(svi.volatility(0.0, 1.0, smile), 12)
0.2
>>> bool(ssvi.free_of_butterfly_arbitrage(0.04, surface))
True

References
----------
J. Gatheral and A. Jacquier, *Arbitrage-free SVI volatility surfaces*, Quantitative Finance 14 (2014) 59-71.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.pricing import svi
from hedgerow.pricing.arguments import as_given, numbers, refuse_below, refuse_where
from hedgerow.pricing.svi import SVI


@dataclass(frozen=True)
class SSVI:
    """Parameters that all expiries share.

    Attributes
    ----------
    correlation : float
        rho, above -1 and below 1.
    steepness : float
        eta > 0: size of the smile; with an exponent of at most 1/2, eta (1 + abs(rho)) <= 2 leaves no butterfly
        arbitrage at any theta.
    exponent : float
        gamma, from 0 to 1: how the skew decays with expiry; near 1/2 for equity indices.
    """

    correlation: float
    steepness: float
    exponent: float


def smile_scale(variance_at_the_money: Any, surface: SSVI) -> Any:
    """Return phi(theta), the inverse width of the smile in log-moneyness.

    Parameters
    ----------
    variance_at_the_money : scalar or array
        theta > 0, total variance at k = 0.
    surface : SSVI
        The shared parameters.
    """
    theta = _read(variance_at_the_money, surface)
    return as_given(surface.steepness * theta**-surface.exponent * (1.0 + theta) ** (surface.exponent - 1.0))


def slice_at(variance_at_the_money: Any, surface: SSVI) -> SVI:
    """Return the smile of one expiry (or of each of several) as a raw SVI slice."""
    theta = _read(variance_at_the_money, surface)
    phi, rho = np.asarray(smile_scale(theta, surface)), surface.correlation
    rest = 1.0 - rho * rho
    raw = (theta * rest / 2.0, theta * phi / 2.0, np.full_like(theta, rho), -rho / phi, np.sqrt(rest) / phi)
    return SVI(*(as_given(np.asarray(part)) for part in raw))


def total_variance(log_moneyness: Any, variance_at_the_money: Any, surface: SSVI) -> Any:
    """Return w(k, theta); the two arguments broadcast."""
    return svi.total_variance(log_moneyness, slice_at(variance_at_the_money, surface))


def free_of_butterfly_arbitrage(variance_at_the_money: Any, surface: SSVI) -> Any:
    """Return where Gatheral and Jacquier's sufficient condition holds (their theorem 4.2).

    theta phi (1 + abs(rho)) < 4 and theta phi^2 (1 + abs(rho)) <= 4. The first is necessary as well; a slice that
    breaks only the second may still have a density: look at :func:`hedgerow.pricing.svi.density_factor`.
    """
    theta = _read(variance_at_the_money, surface)
    phi, wing = np.asarray(smile_scale(theta, surface)), 1.0 + abs(surface.correlation)
    return as_given(np.asarray((theta * phi * wing < 4.0) & (theta * phi**2 * wing <= 4.0)))


def free_of_calendar_arbitrage(variances_at_the_money: Any, surface: SSVI) -> bool:
    """Return whether total variance rises with expiry at every strike (their theorem 4.1: necessary and sufficient).

    That is when theta does not fall and d(theta phi)/dtheta lies between 0 and phi (1 + sqrt(1 - rho^2)) / rho^2.
    For this phi the derivative is phi (1 - gamma) / (1 + theta), which always does: what remains is theta.

    Parameters
    ----------
    variances_at_the_money : array
        theta of each expiry, in the order of expiry.
    surface : SSVI
        The shared parameters.
    """
    theta = np.atleast_1d(_read(variances_at_the_money, surface))
    return bool((np.diff(theta) >= 0.0).all())


def _read(variance_at_the_money: Any, surface: SSVI) -> FloatArray:
    read = numbers({"variance_at_the_money": variance_at_the_money, **vars(surface)})
    refuse_below("variance_at_the_money", read["variance_at_the_money"], allow_equal=False)
    refuse_below("steepness", read["steepness"], allow_equal=False)
    refuse_where(np.abs(read["correlation"]) >= 1.0, "correlation", read["correlation"], "must be inside -1 to 1", "")
    wrong = (read["exponent"] < 0.0) | (read["exponent"] > 1.0)
    refuse_where(wrong, "exponent", read["exponent"], "must be from 0 to 1", "")
    return read["variance_at_the_money"]
