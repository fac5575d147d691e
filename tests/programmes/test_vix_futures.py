"""Futures on a volatility index: identity, rolls, constant maturity, whole contracts, refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.programmes import OverlayMarket, VixFutures
from hedgerow.programmes.market import MarketQuotes
from hedgerow.programmes.vix_futures import index_beta
from volatility_markets import accounts, drawn_market, market_of, price, real_market, third_wednesdays

MARKET = drawn_market()


def still_contango(n_dates: int = 120) -> OverlayMarket:
    """Return a curve on which each contract keeps its price for life and each later one is a point dearer."""
    days = pd.bdate_range("2020-01-02", periods=n_dates)
    expiries = third_wednesdays("2020-01-01", 16)
    place = expiries.searchsorted(days)
    names = ["M1", "M2", "M3"]
    expiry = pd.DataFrame({name: expiries[place + number] for number, name in enumerate(names)}, index=days)
    points = pd.DataFrame({name: 15.0 + place + number for number, name in enumerate(names)}, index=days)
    flat = pd.Series(100.0, days)
    return OverlayMarket.of(flat, flat / 5.0, quotes=MarketQuotes(points, expiry))


@pytest.mark.parametrize("hedge", [VixFutures(1e4), VixFutures(1e4, constant_maturity_days=30)], ids=repr)
def test_future_on_a_still_curve_earns_no_roll_gap(hedge: VixFutures) -> None:
    """Contracts that never move earn nothing, though the nearest quote rises by a point a month."""
    priced = price(hedge, still_contango())
    assert len(priced.contracts) > 4
    assert np.abs(priced.gain).max() == 0.0
    costs = accounts(priced).total_costs
    assert accounts(priced).wealth[0, -1] == pytest.approx(-costs.sum(), rel=1e-12)


def test_future_on_real_data_earns_the_sum_of_its_contracts() -> None:
    """2006-2016: gains by date equal entry to exit of single contracts, read from the file by expiry."""
    market = real_market("2006-11-01", positions=2)
    priced = price(VixFutures(1000.0), market)
    assert market.futures is not None
    assert market.expiries is not None
    total, previous = 0.0, -1
    for each in priced.contracts:
        expiry = pd.Timestamp(each.label.removeprefix("volatility future "))
        last = min(each.left, len(market) - 1)
        ends = []
        for row in (each.entered, last):
            column = int(np.flatnonzero((market.expiries.iloc[row] == expiry).to_numpy())[0])
            ends.append(float(market.futures.iloc[row, column]))
        assert (each.entry_price, each.exit_price) == pytest.approx((1000.0 * ends[0], 1000.0 * ends[1]))
        assert each.entered == max(previous, 0)
        total, previous = total + 1000.0 * (ends[1] - ends[0]), each.left
    assert len(priced.contracts) > 115
    assert priced.gain.sum() == pytest.approx(total, rel=1e-10)
    assert accounts(priced).breach() < 1e-12


def test_future_leaves_when_the_weekdays_are_down_to_the_number_asked() -> None:
    """A contract of Wednesday 2018-02-21 with 5 days: left at the close of the Wednesday before, and not earlier."""
    priced = price(VixFutures(roll_days_before=5), MARKET)
    second = priced.contracts[1]
    assert second.label == "volatility future 2018-02-21"
    assert MARKET.dates[second.left] == pd.Timestamp("2018-02-14")
    assert priced.units[second.left - 1, second.slot] != 0.0
    assert priced.units[second.left, second.slot] == 0.0


def test_future_position_two_holds_the_next_expiry() -> None:
    """Position 2 is one month later than position 1, on every date."""
    first, second = price(VixFutures(), MARKET), price(VixFutures(position=2), MARKET)
    assert [each.label for each in second.contracts[:5]] == [each.label for each in first.contracts[1:6]]
    assert [each.left for each in second.contracts[:5]] == [each.left for each in first.contracts[:5]]


def test_constant_maturity_weights_average_the_days_asked() -> None:
    """Weights of calendar days to expiry give 45, and both together are one whole position."""
    priced = price(VixFutures(1000.0, constant_maturity_days=45), MARKET)
    assert priced.units.sum(axis=1) == pytest.approx(np.ones(len(MARKET)), rel=1e-12)
    days = np.zeros(len(MARKET))
    for each in priced.contracts:
        expiry = pd.Timestamp(each.label.removeprefix("volatility future "))
        rows = slice(each.entered, each.left)
        days[rows] += priced.units[rows, each.slot] * (expiry - MARKET.dates[rows]).days
    assert days == pytest.approx(np.full(len(MARKET), 45.0), rel=1e-12)


def test_constant_maturity_on_real_data_earns_contract_by_contract() -> None:
    """Each day's gain is yesterday's weights times each contract's own change of quote."""
    market = real_market("2006-11-01", positions=3)
    priced = price(VixFutures(1000.0, constant_maturity_days=30), market)
    quotes = {}
    assert market.futures is not None
    assert market.expiries is not None
    for name, expiry in zip(market.futures.columns, market.expiries.columns, strict=True):
        for row, key in enumerate(market.expiries[expiry].to_list()):
            quotes[row, key] = float(market.futures[name].iloc[row])
    gain = np.zeros(len(market))
    for each in priced.contracts:
        key = pd.Timestamp(each.label.removeprefix("volatility future "))
        for row in range(each.entered + 1, min(each.left, len(market) - 1) + 1):
            change = quotes[row, key] - quotes[row - 1, key]
            gain[row] += priced.units[row - 1, each.slot] * 1000.0 * change
    assert priced.gain == pytest.approx(gain, abs=1e-7)


def test_future_that_follows_wealth_is_sized_when_it_is_rolled() -> None:
    """Each contract has 5 x the wealth of its opening, kept until the next roll."""
    priced = price(VixFutures(5_000.0, follow_wealth=True), MARKET)
    for each in priced.contracts:
        held = priced.units[each.entered : each.left, each.slot]
        assert held == pytest.approx(np.full(len(held), 5.0 * MARKET.wealth[each.entered]), rel=1e-15)


def test_whole_contracts_round_and_refuse_to_round_to_none() -> None:
    """12.6 contracts are 13 and 0.4 are none, which is a sentence and no silent nothing."""
    assert np.abs(price(VixFutures(12_600.0, whole_contracts=True), MARKET).units).max() == 13.0
    assert np.abs(price(VixFutures(-12_500.0, whole_contracts=True), MARKET).units).max() == 13.0
    with pytest.raises(InputError, match="a vega of 400 rounds to no whole contract of 1000 a point"):
        price(VixFutures(400.0, whole_contracts=True), MARKET)


def test_future_worst_loss_long_is_its_price_and_short_is_kept_to_a_hundred_points() -> None:
    """A contract at p points: p thousand long; 100 - p thousand short; each plus 25 and the commission."""
    long, short = price(VixFutures(1e3), MARKET), price(VixFutures(-1e3), MARKET)
    held = long.units != 0.0
    assert long.worst_loss[held] == pytest.approx(long.prices[held] + 27.36, rel=1e-12)
    assert short.worst_loss[held] == pytest.approx(100_000.0 - short.prices[held] + 27.36, rel=1e-12)


def test_future_held_and_not_quoted_is_named_by_contract_and_date() -> None:
    """A hole in the quotes is never filled by yesterday's price."""
    assert MARKET.futures is not None
    futures = MARKET.futures.copy()
    futures.loc["2018-03-05", "M1"] = np.nan
    with pytest.raises(DataError, match=r"future of 2018-03-21 is held and not quoted on 2018-03-05"):
        price(VixFutures(), replace(MARKET, futures=futures))


def test_future_beyond_the_curve_is_refused_by_date() -> None:
    """Eight positions of which the first is too near to be held leave seven."""
    with pytest.raises(DataError, match=r"position 8 of VIX futures is beyond the curve on 2018-01-10"):
        price(VixFutures(position=8), MARKET)
    with pytest.raises(DataError, match="a maturity of 400 days of VIX futures is beyond the curve on 2018-01-02"):
        price(VixFutures(constant_maturity_days=400), MARKET)


def test_future_without_a_curve_is_refused() -> None:
    """The sentence says what to give."""
    with pytest.raises(DataError, match="the market has no futures"):
        price(VixFutures(), market_of(np.full(3, 100.0), 20.0))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"vega_notional": 0.0}, "vega_notional"),
        ({"position": 0}, "position of VIX futures must be a whole number of 1 or more, not 0"),
        ({"roll_days_before": 0}, "roll_days_before of VIX futures"),
        ({"position": 2, "constant_maturity_days": 30}, "a position or constant_maturity_days, not both"),
        ({"constant_maturity_days": 0}, "constant_maturity_days must be 1 or more"),
    ],
)
def test_future_that_is_no_programme_is_refused_by_a_sentence(wrong: dict[str, Any], words: str) -> None:
    """Each names the field, the rule and the value."""
    with pytest.raises(InputError, match=words):
        VixFutures(**wrong)


def test_index_beta_falls_with_maturity_as_measured() -> None:
    """The stated curve lies within 0.12 of least squares through the origin on contracts of 2006-2016."""
    market = real_market("2006-11-01", positions=2)
    assert market.futures is not None
    assert market.expiries is not None
    points, expiry = market.futures.to_numpy(), market.expiries.to_numpy()
    moves = np.diff(market.vix)
    pairs = []
    for ahead in (0, 1):  # a contract stays in its position or moves one nearer
        width = points.shape[1] - ahead
        same = expiry[1:, :width] == expiry[:-1, ahead:]
        change = points[1:, :width] - points[:-1, ahead:]
        days = (expiry[1:, :width] - market.dates.to_numpy()[1:, None]) / np.timedelta64(1, "D")
        use = same & np.isfinite(change)
        pairs.append(np.column_stack([days[use], np.broadcast_to(moves[:, None], use.shape)[use], change[use]]))
    table = np.concatenate(pairs)
    for low, high in ((0, 7), (14, 21), (28, 35), (50, 65), (80, 100), (130, 160), (200, 250)):
        cell = table[(table[:, 0] > low) & (table[:, 0] <= high)]
        slope = (cell[:, 1] @ cell[:, 2]) / (cell[:, 1] @ cell[:, 1])
        assert float(index_beta(np.array([cell[:, 0].mean()]))[0]) == pytest.approx(slope, abs=0.12)
