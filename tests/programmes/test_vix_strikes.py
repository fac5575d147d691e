"""Strikes of options on the volatility index: which delta is asked for, against prices integrated by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from hedgerow.programmes import MarketQuotes, OverlayMarket, Portfolio, VixCalls

FLOOR, FUTURE, DAYS = 0.5, 20.0, 30
YEARS = DAYS / 365.0


def total(variance: float) -> float:
    """Return twice the mean fall of the logarithm of a lognormal above the floor."""
    root = np.sqrt(variance)

    def weighed(z: float) -> float:
        return float(np.log(FLOOR + (1.0 - FLOOR) * np.exp(root * z - variance / 2.0)) * norm.pdf(z))

    return -2.0 * float(quad(weighed, -9.0, 9.0, epsabs=1e-13)[0])


def call(strike: float, future: float, variance: float) -> float:
    """Return the mean payoff of a call; the floor is a share of the future and moves with it."""
    root, own = np.sqrt(variance), (1.0 - FLOOR) * future
    upper = np.log(own / (strike - FLOOR * future)) / root + root / 2.0
    return float(own * norm.cdf(upper) - (strike - FLOOR * future) * norm.cdf(upper - root))


def test_delta_of_a_strike_is_that_of_quotes_and_the_smile_s_own_is_smaller() -> None:
    """Of the same call 0.30 by Black-76 at its own volatility, 0.263 where the smile moves with the future."""
    days = pd.bdate_range("2014-01-06", periods=10)
    futures = pd.DataFrame({"first": FUTURE}, days)
    quotes = MarketQuotes(futures, pd.DataFrame({"first": days[0] + pd.Timedelta(days=DAYS)}, days))
    market = OverlayMarket.of(pd.Series(100.0, days), pd.Series(18.0, days), quotes=quotes)
    bought = VixCalls().priced(market, Portfolio()).contracts[0]
    variance = brentq(lambda each: total(each) - 0.86**2 * YEARS, 0.05, 1.0, xtol=1e-13)
    strike = brentq(lambda each: 100.0 * call(each, FUTURE, variance) - bought.entry_price, FUTURE, 2.0 * FUTURE)
    assert bought.label == f"call {strike:.4g} {days[0] + pd.Timedelta(days=DAYS):%Y-%m-%d}"

    def black(deviation: float) -> float:
        upper = np.log(FUTURE / strike) / deviation + deviation / 2.0
        return float(FUTURE * norm.cdf(upper) - strike * norm.cdf(upper - deviation))

    own = brentq(lambda each: black(each) - bought.entry_price / 100.0, 0.01, 2.0, xtol=1e-14)
    assert norm.cdf(np.log(FUTURE / strike) / own + own / 2.0) == pytest.approx(0.30, abs=1e-9)
    moved = (call(strike, FUTURE + 1e-4, variance) - call(strike, FUTURE - 1e-4, variance)) / 2e-4
    assert moved == pytest.approx(0.263, abs=5e-4)
