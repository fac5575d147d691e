"""Options on the volatility index: the tail-hedge schedule to the tie, purchases on quoted futures, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.pricing import black76
from hedgerow.programmes import (
    BudgetByLevel,
    MarketQuotes,
    OverlayMarket,
    Portfolio,
    VixCalls,
    VixPuts,
    VolatilityAbove,
    VolOfVol,
    vxth,
)
from option_programme_cases import PORTFOLIO, market


@pytest.mark.parametrize(
    ("level", "share"),
    [
        (9.0, 0.0),
        (15.0, 0.0),
        (15.0 * (1 + 1e-10), 0.0),
        (15.0001, 0.01),
        (30.0, 0.01),
        (30.01, 0.005),
        (50.0, 0.005),
        (50.01, 0.0),
        (80.0, 0.0),
    ],
)
def test_tail_hedge_weight_follows_the_published_schedule_to_the_tie(level: float, share: float) -> None:
    """A tie belongs to the step below, and rounding does not break it."""
    budget = vxth().premium_budget
    assert isinstance(budget, BudgetByLevel)
    assert float(budget.of(level)) == share


def test_tail_hedge_buys_the_weight_of_its_future_at_a_delta_of_30() -> None:
    """Each purchase spends the schedule's share; none is made where the share is nothing."""
    known, programme = market(), vxth()
    priced = programme.priced(known, PORTFOLIO)
    book = programme.book(known)
    at = book.quotes.underlying(book.positions.entered, book.positions.expiry)
    assert isinstance(programme.premium_budget, BudgetByLevel)
    shares = programme.premium_budget.of(at.spot)
    assert {0.01} <= set(shares.tolist()) <= {0.01, 0.005}
    for place, each in enumerate(priced.contracts):
        spent = priced.units[each.entered, each.slot] * each.entry_price
        assert spent == pytest.approx(shares[place] * PORTFOLIO.exposed * known.wealth[each.entered], rel=1e-12)
    strikes = book.positions.strikes[:, 0]
    level = VolOfVol().volatility(at.years, known.vix[at.rows])
    vol = VolOfVol().by_strike(strikes / at.spot, at.years, level)
    greeks = black76.greeks("call", at.spot, strikes, at.years, vol, at.rate, names=["delta"])
    np.testing.assert_allclose(greeks.delta, 0.30, rtol=1e-9)


def test_tail_hedge_holds_nothing_where_the_forward_is_too_low_or_too_high() -> None:
    """The whole curve moved below 15, and above 50."""
    known = market()
    assert known.futures is not None
    for scale in (0.3, 5.0):
        calm = replace(known, futures=known.futures * scale)
        priced = vxth().priced(calm, PORTFOLIO)
        assert priced.contracts == ()
        assert not priced.units.any()
        assert vxth().shocked_gain(calm, priced, -0.2, 20.0).tolist() == [0.0] * len(known)


def test_expiry_bought_is_the_quoted_one_nearest_to_the_tenor() -> None:
    """Nothing before the futures begin; purchases only on dates with a price."""
    known = market()
    assert known.futures is not None
    assert known.expiries is not None
    priced = VixCalls(days=60, roll_days_before=10).priced(known, PORTFOLIO)
    assert priced.contracts[0].entered >= 40
    for each in priced.contracts:
        left = (known.expiries.iloc[each.entered] - known.dates[each.entered]).dt.days
        usable = left[known.futures.iloc[each.entered].notna() & (left > 10)]
        chosen = (pd.Timestamp(each.label.split()[2]) - known.dates[each.entered]).days
        assert abs(chosen - 60) == (usable - 60).abs().min()
        if each.reason == "rolled":
            assert (pd.Timestamp(each.label.split()[2]) - known.dates[each.left]).days <= 10


def test_future_without_a_price_keeps_its_last() -> None:
    """A blank date marks the option on the future of the date before."""
    known, programme = market(), VixCalls()
    book = programme.book(known)
    assert known.futures is not None
    blank = known.futures.isna().all(axis=1).to_numpy()[book.cells.row]
    at = book.quotes.underlying(book.cells.row, book.positions.expiry[book.cells.position])
    stale = np.flatnonzero(blank & (at.years > 0.0))
    assert len(stale) > 3
    np.testing.assert_array_equal(at.spot[stale], at.spot[stale - 1])


def test_index_of_volatility_of_volatility_is_used_where_given() -> None:
    """Over all strikes at 30 days the index itself."""
    known = replace(market(), vol_of_vol=np.full(len(market()), 95.0))
    book = VixCalls().book(known)
    at = book.quotes.underlying(book.cells.row, book.positions.expiry[book.cells.position])
    vol = book.quotes.volatility(at, at.spot)
    expected = VolOfVol().by_strike(1.0, at.years, VolOfVol().volatility(at.years, 20.0, 95.0))
    np.testing.assert_allclose(vol, expected, rtol=1e-14)
    assert "index of volatility of volatility" in book.quotes.synthetic[0]


def test_shock_moves_a_future_less_the_further_it_is() -> None:
    """By what mean reversion leaves; on the expiry in the proportion of the index."""
    known, programme = market(), VixCalls(days=60)
    before = programme.book(known)
    args = before.cells.row, before.positions.expiry[before.cells.position]
    from hedgerow.programmes.option_quotes import Shock

    at = before.quotes.underlying(*args)
    after = programme.quotes(known, Shock(0.0, 20.0)).underlying(*args)
    moved = after.spot - at.spot
    assert (moved > 0.0).all()
    settled = at.years == 0.0
    index = known.vix[at.rows[settled]]
    np.testing.assert_allclose(after.spot[settled] / at.spot[settled], (index + 20.0) / index, rtol=1e-12)
    assert moved[at.years < 0.05].mean() > moved[at.years > 0.15].mean()


def test_sold_options_hold_a_reserve_to_the_stated_stress() -> None:
    """A call to an index of 100, a put to nothing."""
    known = market()
    for programme, stress in ((VixCalls(side="short"), 100.0), (VixPuts(side="short"), 0.0)):
        priced = programme.priced(known, PORTFOLIO)
        strike = programme.book(known).positions.strikes[0, 0]
        each = priced.contracts[0]
        owed = 100.0 * abs(stress - strike) - each.entry_price
        expected = owed + priced.unit_cost[each.entered, each.slot]
        assert priced.units[each.entered, each.slot] < 0.0
        assert priced.worst_loss[each.entered, each.slot] == pytest.approx(expected, rel=1e-12)


def test_market_without_futures_is_refused() -> None:
    """With what to give."""
    known = replace(market(), futures=None, expiries=None)
    with pytest.raises(DataError, match="need its futures"):
        VixCalls().priced(known, PORTFOLIO)
    assert market().futures is not None
    blank = replace(market(), futures=market().futures * np.nan)
    with pytest.raises(DataError, match="no future"):
        VixCalls().priced(blank, PORTFOLIO)


@pytest.mark.parametrize(
    ("keys", "match"),
    [
        ({"side": "both"}, "side"),
        ({"premium_budget": 2.0}, "premium_budget"),
        ({"roll_days_before": 30}, "roll_days_before"),
        ({"delta": 0.3, "moneyness": 1.2}, "one of the two"),
    ],
)
def test_options_that_cannot_be_held_are_refused(keys: dict[str, object], match: str) -> None:
    """One sentence that names what is wrong."""
    with pytest.raises(InputError, match=match):
        VixCalls(**keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(("thresholds", "shares"), [((30.0, 15.0), (0.0, 0.1, 0.2)), ((15.0,), (0.1,)), ((), (1.5,))])
def test_budget_steps_out_of_order_are_refused(thresholds: tuple[float, ...], shares: tuple[float, ...]) -> None:
    """Thresholds rise, one share more, each within 0 and 1."""
    with pytest.raises(InputError):
        BudgetByLevel(thresholds, shares)


def test_tail_hedge_on_real_futures_is_bought_at_expiries_and_pays_in_2008() -> None:
    """2006-2016: between 0 and 1 % a month, nothing in the calmest months."""
    dates = ["date", *(f"exp{place}" for place in range(1, 9))]
    table = pd.read_csv(shared_data("vix_futures_m1_m8_daily.csv"), parse_dates=dates).set_index("date")
    vix = pd.read_csv(shared_data("vix_index_daily.csv"), parse_dates=["date"]).set_index("date")["close"]
    price = pd.read_csv(shared_data("spy_daily.csv"), parse_dates=["date"]).set_index("date")["close"]
    quotes = MarketQuotes(table[[f"M{place}" for place in range(1, 9)]], table[dates[1:]])
    known = OverlayMarket.of(price, vix, rate=0.01, dividend_yield=0.019, quotes=quotes)
    priced = vxth().priced(known, Portfolio())
    assert known.dates[priced.contracts[0].entered] >= pd.Timestamp("2006-11-01")
    assert 60 < len(priced.contracts) < 121
    autumn = (known.dates > "2008-08-29") & (known.dates <= "2008-11-20")
    assert priced.gain[autumn].sum() > 0.0
    assert {each.reason for each in priced.contracts} <= {"expired", "held"}


def test_settlement_is_the_last_price_of_the_future_and_not_a_later_index() -> None:
    """An index that jumps after the last price moves nothing of what the expiring call pays."""
    known, programme = market(), VixCalls()
    first = programme.priced(known, PORTFOLIO).contracts[0]
    jumped = replace(known, vix=np.where(np.arange(len(known)) >= first.left, known.vix * 3.0, known.vix))
    assert programme.priced(jumped, PORTFOLIO).contracts[0] == first


def test_smile_makes_calls_dearer_and_their_strikes_higher_than_one_volatility() -> None:
    """At one level of volatility over all strikes, and the stamp says which of the two it was."""
    known = market()
    smile, flat = VolOfVol(), VolOfVol(floor=0.0)
    names = []
    figures = []
    for model in (smile, flat):
        book = VixCalls(vol_of_vol=model).book(known)
        figures.append(book.positions.strikes[:, 0])
        names += list(book.quotes.synthetic)
    assert (figures[0] > figures[1]).all()
    assert "lognormal above 50%" in names[0]
    assert "the same at every strike" in names[1]


def test_schedule_of_the_index_has_a_name_of_its_own() -> None:
    """Not that of calls with one budget."""
    assert vxth().name == "VIX calls 30 delta 30 days, budget by level"
    assert VixCalls().name == "VIX calls 30 delta 30 days"


def test_call_struck_again_waits_for_a_date_with_a_price_of_its_future() -> None:
    """The sale falls on a date without futures: the next is bought a date later at that date's price."""
    days = pd.bdate_range("2020-01-01", periods=45)
    late = np.arange(45) >= 30
    vix, near = pd.Series(np.where(late, 50.0, 20.0), days), np.where(late, 45.0, 20.0)
    near[31] = np.nan
    futures = pd.DataFrame({"near": near, "far": np.where(late, 40.0, 21.0)}, days)
    expiries = pd.DataFrame({"near": [pd.Timestamp("2020-03-04")] * 45, "far": [pd.Timestamp("2020-04-15")] * 45}, days)
    quotes = MarketQuotes(futures=futures, expiries=expiries)
    known = OverlayMarket.of(pd.Series(100.0, days), vix, rate=0.0, dividend_yield=0.0, quotes=quotes)
    programme = VixCalls(days=60, monetise=VolatilityAbove(40.0, restrike=True))
    sold, again = programme.priced(known, PORTFOLIO).contracts
    assert (sold.left, sold.reason, again.entered) == (31, "volatility above 40", 32)
    assert again.label.endswith("2020-03-04")
    book = programme.book(known)
    assert book.quotes.underlying(book.positions.entered, book.positions.expiry).spot.tolist() == [20.0, 45.0]
