"""Compile every pricing kernel ahead of its first use."""

from __future__ import annotations

import numpy as np


def compile_kernels() -> None:
    """Price a few options by every model that has a compiled form, which fills Numba's cache; takes half a minute.

    Done again it loads what is there. Where no cache can be written it has no lasting effect.
    """
    from hedgerow.pricing import american, bachelier, black_scholes

    n = 2_000
    rng = np.random.default_rng(0)
    strike, years = rng.uniform(80.0, 120.0, n), rng.uniform(0.1, 2.0, n)
    kind = np.where(np.arange(n) % 2, 1, -1).astype(np.int8)
    for signs in (kind, kind.astype(np.float64)):
        black_scholes.greeks(signs, 100.0, strike, years, 0.2, 0.03, 0.01)
    black_scholes.implied_volatility(black_scholes.price(kind, 100.0, strike, years, 0.2), kind, 100.0, strike, years)
    bachelier.implied_volatility(bachelier.price(kind, 100.0, strike, years, 20.0), kind, 100.0, strike, years)
    american.greeks(kind, 100.0, strike, years, 0.2, 0.03, 0.01)
