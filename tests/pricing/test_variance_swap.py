"""Variance swaps: known fair variances, strips of quotes, and the value of a running swap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import integrate
from scipy.special import ndtr

from hedgerow.errors import InputError
from hedgerow.pricing import merton, svi, variance_swap
from hedgerow.pricing.svi import SVI

SMILE = SVI(level=0.02, slope=0.1, correlation=-0.6, shift=0.05, curvature=0.2)


@pytest.mark.parametrize("vol", [0.01, 0.2, 2.0])
@pytest.mark.parametrize("years", [0.01, 1.0, 3.0])
def test_fair_variance_of_a_flat_smile_is_its_square(vol: float, years: float) -> None:
    assert variance_swap.fair_variance(lambda k: vol, years) == pytest.approx(vol**2, rel=1e-11)


def test_fair_variance_of_an_svi_smile_is_the_log_contract_under_its_density() -> None:
    years = 0.5

    def weighed(k: float) -> float:
        w = svi.total_variance(k, SMILE)
        d2 = -k / np.sqrt(w) - np.sqrt(w) / 2
        return float(k * svi.density_factor(k, SMILE) * np.exp(-d2 * d2 / 2) / np.sqrt(2 * np.pi * w))

    log_return = sum(integrate.quad(weighed, *ends, epsabs=1e-14, limit=200)[0] for ends in ((-9, -1), (-1, 1), (1, 5)))
    made = variance_swap.fair_variance(lambda k: svi.volatility(k, years, SMILE), years)
    assert made == pytest.approx(-2.0 / years * log_return, rel=1e-9)


def test_fair_variance_of_merton_prices_is_the_log_contracts_closed_form() -> None:
    # -2/T E[log S_T/F] = vol^2 + 2 L (E[exp J] - 1 - E[J]).
    jumps = {"jump_intensity": 0.8, "jump_mean": -0.1, "jump_vol": 0.15}

    def option(strike: float) -> Any:
        return merton.price("put" if strike < forward else "call", 100.0, strike, 0.75, 0.2, 0.05, 0.01, **jumps)

    forward = 100.0 * np.exp(0.04 * 0.75)
    made = variance_swap.fair_variance_of_prices(option, forward, 0.75, np.exp(-0.05 * 0.75))
    assert made == pytest.approx(0.04 + 1.6 * (np.expm1(-0.1 + 0.15**2 / 2) + 0.1), rel=1e-9)


def test_fair_variance_of_a_smile_with_corners_is_found_by_halving() -> None:
    # Linear between pillars, flat outside: against a fine midpoint sum.
    def smile(k: Any) -> Any:
        return np.interp(k, [-0.3, -0.1, 0.0, 0.2], [0.35, 0.24, 0.2, 0.18])

    made = variance_swap.fair_variance(smile, 0.25)
    k = (np.arange(400_000) + 0.5) / 400_000 * 6.0 - 3.0
    deviation = smile(k) * 0.5
    d1 = -k / deviation + deviation / 2
    option = np.where(
        k < 0, ndtr(deviation - d1) - np.exp(-k) * ndtr(-d1), np.exp(-k) * ndtr(d1) - ndtr(d1 - deviation)
    )
    assert made == pytest.approx(8.0 * option.sum() * 6.0 / 400_000, rel=1e-8)


def strip_of(vol: Any, strikes: Any, forward: float, years: float, discount: float) -> tuple[Any, Any]:
    deviation = vol * np.sqrt(years)
    d1 = np.log(forward / strikes) / deviation + deviation / 2
    calls = discount * (forward * ndtr(d1) - strikes * ndtr(d1 - deviation))
    return calls - discount * (forward - strikes), calls


def test_strip_of_quotes_gives_the_fair_variance_of_derman_and_others() -> None:
    # Demeterfi et al. (1999), table 1: strikes 50 to 135 by 5, 20 % at 100 and a point per strike, 90 days, 5 %:
    # (20.467 %)^2 = 0.04189.
    strikes = np.arange(45.0, 141.0, 5.0)
    vol, years = 0.2 - 0.01 * (strikes - 100.0) / 5.0, 90.0 / 365.0
    discount = np.exp(-0.05 * years)
    puts, calls = strip_of(vol, strikes, 100.0 / discount, years, discount)
    made = variance_swap.fair_variance_of_strip(strikes, puts, calls, 100.0 / discount, years, discount)
    assert made == pytest.approx(0.04189, abs=1e-5)


def test_strip_of_quotes_equals_quantlib() -> None:
    # Without dividends: QuantLib leaves them out of the forward's own term.
    ql = pytest.importorskip("QuantLib")
    today = ql.Date(2, 1, 2025)
    ql.Settings.instance().evaluationDate = today
    clock = ql.Actual365Fixed()
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(100.0)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, 0.0, clock)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, 0.05, clock)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), 0.25, clock)),
    )
    swap = ql.VarianceSwap(ql.Position.Long, 0.04, 1.0, today, today + 146)
    calls, puts = list(np.arange(100.0, 180.0, 5.0)), list(np.arange(50.0, 105.0, 5.0))
    swap.setPricingEngine(ql.ReplicatingVarianceSwapEngine(process, 5.0, calls, puts))
    strikes, discount, forward = np.arange(45.0, 181.0, 5.0), np.exp(-0.02), 100.0 * np.exp(0.02)
    quotes = strip_of(0.25, strikes, forward, 0.4, discount)
    made = variance_swap.fair_variance_of_strip(strikes, *quotes, forward, 0.4, discount)
    assert made == pytest.approx(swap.variance(), rel=1e-10)


def test_strip_of_ever_finer_strikes_tends_to_the_continuum() -> None:
    errors = []
    for step in (4.0, 2.0, 1.0):
        strikes = np.arange(20.0, 320.0 + step, step)
        puts, calls = strip_of(0.2, strikes, 101.0, 1.0, 0.97)
        errors.append(variance_swap.fair_variance_of_strip(strikes, puts, calls, 101.0, 1.0, 0.97) - 0.04)
    assert errors[0] > errors[1] > errors[2] > 0.0
    np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 4.0, rtol=0.02)


def test_running_swap_adds_what_has_been_to_what_is_expected() -> None:
    # 100,000 per point struck at 20: N_var 2500. Half way at 30 realised and 25 to come: 762.5 - 400 = 362.5 points^2.
    assert variance_swap.variance_notional(100_000.0, 0.2) == pytest.approx(2500.0)
    made = variance_swap.price(0.2, 100_000.0, 0.25, elapsed=0.5, realised_vol=0.3, discount=0.99)
    assert made == pytest.approx(0.99 * 2500.0 * 362.5, rel=1e-14)
    assert variance_swap.price(0.2, 100_000.0, 0.2) == pytest.approx(0.0, abs=1e-9)
    # The path alone is beyond 2.5 x 20 = 50 points.
    capped = variance_swap.price(0.2, [1.0, -1.0], 0.2, elapsed=1.0, realised_vol=0.9, cap=2.5)
    np.testing.assert_allclose(capped, [2100.0 / 40.0, -2100.0 / 40.0])


def test_running_swap_vega_is_the_slope_in_fair_volatility() -> None:
    case = {"elapsed": 0.25, "discount": 0.98}
    up, down = (variance_swap.price(0.2, 1e5, 0.22 + h, realised_vol=0.3, **case) for h in (1e-4, -1e-4))
    assert variance_swap.vega(0.2, 1e5, 0.22, **case) == pytest.approx((up - down) / 2e-4, rel=1e-8)
    assert variance_swap.vega(0.2, 1e5, 0.2) == pytest.approx(1e7)


def test_realised_variance_takes_no_mean() -> None:
    path = 100.0 * np.exp(0.01 * np.arange(11))
    assert variance_swap.realised_variance(path) == pytest.approx(252 * 1e-4, rel=1e-12)


def test_variance_swap_impossible_input_is_refused() -> None:
    with pytest.raises(InputError, match="left wing is too steep"):
        variance_swap.fair_variance(lambda k: np.sqrt(0.04 + 2.5 * abs(k)), 1.0)
    with pytest.raises(InputError, match=r"volatility must be above 0 at every strike: -0\.1 at log-moneyness"):
        variance_swap.fair_variance(lambda k: -0.1, 1.0)
    with pytest.raises(InputError, match="strikes must rise"):
        variance_swap.fair_variance_of_strip([90.0, 100.0, 95.0], 1.0, 1.0, 97.0, 1.0)
    with pytest.raises(InputError, match="forward must have strikes on both sides"):
        variance_swap.fair_variance_of_strip([90.0, 100.0, 110.0], 1.0, 1.0, 120.0, 1.0)
    with pytest.raises(InputError, match="elapsed must be a share from 0 to 1"):
        variance_swap.price(0.2, 1.0, 0.2, elapsed=1.5)
    with pytest.raises(InputError, match="at least two"):
        variance_swap.realised_variance([100.0])
