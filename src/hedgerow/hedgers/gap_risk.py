"""Gap risk of constant-proportion insurance: how probable a fall through the floor is between two trades."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log, sqrt

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments.base import require_number


@dataclass(frozen=True)
class PriceJumps:
    """Jumps of a price: Poisson in number, lognormal in size.

    Attributes
    ----------
    intensity : float
        Jumps per year.
    mean, deviation : float
        Of the logarithm of one jump.
    """

    intensity: float
    mean: float
    deviation: float

    def __post_init__(self) -> None:
        """Refuse an intensity or deviation below 0."""
        for name in ("intensity", "mean", "deviation"):
            require_number(name, getattr(self, name))
        for name in ("intensity", "deviation"):
            if getattr(self, name) < 0.0:
                raise InputError(f"{name} must be 0 or more, not {getattr(self, name)!r}")


@dataclass(frozen=True)
class GapMarket:
    """The law of motion for :func:`gap_probability`.

    Attributes
    ----------
    volatility : float
        Annual, of the diffusion.
    drift : float
        Growth of the price per year, jumps included (their mean is taken off between them).
    rate : float
        Continuous, per year.
    jumps : PriceJumps
        None unless given.
    """

    volatility: float
    drift: float = 0.0
    rate: float = 0.0
    jumps: PriceJumps = field(default_factory=lambda: PriceJumps(0.0, 0.0, 0.0))

    def __post_init__(self) -> None:
        """Refuse a volatility that is not above 0."""
        for name in ("volatility", "drift", "rate"):
            require_number(name, getattr(self, name))
        if self.volatility <= 0.0:
            raise InputError(f"volatility must be above 0, not {self.volatility!r}; give it as a decimal")


def gap_probability(multiplier: float, step_years: float, market: GapMarket, n_steps: int = 1) -> float:
    """Return the probability that CPPI, traded once per step, ends a step below a floor that grows with the rate.

    Over a step the floor breaks where the price grows by less than ``exp(rate step) (1 - 1/multiplier)``; steps are
    independent, so over n of them ``1 - (1 - p)^n``. A cap on the exposure makes it smaller: this is the law without.

    Parameters
    ----------
    multiplier : float
        Above 0; up to 1 nothing breaks, since the exposure never exceeds the cushion.
    step_years : float
        Years between trades.
    market : GapMarket
    n_steps : int

    Returns
    -------
    float

    References
    ----------
    Balder, S., Brandl, M. and Mahayni, A. (2009), Effectiveness of CPPI strategies under discrete-time trading, Journal
    of Economic Dynamics and Control 33, 204-220. Cont, R. and Tankov, P. (2009), Constant proportion portfolio
    insurance in the presence of jumps in asset prices, Mathematical Finance 19, 379-401.

    Examples
    --------
    Traded monthly for a year, without jumps and with one a year on average:

    >>> crash = GapMarket(0.2, jumps=PriceJumps(intensity=1.0, mean=-0.2, deviation=0.1))
    >>> [round(gap_probability(5.0, 1 / 12, market, 12), 4) for market in (GapMarket(0.2), crash)]
    [0.0007, 0.3209]
    """
    from scipy.special import ndtr

    if not multiplier > 0.0:
        raise InputError(f"multiplier must be above 0, not {multiplier!r}")
    if not 0.0 < step_years < np.inf or n_steps < 1:
        raise InputError(f"step_years must be above 0 and n_steps 1 or more, not {step_years!r} and {n_steps!r}")
    if multiplier <= 1.0:
        return 0.0
    jumps, least = market.jumps, market.rate * step_years + log(1.0 - 1.0 / multiplier)
    growth = exp(jumps.mean + 0.5 * jumps.deviation**2) - 1.0
    middle = (market.drift - jumps.intensity * growth - 0.5 * market.volatility**2) * step_years
    count, weight = _poisson(jumps.intensity * step_years)
    deviation = np.sqrt(market.volatility**2 * step_years + count * jumps.deviation**2)
    once = float(weight @ ndtr((least - middle - count * jumps.mean) / deviation))
    return float(-np.expm1(n_steps * np.log1p(-min(once, 1.0)))) if once < 1.0 else 1.0


def _poisson(mean: float) -> tuple[FloatArray, FloatArray]:
    """Return numbers of jumps and their probabilities, all but 1e-16 of them."""
    from scipy.special import gammaln

    count = np.arange(int(mean + 12.0 * sqrt(mean) + 20.0), dtype=np.float64)
    if mean == 0.0:
        return count[:1], np.ones(1)
    return count, np.exp(count * log(mean) - mean - gammaln(count + 1.0))
