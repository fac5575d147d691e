"""The skew model: formula, no arbitrage within its bounds, horizons, refusals, and its defaults on real data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.pricing import black76
from hedgerow.programmes import (
    SkewModel,
    SmileQuotes,
    VolOfVol,
    fit_reversion,
    fit_skew,
    fit_skew_index,
    skew_index,
)
from hedgerow.programmes.expiries import third_friday

MODEL = SkewModel()


def test_volatility_equals_its_formula_by_hand() -> None:
    """Mean reversion, then a parabola in the bounded normalised log-moneyness."""
    years, index = 0.25, 0.30
    decay = [-np.expm1(-1.63 * time) / (1.63 * time) for time in (years, 30 / 365)]
    variance = 0.246**2 + (index**2 - 0.246**2) * decay[0] / decay[1]
    atm = 0.942 * np.sqrt(variance)
    y = 2.51 * np.tanh(np.log(0.8) / (atm * np.sqrt(years)) / 2.51)
    expected = atm * (1.0 - 0.205 * y + 0.084 * y * y)
    assert float(MODEL.volatility(80.0, 100.0, years, 30.0)) == pytest.approx(expected, rel=1e-14)


def test_at_the_money_of_thirty_days_is_the_stated_share_of_the_index() -> None:
    """Below 30 days too; far out it tends to the share of the long run."""
    for days in (1, 7, 30):
        assert float(MODEL.at_the_money(days / 365, 20.0)) == pytest.approx(0.942 * 0.20, rel=1e-13)
    assert float(MODEL.at_the_money(200.0, 60.0)) == pytest.approx(0.942 * 0.246, rel=0.01)
    flat = SkewModel(reversion=0.0)
    assert float(flat.at_the_money(2.0, 20.0)) == pytest.approx(0.942 * 0.20, rel=1e-13)


@pytest.mark.parametrize("model", [MODEL, SkewModel.average()], ids=["week", "average"])
@pytest.mark.parametrize("index", [9.0, 20.0, 45.0, 83.0])
def test_smile_is_free_of_butterfly_and_calendar_arbitrage(index: float, model: SkewModel) -> None:
    """Prices fall and are convex in the strike; total variance rises with time at every moneyness of the forward."""
    times = np.array([1 / 365, 7 / 365, 30 / 365, 0.25, 0.5, 1.0, 2.0])
    for years in times:
        deviation = float(model.at_the_money(years, index)) * np.sqrt(years)
        strikes = 100.0 * np.exp(np.linspace(-7.0, 5.0, 961) * deviation)
        prices = black76.price("call", 100.0, strikes, years, model.volatility(strikes, 100.0, years, index))
        slopes = np.diff(prices) / np.diff(strikes)
        assert (np.diff(slopes) > -1e-10).all()
        assert (slopes < 1e-12).all()
        assert (slopes > -1.0 - 1e-9).all()
    total = model.at_the_money(times, index) ** 2 * times
    assert (np.diff(total) > 0.0).all()


def test_no_volatility_falls_below_the_stated_share_of_the_money() -> None:
    """Over a wide grid, down to an index of 1 and to no time at all."""
    strikes, years, index = np.meshgrid(np.geomspace(1.0, 1e4, 60), [0.0, 0.01, 0.3, 3.0], [1.0, 20.0, 150.0])
    vol = MODEL.volatility(strikes, 100.0, years, index)
    at_the_money = MODEL.at_the_money(years, index)
    assert np.isfinite(vol).all()
    assert (vol >= MODEL.least_shape * at_the_money * (1.0 - 1e-12)).all()
    assert MODEL.least_shape == pytest.approx(1.0 - 0.205**2 / (4 * 0.084), rel=1e-13)


def test_horizons_given_are_interpolated_in_total_variance() -> None:
    """At each horizon its own index, between them a line, flat outside, and never a falling total variance."""
    indices = {93: 22.0, 182: 24.0}
    for days, index in ((30, 20.0), *indices.items(), (10, 20.0), (400, 24.0)):
        assert float(MODEL.at_the_money(days / 365, 20.0, indices)) == pytest.approx(0.942e-2 * index, rel=1e-13)
    middle = (30 * 0.2**2 + 93 * 0.22**2) / 2 / 61.5
    assert float(MODEL.at_the_money(61.5 / 365, 20.0, indices)) == pytest.approx(0.942 * np.sqrt(middle), rel=1e-13)
    falling = MODEL.at_the_money(np.array([30, 60, 93]) / 365, 80.0, {93: 20.0})
    assert (np.diff(falling**2 * [30, 60, 93]) >= -1e-12).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": 0.0},
        {"reach": -1.0},
        {"reversion": -0.1},
        {"long_run": float("nan")},
        {"slope": 0.6},
        {"curvature": -0.3},
        {"slope": float("nan")},
    ],
)
def test_model_that_could_give_no_volatility_is_refused(wrong: dict[str, float]) -> None:
    """In one sentence."""
    with pytest.raises(InputError):
        SkewModel(**wrong)


def test_fit_finds_the_model_behind_quotes() -> None:
    """From quotes of a known model, smile and reversion come back."""
    truth = SkewModel(0.9, -0.12, 0.04, 3.0, 2.5, 0.21)
    strikes, years = np.meshgrid(np.linspace(60.0, 125.0, 27), [0.1, 0.3, 0.8])
    quotes = SmileQuotes(strikes, 100.0, years, truth.volatility(strikes, 100.0, years, 18.0), 18.0)
    found, error = fit_skew(quotes, SkewModel(reversion=2.5, long_run=0.21))
    assert error < 1e-8
    for name in ("level", "slope", "curvature", "reach"):
        assert getattr(found, name) == pytest.approx(getattr(truth, name), rel=1e-4)
    index = np.array([[12.0], [20.0], [40.0]])
    times = np.array([0.1, 0.3, 0.6])
    futures = 100.0 * np.sqrt(0.21**2 + ((index / 100.0) ** 2 - 0.21**2) * np.exp(-2.5 * times))
    fitted, missed = fit_reversion(futures, times, index)
    assert missed < 1e-8
    assert (fitted.reversion, fitted.long_run) == pytest.approx((2.5, 0.21), rel=1e-5)


def test_average_model_has_the_skew_and_the_index_of_the_long_run() -> None:
    """A SKEW of 118.4 at a VIX of 19.7, from its own prices; the week's model stands a tenth above its index."""
    skew, own = skew_index(SkewModel.average(), 19.7)
    assert (skew, own) == pytest.approx((118.4, 19.7), abs=0.02)
    assert skew_index(MODEL, 19.7) == pytest.approx((117.1, 21.5), abs=0.05)
    assert fit_skew_index(118.4, 19.7).slope == pytest.approx(SkewModel.average().slope, abs=0.0005)
    steeper = fit_skew_index(125.0, 25.0)
    assert skew_index(steeper, 25.0) == pytest.approx((125.0, 25.0), abs=1e-4)
    with pytest.raises(DataError, match="no slope"):
        fit_skew_index(190.0, 19.7)


def test_level_of_the_average_model_is_that_of_one_month_quotes_and_of_premiums_received() -> None:
    """At the money over the index: quotes of the week from 18 to 43 days, and 24.1 % a year of 2006-2015."""
    chain = pd.read_csv(shared_data("spx_chain_2011_01.csv"), parse_dates=["date", "option_expiration"])
    index = pd.read_csv(shared_data("vix_index_daily.csv"), parse_dates=["date"]).set_index("date")["close"]
    near = chain[(np.abs(chain["strike"] / chain["forward_price"] - 1.0) < 0.006) & (chain["bid"] > 0)]
    ratio = 100.0 * near["iv"] / near["date"].map(index)
    by_days = ratio.groupby((near["option_expiration"] - near["date"]).dt.days).mean()
    assert (by_days[18], by_days[43]) == pytest.approx((0.80, 0.89), abs=0.006)
    fridays = [pd.Timestamp(third_friday(year, month)) for year in range(2006, 2016) for month in range(1, 13)]
    deviation = 2.0 * ndtri(0.5 + 0.5 * 0.241 / 12.0)
    received = deviation / np.sqrt(30.44 / 365) / index.reindex(fridays, method="ffill").mean() * 100.0
    assert received == pytest.approx(0.86, abs=0.005)
    assert by_days[18] < SkewModel.average().level < received < by_days[43]


def test_skew_of_one_volatility_for_all_strikes_is_a_hundred() -> None:
    """A lognormal has no skewness in its logarithm, and is its own index."""
    flat = SkewModel(level=1.0, slope=0.0, curvature=0.0)
    assert skew_index(flat, 20.0) == pytest.approx((100.0, 20.0), abs=1e-3)


def test_fit_refuses_too_few_quotes_and_blank_ones() -> None:
    """Four figures need four quotes."""
    with pytest.raises(DataError, match="at least four"):
        fit_skew(SmileQuotes([90.0, 100.0], 100.0, 0.2, 0.2, 20.0))
    with pytest.raises(DataError, match="volatilities"):
        fit_skew(SmileQuotes([90.0, 100.0], 100.0, 0.2, [0.2, np.nan], 20.0))
    with pytest.raises(InputError, match="at least two"):
        fit_reversion([np.nan, 20.0], 0.1, 20.0)


def test_defaults_are_the_fit_to_a_week_of_index_options() -> None:
    """Level, slope, curvature, reach and the error of the docstring."""
    chain = pd.read_csv(shared_data("spx_chain_2011_01.csv"), parse_dates=["date", "option_expiration"])
    index = pd.read_csv(shared_data("vix_index_daily.csv"), parse_dates=["date"]).set_index("date")["close"]
    years = (chain["option_expiration"] - chain["date"]).dt.days / 365
    is_put = chain["call/put"].str.startswith("P")
    outside = np.where(is_put, chain["strike"] <= chain["forward_price"], chain["strike"] > chain["forward_price"])
    use = outside & (chain["iv"] > 0) & (chain["bid"] > 0) & (years >= 20 / 365) & (years <= 1.1)
    vix = chain["date"].map(index)
    reference = 0.9 * np.sqrt(1.0 / 0.942**2) * MODEL.at_the_money(years, vix)
    x = np.log(chain["strike"] / chain["forward_price"]) / (reference * np.sqrt(years))
    use &= np.abs(x) < 4.0
    columns = [chain["strike"], chain["forward_price"], years, chain["iv"], vix]
    found, error = fit_skew(SmileQuotes(*(column[use].to_numpy() for column in columns)))
    assert int(use.sum()) == 1952
    assert error == pytest.approx(0.0165, abs=0.0001)
    assert (found.level, found.slope, found.curvature) == pytest.approx((0.942, -0.205, 0.084), abs=0.0006)
    assert found.reach == pytest.approx(2.51, abs=0.01)


def test_reversion_is_the_fit_to_ten_years_of_volatility_futures() -> None:
    """Reversion, long run and error of the docstring."""
    dates = ["date", *(f"exp{place}" for place in range(1, 9))]
    table = pd.read_csv(shared_data("vix_futures_m1_m8_daily.csv"), parse_dates=dates).set_index("date")
    index = pd.read_csv(shared_data("vix_index_daily.csv"), parse_dates=["date"]).set_index("date")["close"]
    years = np.column_stack([(table[name] - table.index).dt.days / 365 for name in dates[1:]])
    prices = table[[f"M{place}" for place in range(1, 9)]].to_numpy()
    found, error = fit_reversion(prices, years, index.reindex(table.index).to_numpy()[:, None])
    assert (found.reversion, found.long_run) == pytest.approx((1.63, 0.246), abs=0.006)
    assert error == pytest.approx(0.0325, abs=0.0001)


def test_volatility_of_volatility_equals_its_formula_and_refuses_nonsense() -> None:
    """Level by power of the index, decay by tenor; an index of it replaces the level."""
    model = VolOfVol(0.8, 0.5, 2.0, 0.4)
    decay = [-np.expm1(-4.0 * time) / (4.0 * time) for time in (0.25, 30 / 365)]
    expected = 0.8 * np.sqrt(40.0 / 20.0) * np.sqrt(decay[0] / decay[1])
    assert float(model.volatility(0.25, 40.0)) == pytest.approx(expected, rel=1e-14)
    assert float(model.volatility(30 / 365, 40.0, 120.0)) == pytest.approx(1.2, rel=1e-14)
    for wrong in ({"level": 0.0}, {"elasticity": float("inf")}, {"reversion": -1.0}):
        with pytest.raises(InputError):
            VolOfVol(**wrong)
