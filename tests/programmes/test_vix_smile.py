"""The smile of options on volatility futures: no arbitrage, the exact model, its level, its fit to what happened."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import InputError
from hedgerow.pricing import black76, displaced
from hedgerow.programmes import VolOfVol
from hedgerow.programmes.vix_smile import shifted_variance, smile_deviation

STRIKES = np.concatenate((np.linspace(0.3, 3.0, 541), np.linspace(3.02, 9.0, 300)))


@pytest.mark.parametrize("floor", [0.0, 0.3, 0.5, 0.7])
@pytest.mark.parametrize("total", [0.0005, 0.02, 0.06, 0.25])
def test_prices_by_strike_leave_no_arbitrage(floor: float, total: float) -> None:
    """Calls fall with the strike by at most one to one, and are convex, from far below the floor to nine times it."""
    deviation = smile_deviation(STRIKES, shifted_variance(total, floor), floor)
    prices = black76.price("call", 1.0, STRIKES, 1.0, deviation)
    slopes = np.diff(prices) / np.diff(STRIKES)
    assert (slopes <= 1e-12).all()
    assert (slopes >= -1.0 - 1e-9).all()
    assert (np.diff(slopes) > -1e-9).all()


@pytest.mark.parametrize("floor", [0.2, 0.5, 0.7])
def test_price_is_that_of_a_shifted_lognormal(floor: float) -> None:
    """The volatility of every strike gives the price of the displaced model, to rounding."""
    variance, strikes = 0.28, STRIKES[floor + 0.01 < STRIKES]
    found = black76.price("call", 1.0, strikes, 1.0, smile_deviation(strikes, variance, floor))
    exact = displaced.price("call", 1.0, strikes, 1.0, np.sqrt(variance), displacement=-floor)
    np.testing.assert_allclose(found, exact, rtol=1e-9, atol=1e-14)


def test_volatility_rises_with_the_strike_and_flattens_with_the_expiry() -> None:
    """At every strike above the floor; the slope across the money falls from a week to half a year."""
    model, slopes = VolOfVol(), []
    for days in (7, 30, 90, 180):
        level = model.volatility(days / 365, 20.0)
        found = model.by_strike(STRIKES[STRIKES > 0.55], days / 365, level)
        assert (np.diff(found) > 0.0).all()
        across = model.by_strike([0.95, 1.05], days / 365, level)
        slopes.append(float(across[1] - across[0]))
    assert slopes == sorted(slopes, reverse=True)


def test_log_contract_over_the_smile_gives_the_level_back() -> None:
    """Variance by replication from prices out of the money, as the VVIX is made, is that of the level."""
    model, years = VolOfVol(), 30 / 365
    for level in (0.6, 0.86, 1.5):
        distance = np.linspace(-3.0, 4.0, 14_001)
        strikes = np.exp(distance)
        vol = model.by_strike(strikes, years, level)
        outside = black76.price(np.where(strikes > 1.0, 1, -1), 1.0, strikes, years, vol)
        variance = 2.0 * np.trapezoid(outside / strikes, distance)
        assert np.sqrt(variance / years) == pytest.approx(level, rel=1e-5)


def test_variance_solves_its_equation_and_refuses_what_no_floor_allows() -> None:
    """Against a sum of 20,001 places; beyond three fifths of the bound one sentence."""
    normal = np.linspace(-12.0, 12.0, 20_001)
    weight = np.exp(-0.5 * normal**2) / np.exp(-0.5 * normal**2).sum()
    for total in (1e-6, 0.02, 0.3, 0.8):
        variance = float(shifted_variance(total, 0.5))
        ending = 0.5 + 0.5 * np.exp(np.sqrt(variance) * normal - 0.5 * variance)
        assert -2.0 * float((weight * np.log(ending)).sum()) == pytest.approx(total, rel=1e-6)
    assert shifted_variance([0.0, 0.3], 0.0).tolist() == [0.0, 0.3]
    assert float(shifted_variance(0.0, 0.5)) == 0.0
    with pytest.raises(InputError, match="lower the floor"):
        shifted_variance(0.9, 0.5)
    with pytest.raises(InputError, match="floor"):
        VolOfVol(floor=1.0)


def test_flat_model_has_one_volatility_at_every_strike() -> None:
    """The preset by its name."""
    flat = VolOfVol.flat()
    level = float(flat.volatility(0.1, 25.0))
    assert set(flat.by_strike(STRIKES, 0.1, level).tolist()) == {np.sqrt(level**2 * 0.1) / np.sqrt(0.1)}
    assert flat.smile == "the same at every strike"


def test_floor_is_the_likeliest_for_a_decade_of_monthly_moves() -> None:
    """From one expiry to the next: 121 ratios, a lognormal above 0.51 of their mean."""
    from scipy.stats import lognorm

    dates = ["date", *(f"exp{place}" for place in range(1, 9))]
    table = pd.read_csv(shared_data("vix_futures_m1_m8_daily.csv"), parse_dates=dates).set_index("date")
    expiries = [day for day in table["exp1"].unique() if day <= table.index[-1]]
    moves = []
    for before, expiry in pairwise(expiries):
        bought, last = table[table.index < before].iloc[-1], table[table.index < expiry].iloc[-1]
        moves.append(last["M1"] / bought["M2"])
        assert (bought["exp2"], last["exp1"]) == (expiry, expiry)
    assert len(moves) == 121
    shape, floor, _scale = lognorm.fit(moves, 0.5, loc=0.4, scale=0.5)
    assert floor / np.mean(moves) == pytest.approx(0.512, abs=0.002)
    assert shape * np.sqrt(365 / 30.5) == pytest.approx(1.49, abs=0.01)
