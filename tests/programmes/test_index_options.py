"""Puts, spreads, collars, straddles: strikes as asked for, sizes, quoted surfaces, shocks, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.market.surface import SVISmile, VolatilitySurface
from hedgerow.pricing import black_scholes
from hedgerow.pricing.svi import SVI
from hedgerow.programmes import (
    Collars,
    IndexPuts,
    MarketQuotes,
    OverlayMarket,
    Portfolio,
    PutSpreads,
    SkewModel,
    Straddles,
    on_futures_dates,
)
from hedgerow.programmes.expiries import day_numbers
from hedgerow.programmes.hedge_costs import HedgeCosts
from hedgerow.programmes.index_options import IndexOptions
from option_programme_cases import PORTFOLIO, market


def bought(programme: IndexOptions, known: OverlayMarket) -> dict[str, np.ndarray]:
    """Return spot, forward, years, rate, dividends, index, and strikes of every purchase."""
    positions = programme.book(known).positions
    rows = positions.entered
    years = (positions.expiry - day_numbers(known.dates)[rows]) / 365
    carry = known.rate[rows] - known.dividend_yield[rows]
    return {
        "rows": rows,
        "spot": known.price[rows],
        "forward": known.price[rows] * np.exp(carry * years),
        "years": years,
        "rate": known.rate[rows],
        "dividends": known.dividend_yield[rows],
        "index": known.vix[rows],
        "strikes": positions.strikes,
    }


def figure(at: dict[str, np.ndarray], kind: str, leg: int, name: str) -> np.ndarray:
    """Return a price or Greek of a leg by the pricing functions and the default skew."""
    strike = at["strikes"][:, leg]
    vol = SkewModel().volatility(strike, at["forward"], at["years"], at["index"])
    found = black_scholes.greeks(kind, at["spot"], strike, at["years"], vol, at["rate"], at["dividends"], names=[name])
    return np.asarray(getattr(found, name))


@pytest.mark.parametrize("delta", [0.01, 0.10, 0.25, 0.50])
def test_put_bought_has_the_delta_asked_for(delta: float) -> None:
    """At the volatility of its own strike."""
    at = bought(IndexPuts(delta=delta), market())
    np.testing.assert_allclose(figure(at, "put", 0, "delta"), -delta, rtol=1e-9)
    assert (at["years"] * 365 >= 90).all()


def test_moneyness_and_listing_step_strike_where_they_say() -> None:
    """A share of the price, rounded to the step."""
    at = bought(IndexPuts(moneyness=0.9, strike_step=5.0), market())
    assert (at["strikes"] % 5.0 == 0.0).all()
    assert (np.abs(at["strikes"][:, 0] - 0.9 * at["spot"]) <= 2.5).all()
    at = bought(IndexPuts(moneyness=0.9), market())
    np.testing.assert_allclose(at["strikes"][:, 0], 0.9 * at["spot"], rtol=1e-15)


def test_spread_has_both_deltas_and_sells_below_what_it_buys() -> None:
    """A spread costs less than its put and at most the distance of strikes is ever paid."""
    at = bought(PutSpreads(delta=0.3, short_delta=0.05), market())
    np.testing.assert_allclose(figure(at, "put", 0, "delta"), -0.3, rtol=1e-9)
    np.testing.assert_allclose(figure(at, "put", 1, "delta"), -0.05, rtol=1e-9)
    priced = PutSpreads().priced(market(), PORTFOLIO)
    held = (priced.units != 0.0).any(axis=1)
    value = (priced.units * priced.prices).sum(axis=1)
    assert (value[held] > 0.0).all()
    sold = [each for each in priced.contracts if "short" in priced.slots[each.slot]]
    np.testing.assert_allclose(
        [priced.worst_loss[each.entered, each.slot] for each in sold],
        [priced.unit_cost[each.entered, each.slot] for each in sold],
        rtol=1e-14,
    )


def test_free_collar_costs_nothing_and_its_legs_keep_parity() -> None:
    """Call and put cost the same; call - put at each strike is the discounted forward less the strike."""
    at = bought(Collars(put_moneyness=0.92), market())
    np.testing.assert_allclose(figure(at, "call", 1, "price"), figure(at, "put", 0, "price"), rtol=1e-10)
    assert (at["strikes"][:, 1] > at["strikes"][:, 0]).all()
    discount = np.exp(-at["rate"] * at["years"])
    for leg in (0, 1):
        gap = figure(at, "call", leg, "price") - figure(at, "put", leg, "price")
        np.testing.assert_allclose(gap, discount * (at["forward"] - at["strikes"][:, leg]), rtol=0, atol=1e-11)
    priced = Collars().priced(market(), PORTFOLIO)
    spent = np.diff(priced.units, axis=0, prepend=0.0)[0] @ priced.prices[0]
    assert abs(spent) < 1e-6 * PORTFOLIO.exposed


def test_collar_call_by_delta_is_sold_at_it_and_its_stress_is_stated() -> None:
    """The worst loss counts to an index a quarter higher."""
    programme = Collars(call_delta=0.2)
    at = bought(programme, market())
    np.testing.assert_allclose(figure(at, "call", 1, "delta"), 0.2, rtol=1e-9)
    priced = programme.priced(market(), PORTFOLIO)
    call = next(each for each in priced.contracts if each.label.startswith("call"))
    owed = 100.0 * (1.25 * at["spot"][0] - at["strikes"][0, 1]) - call.entry_price
    expected = owed + priced.unit_cost[0, call.slot]
    assert priced.worst_loss[0, call.slot] == pytest.approx(expected, rel=1e-13)


def test_straddle_buys_both_at_one_strike() -> None:
    """At the price itself by default."""
    at = bought(Straddles(), market())
    np.testing.assert_array_equal(at["strikes"][:, 0], at["strikes"][:, 1])
    np.testing.assert_allclose(at["strikes"][:, 0], at["spot"], rtol=1e-15)


def test_size_covers_the_fraction_of_what_the_portfolio_is_worth_then() -> None:
    """Units x multiplier x price = fraction x exposed value, by rung."""
    known = market()
    priced = IndexPuts(hedged_fraction=0.4, ladder=2).priced(known, PORTFOLIO)
    for each in priced.contracts:
        covered = priced.units[each.entered, each.slot] * 100.0 * known.price[each.entered]
        assert covered == pytest.approx(0.5 * 0.4 * PORTFOLIO.exposed * known.wealth[each.entered], rel=1e-12)


def test_premium_budget_is_what_each_purchase_spends() -> None:
    """Net of what the sold leg brings."""
    known = market()
    priced = PutSpreads(premium_budget=0.01).priced(known, PORTFOLIO)
    for row in {each.entered for each in priced.contracts}:
        spent = sum(priced.units[row, each.slot] * each.entry_price for each in priced.contracts if each.entered == row)
        assert spent == pytest.approx(0.01 * PORTFOLIO.exposed * known.wealth[row], rel=1e-12)


def test_shocked_gain_is_the_price_after_the_move_less_the_price_before() -> None:
    """Checked on sampled dates by the pricing functions: spot and the forward fall, the index rises."""
    known, programme = market(), IndexPuts()
    priced = programme.priced(known, PORTFOLIO)
    gain = programme.shocked_gain(known, priced, -0.2, 15.0)
    positions = programme.book(known).positions
    for place, row in ((0, 3), (1, positions.entered[1] + 20), (4, positions.entered[4])):
        strike, slot = positions.strikes[place, 0], positions.turn[place]
        years = (positions.expiry[place] - day_numbers(known.dates)[row]) / 365
        values = []
        for spot, index in ((known.price[row], known.vix[row]), (0.8 * known.price[row], known.vix[row] + 15.0)):
            forward = spot * np.exp((known.rate[row] - known.dividend_yield[row]) * years)
            vol = float(SkewModel().volatility(strike, forward, years, index))
            values.append(
                black_scholes.price("put", spot, strike, years, vol, known.rate[row], known.dividend_yield[row])
            )
        expected = priced.units[row, slot] * 100.0 * (values[1] - values[0])
        assert gain[row] == pytest.approx(expected, rel=1e-10)
    seen = priced.first(100)
    np.testing.assert_array_equal(programme.shocked_gain(known, seen, -0.2, 15.0), gain[:100])


@pytest.mark.parametrize(("spot", "points"), [(-1.0, 0.0), (0.1, -30.0)])
def test_shock_that_leaves_no_market_is_refused(spot: float, points: float) -> None:
    """A spot of nothing, an index below nothing."""
    priced = IndexPuts().priced(market(), PORTFOLIO)
    with pytest.raises(InputError):
        IndexPuts().shocked_gain(market(), priced, spot, points)


def surfaces(known: OverlayMarket, every: int) -> tuple[VolatilitySurface | None, ...]:
    """Return a quoted surface on every so many dates, with the market's own forwards and discounts."""
    times = np.array([0.1, 0.5])
    smiles = (SVISmile(SVI(0.003, 0.05, -0.6, 0.0, 0.1)), SVISmile(SVI(0.015, 0.08, -0.6, 0.0, 0.2)))
    carry = np.exp(np.outer(known.rate - known.dividend_yield, times))
    return tuple(
        VolatilitySurface(float(spot), times, spot * carry[row], np.exp(-known.rate[row] * times), smiles)
        if row % every == 0
        else None
        for row, spot in enumerate(known.price)
    )


def test_quoted_surface_prices_instead_of_the_model() -> None:
    """Prices are the surface's own; nothing is stamped synthetic; a date without one is, and uses the model."""
    base = market().first(90)
    known = replace(base, surfaces=surfaces(base, 1))
    programme = IndexPuts(moneyness=0.95)
    priced = programme.priced(known, PORTFOLIO)
    assert priced.synthetic == ()
    positions = programme.book(known).positions
    for row in (0, 17, 30):
        years = (positions.expiry[0] - day_numbers(known.dates)[row]) / 365
        assert known.surfaces is not None
        surface = known.surfaces[row]
        assert surface is not None
        expected = surface.price("put", positions.strikes[0, 0], years)
        assert priced.prices[row, 0] == pytest.approx(100.0 * expected, rel=1e-9)
    partly = programme.priced(replace(base, surfaces=surfaces(base, 2)), PORTFOLIO)
    model = programme.priced(base, PORTFOLIO)
    assert "45 of 90 dates" in partly.synthetic[0]
    assert partly.prices[16, 0] == priced.prices[16, 0]
    assert partly.prices[17, 0] == model.prices[17, 0]
    assert (programme.shocked_gain(known, priced, -0.1, 10.0)[:90] > 0.0).all()


@pytest.mark.parametrize(
    ("make", "keys", "match"),
    [
        (IndexPuts, {"hedged_fraction": 1.2}, "at most 1"),
        (IndexPuts, {"hedged_fraction": 0.5, "premium_budget": 0.01}, "one of the two"),
        (IndexPuts, {"premium_budget": 0.0}, "premium_budget"),
        (IndexPuts, {"delta": 0.25, "moneyness": 0.9}, "one of the two"),
        (IndexPuts, {"delta": -0.25}, "without its sign"),
        (IndexPuts, {"moneyness": 0.0}, "above 0"),
        (IndexPuts, {"days": 30}, "no day to hold"),
        (IndexPuts, {"multiplier": 0.0}, "multiplier"),
        (IndexPuts, {"strike_step": -1.0}, "strike_step"),
        (PutSpreads, {"short_delta": 1.0}, "between 0 and 1"),
        (Collars, {"premium_budget": 0.01}, "no premium"),
        (Collars, {"strike_step": 5.0}, "between listed strikes"),
        (Straddles, {"moneyness": -1.0}, "above 0"),
    ],
)
def test_programme_that_cannot_be_held_is_refused(make: type[IndexOptions], keys: dict[str, float], match: str) -> None:
    """One sentence that names what is wrong."""
    with pytest.raises(InputError, match=match):
        make(**keys)


def test_purchase_that_the_market_cannot_give_is_refused() -> None:
    """No strike in such steps; a sold put above the bought one; a budget for what costs nothing."""
    with pytest.raises(InputError, match="not listable in steps of 500"):
        IndexPuts(strike_step=500.0).priced(market(), PORTFOLIO)
    with pytest.raises(InputError, match="struck below"):
        PutSpreads(delta=0.1, short_delta=0.2).priced(market(), PORTFOLIO)
    with pytest.raises(DataError, match="hedged_fraction"):
        Collars(call_delta=0.4, put_delta=0.1, premium_budget=0.01).priced(market(), PORTFOLIO)


def test_cost_in_volatility_points_is_vega_times_points() -> None:
    """Beside the share of the premium."""
    known = market()
    plain = IndexPuts(costs=HedgeCosts()).priced(known, PORTFOLIO)
    costly = IndexPuts(costs=HedgeCosts(volatility_points=0.5, commission=2.0)).priced(known, PORTFOLIO)
    at = bought(IndexPuts(), known)
    assert plain.unit_cost.max() == 0.0
    expected = 0.5 * 0.01 * 100.0 * figure(at, "put", 0, "vega")[0]
    assert costly.costs["half_spread"][0, 0] == pytest.approx(expected, rel=1e-10)
    assert costly.costs["commission"][0, 0] == 2.0


def test_puts_on_the_real_index_cost_money_and_pay_in_2008() -> None:
    """Nineteen years of SPY and VIX: synthetic prices, plausible premiums, a gain in the crash."""
    price = pd.read_csv(shared_data("spy_daily.csv"), parse_dates=["date"]).set_index("date")["close"]
    vix = pd.read_csv(shared_data("vix_index_daily.csv"), parse_dates=["date"]).set_index("date")["close"]
    known = OverlayMarket.of(price, vix, rate=0.02, dividend_yield=0.019)
    assert len(known) > 4700
    for programme in (IndexPuts(), PutSpreads(), Collars(), Straddles(), IndexPuts(moneyness=0.9, ladder=3)):
        priced = programme.priced(known, Portfolio())
        crash = (known.dates > "2008-08-29") & (known.dates <= "2008-11-20")
        assert priced.gain[crash].sum() > 0.0
        assert priced.is_synthetic
    puts = IndexPuts().priced(known, Portfolio())
    share = [each.entry_price / (100.0 * known.price[each.entered]) for each in puts.contracts]
    assert 0.005 < min(share) < 0.02
    assert 0.02 < max(share) < 0.08
    assert puts.gain.sum() < 0.0


def test_index_of_another_horizon_is_used_and_moves_with_a_shock_as_the_model_says() -> None:
    """A three-month index prices a three-month put; shocked, it keeps its ratio to the model's own."""
    base = market().first(60)
    known = replace(base, volatilities={93: base.vix + 4.0})
    programme = IndexPuts(moneyness=1.0, days=93, roll_days_before=1, listed=False)
    priced = programme.priced(known, PORTFOLIO)
    model, years = SkewModel(), 93 / 365
    spot, rate, dividends = known.price[0], known.rate[0], known.dividend_yield[0]
    forward = spot * np.exp((rate - dividends) * years)
    gain = programme.shocked_gain(known, priced, 0.0, 10.0)[0] / priced.units[0, 0] / 100.0
    values = []
    for index in (known.vix[0], known.vix[0] + 10.0):
        longer = (known.vix[0] + 4.0) * model.at_the_money(years, index) / model.at_the_money(years, known.vix[0])
        vol = float(model.volatility(spot, forward, years, index, {93: longer}))
        values.append(black_scholes.price("put", spot, spot, years, vol, rate, dividends))
    assert priced.prices[0, 0] == pytest.approx(100.0 * values[0], rel=1e-12)
    assert gain == pytest.approx(values[1] - values[0], rel=1e-10)
    assert (programme.shocked_gain(known, priced, 0.0, -8.0)[:60] < 0.0).all()


def test_surfaces_by_date_join_the_market_and_are_cut_with_it() -> None:
    """Dates without one hold None."""
    base = market().first(6)
    quoted = dict(zip(base.dates, surfaces(base, 2), strict=True))
    given = MarketQuotes(surfaces={date: each for date, each in quoted.items() if each is not None})
    price, vix = pd.Series(base.price, base.dates), pd.Series(base.vix, base.dates)
    known = OverlayMarket.of(price, vix, quotes=given)
    assert known.surfaces == tuple(quoted.values())
    assert known.first(3).surfaces == tuple(quoted.values())[:3]
    assert OverlayMarket.of(price, vix).surfaces is None


def test_surfaces_stay_with_their_dates_where_others_leave_for_want_of_futures() -> None:
    """Row 2 has no futures: the surfaces of the rows kept are those of their own dates."""
    base = market().first(6)
    futures = pd.DataFrame({"near": [20.0, 20.0, np.nan, 20.0, 20.0, 20.0]}, base.dates)
    expiries = pd.DataFrame({"near": base.dates[-1] + pd.Timedelta(days=30)}, base.dates)
    quoted = surfaces(base, 1)
    kept = on_futures_dates(replace(base, futures=futures, expiries=expiries, surfaces=quoted), 1)
    assert kept.surfaces == quoted[:2] + quoted[3:]
