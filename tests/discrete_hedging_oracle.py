"""What hedging at discrete moments costs and risks, by quadrature and closed form, apart from the product.

Under the pricing measure and at the true volatility the errors of single steps are martingale differences. The variance
of the P&L is then a sum over steps of an integral over two normals: where the spot stands, and where it goes.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from hedgerow._types import FloatArray


def call_and_delta(spot: FloatArray, strike: float, years: float, rate: float, carry: float, vol: float) -> tuple:
    """Return Black-Scholes value and delta of a call; its payoff where no time is left."""
    if years <= 1e-14:
        return np.maximum(spot - strike, 0.0), (spot > strike).astype(float)
    root = vol * np.sqrt(years)
    d1 = (np.log(spot / strike) + (rate - carry) * years) / root + 0.5 * root
    delta = np.exp(-carry * years) * ndtr(d1)
    return spot * delta - strike * np.exp(-rate * years) * ndtr(d1 - root), delta


def deviation_of_discrete_hedge(
    steps: int,
    years: float,
    vol: float = 0.2,
    rate: float = 0.05,
    carry: float = 0.0,
    nodes: int = 300,
    fine: int = 4000,
) -> float:
    """Return the exact standard deviation of the P&L of a call at 100, struck at 100, hedged at equal steps.

    Dividends on the units held are paid on the spot at the start of a step, as the accounts do.
    """
    step, strike = years / steps, 100.0
    total = 0.0
    z, w = _normal_rule(nodes)
    y, v = _normal_rule(fine)
    growth, paid = np.exp(rate * step), np.expm1(carry * step)
    for n in range(steps):
        since = n * step
        starts = (
            100.0 * np.exp((rate - carry - 0.5 * vol**2) * since + vol * np.sqrt(since) * z) if n else np.array([100.0])
        )
        weights = w if n else np.array([1.0])
        value, delta = call_and_delta(starts, strike, years - since, rate, carry, vol)
        ends = starts[:, None] * np.exp((rate - carry - 0.5 * vol**2) * step + vol * np.sqrt(step) * y)
        later, _ = call_and_delta(ends, strike, years - since - step, rate, carry, vol)
        held = delta[:, None] * (ends + starts[:, None] * paid - starts[:, None] * growth)
        error = held - (later - value[:, None] * growth)
        squared = ((error**2) @ v - (error @ v) ** 2) @ weights
        total += np.exp(2.0 * rate * (years - since - step)) * squared
    return float(np.sqrt(total))


def _normal_rule(n: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights of the trapezium rule for a standard normal, to nine deviations."""
    nodes = np.linspace(-9.0, 9.0, n)
    weights = np.exp(-0.5 * nodes**2)
    return nodes, weights / weights.sum()


def mean_at_wrong_volatility(
    years: float, marked: float, realised: float, rate: float, growth: float, strike: float = 100.0
) -> float:
    """Return the expected P&L of a call sold and hedged continuously at ``marked`` where ``realised`` comes about.

    ``1/2 integral of exp(r (T - t)) (marked^2 - realised^2) E[S^2 gamma] dt``, spot 100, gamma at ``marked``; El
    Karoui, Jeanblanc and Shreve (1998), Ahmad and Wilmott (2005).
    """
    z, w = _normal_rule(801)
    s, weight = np.polynomial.legendre.leggauss(200)
    times = 0.5 * years * (1.0 + np.sin(0.5 * np.pi * s))  # both ends have square-root singularities
    widths = 0.25 * np.pi * years * np.cos(0.5 * np.pi * s) * weight
    total = 0.0
    for time, width in zip(times, widths, strict=True):
        spots = 100.0 * np.exp((growth - 0.5 * realised**2) * time + realised * np.sqrt(time) * z)
        left = years - time
        root = marked * np.sqrt(left)
        d1 = (np.log(spots / strike) + rate * left) / root + 0.5 * root
        cash_gamma = spots * np.exp(-0.5 * d1**2) / np.sqrt(2.0 * np.pi) / root
        total += width * np.exp(rate * left) * (cash_gamma @ w)
    return 0.5 * (marked**2 - realised**2) * total
