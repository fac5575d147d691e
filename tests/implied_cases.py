"""Options whose implied volatilities the tests look for."""

from __future__ import annotations

import numpy as np

EPS = 2.0**-52


def chain(count, seed=5):
    """Options as a market quotes them: calls and puts, in and out of the money, days to years."""
    rng = np.random.default_rng(seed)
    kind = rng.choice([-1, 1], count)
    spot = rng.uniform(50.0, 200.0, count)
    strike = spot * np.exp(0.3 * rng.standard_normal(count))
    years, vol = rng.uniform(0.01, 3.0, count), rng.uniform(0.05, 1.0, count)
    rate, dividend_yield = rng.uniform(-0.02, 0.08, count), rng.uniform(0.0, 0.05, count)
    return (kind, spot, strike, years, vol, rate, dividend_yield)
