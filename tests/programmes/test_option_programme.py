"""Every programme of options: accounts that close to the cent, prices of the formulas, no look into the future."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from hedgerow.ledger import Ledger, Terms, record
from hedgerow.pricing import black76, black_scholes
from hedgerow.programmes import HedgeProgramme, OverlayMarket, PricedProgramme, SkewModel, VolOfVol
from hedgerow.programmes.collars import Collars
from hedgerow.programmes.expiries import day_numbers
from hedgerow.programmes.vix_options import VixOptions
from option_programme_cases import PORTFOLIO, PROGRAMMES, market, poisoned

EVERY = pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES.keys())
INDEX = {name: each for name, each in PROGRAMMES.items() if not isinstance(each, VixOptions)}
VIX = {name: each for name, each in PROGRAMMES.items() if isinstance(each, VixOptions)}


@cache
def priced_once(programme: HedgeProgramme) -> PricedProgramme:
    """Return the programme in the whole market."""
    return programme.priced(market(), PORTFOLIO)


def accounts(priced: PricedProgramme) -> Ledger:
    """Return the ledger of multiplier 1."""
    terms = Terms(priced.dates, priced.slots, ("one",), priced.prices, priced.price_changes, priced.carry)
    trades = np.abs(np.diff(priced.units, axis=0, prepend=0.0))
    costs = {label: (trades * each).sum(axis=1)[None, :] for label, each in priced.costs.items()}
    return record(terms, priced.units[None], np.zeros(len(priced.slots)), costs)


def same(left: PricedProgramme, right: PricedProgramme) -> None:
    """Assert that two priced programmes are equal bit by bit."""
    for name in ("units", "prices", "price_changes", "worst_loss"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)
    for label in left.costs:
        np.testing.assert_array_equal(left.costs[label], right.costs[label], err_msg=label)
    assert left.contracts == right.contracts
    assert left.slots == right.slots


@EVERY
def test_accounts_close_and_equal_the_sum_of_contracts(programme: HedgeProgramme) -> None:
    """The law of the accounts holds, and the gain is what each contract gained from entry to exit."""
    priced = priced_once(programme)
    ledger = accounts(priced)
    by_contract = sum(
        priced.units[each.entered, each.slot] * (each.exit_price - each.entry_price) for each in priced.contracts
    )
    paid = sum(float(money.sum()) for money in ledger.costs.values())
    assert ledger.wealth[0, -1] == pytest.approx(by_contract - paid, abs=0.005)
    assert priced.gain.sum() == pytest.approx(by_contract, abs=0.005)
    assert len(priced.contracts) > 4


@EVERY
def test_cash_walked_by_hand_reconciles_to_the_cent(programme: HedgeProgramme) -> None:
    """Purchases, sales and costs of each contract, one after another, give the ledger's cash on every date."""
    priced = priced_once(programme)
    cash = np.zeros(len(priced.dates))
    for each in priced.contracts:
        units = priced.units[each.entered, each.slot]
        cash[each.entered :] -= units * each.entry_price
        cash[each.entered :] -= abs(units) * priced.unit_cost[each.entered, each.slot]
        if each.left < len(cash):
            cash[each.left :] += units * each.exit_price
            cash[each.left :] -= abs(units) * priced.unit_cost[each.left, each.slot]
    np.testing.assert_allclose(accounts(priced).cash[0], cash, rtol=0.0, atol=0.005)


@EVERY
def test_cut_market_gives_the_same_rows_bit_by_bit(programme: HedgeProgramme) -> None:
    """What is held and paid up to a date does not depend on whether later dates exist."""
    whole = priced_once(programme)
    for n_dates in (43, 44, 97, *np.random.default_rng(5).integers(100, 700, 4).tolist()):
        same(programme.priced(market().first(n_dates), PORTFOLIO), whole.first(n_dates))


@EVERY
def test_altered_future_leaves_the_past_as_it_was(programme: HedgeProgramme) -> None:
    """Later levels, rates and futures change nothing on an earlier row; at the row after, something does change."""
    whole = priced_once(programme)
    for row in np.random.default_rng(6).integers(60, 690, 3).tolist():
        other = programme.priced(poisoned(market(), row), PORTFOLIO)
        same(other.first(row + 1), whole.first(row + 1))
    assert not np.array_equal(other.prices, whole.prices)


@EVERY
def test_roll_closes_one_slot_and_opens_another_at_its_own_price(programme: HedgeProgramme) -> None:
    """No slot changes contract within a row, and a price change never mixes two contracts."""
    priced = priced_once(programme)
    busy = np.zeros(priced.units.shape, dtype=int)
    for each in priced.contracts:
        busy[each.entered : each.left + 1, each.slot] += 1
        held = slice(each.entered, min(each.left + 1, len(priced.dates)))
        steps = np.diff(priced.prices[held, each.slot])
        np.testing.assert_array_equal(priced.price_changes[held, each.slot][1:], steps)
        assert (priced.units[each.entered : each.left, each.slot] == priced.units[each.entered, each.slot]).all()
    assert busy.max() == 1
    assert (priced.units[busy == 0] == 0.0).all()


def quoted(label: str) -> tuple[str, float, pd.Timestamp]:
    """Return kind, strike to two decimals and expiry of a contract's label."""
    kind, strike, expiry = label.split()
    return kind, float(strike), pd.Timestamp(expiry)


def strikes_of(programme: HedgeProgramme, known: OverlayMarket) -> dict[tuple[int, int], float]:
    """Return exact strikes by row of entry and slot."""
    book = programme.book(known)  # type: ignore[attr-defined]
    return {
        (int(book.positions.entered[each]), int(book.slot(leg)[each])): float(book.positions.strikes[each, leg])
        for each in range(len(book.positions))
        for leg in range(len(book.legs))
    }


@pytest.mark.parametrize("programme", INDEX.values(), ids=INDEX.keys())
def test_index_option_costs_what_black_scholes_says(programme: HedgeProgramme) -> None:
    """Price of every contract on three of its dates, with the skew model's volatility of that day."""
    known, model = market(), SkewModel()
    priced, strikes = priced_once(programme), strikes_of(programme, known)
    days = day_numbers(known.dates)
    for each in priced.contracts:
        kind, rounded, expiry = quoted(each.label)
        strike = strikes[each.entered, each.slot]
        assert abs(strike - rounded) <= 0.00501
        for row in {each.entered, (each.entered + each.left) // 2, min(each.left, len(days) - 1)}:
            years = max((np.datetime64(expiry, "D").astype(int) - days[row]) / 365, 0.0)
            rate, dividends, spot = known.rate[row], known.dividend_yield[row], known.price[row]
            forward = spot * np.exp((rate - dividends) * years)
            vol = float(model.volatility(strike, forward, years, known.vix[row]))
            expected = black_scholes.price(kind, spot, strike, years, vol, rate, dividends)
            assert priced.prices[row, each.slot] == pytest.approx(100.0 * expected, rel=1e-12, abs=1e-12)


def last_price(known: OverlayMarket, expiry: pd.Timestamp) -> float:
    """Return the last price of the future of an expiry."""
    assert known.futures is not None
    assert known.expiries is not None
    prices = known.futures.to_numpy()[known.expiries.to_numpy() == np.datetime64(expiry)]
    return float(prices[np.isfinite(prices)][-1])


@pytest.mark.parametrize("programme", VIX.values(), ids=VIX.keys())
def test_vix_option_costs_what_black_76_says_on_its_own_future(programme: HedgeProgramme) -> None:
    """Price of every contract where its future is quoted; on the expiry the future's last price settles it."""
    known, model = market(), VolOfVol()
    priced, strikes = priced_once(programme), strikes_of(programme, known)
    assert known.futures is not None
    assert known.expiries is not None
    checked = 0
    for each in priced.contracts:
        kind, _, expiry = quoted(each.label)
        strike = strikes[each.entered, each.slot]
        for row in {*range(each.entered, min(each.left, len(known)), 6), min(each.left, len(known) - 1)}:
            place = np.flatnonzero((known.expiries.iloc[row] == expiry) & known.futures.iloc[row].notna())
            years = (expiry - known.dates[row]).days / 365
            if years <= 0.0:
                expected = max((1.0 if kind == "call" else -1.0) * (last_price(known, expiry) - strike), 0.0)
            elif len(place):
                future = float(known.futures.iloc[row, place[0]])
                vol = float(model.by_strike(strike / future, years, model.volatility(years, known.vix[row])))
                expected = black76.price(kind, future, strike, years, vol, known.rate[row])
            else:
                continue
            checked += 1
            assert priced.prices[row, each.slot] == pytest.approx(100.0 * expected, rel=1e-12, abs=1e-12)
    assert checked > 30


def test_price_agrees_with_quantlib() -> None:
    """An independent library on sampled dates of the default programme."""
    ql = pytest.importorskip("QuantLib")
    known, programme = market(), PROGRAMMES["puts"]
    priced, strikes = priced_once(programme), strikes_of(programme, known)
    for each in priced.contracts[:6]:
        row = each.entered + 7
        years = (quoted(each.label)[2] - known.dates[row]).days / 365
        forward = known.price[row] * np.exp((known.rate[row] - known.dividend_yield[row]) * years)
        strike = strikes[each.entered, each.slot]
        deviation = float(SkewModel().volatility(strike, forward, years, known.vix[row])) * np.sqrt(years)
        value = ql.blackFormula(ql.Option.Put, strike, forward, deviation, float(np.exp(-known.rate[row] * years)))
        assert priced.prices[row, each.slot] == pytest.approx(100.0 * value, rel=1e-10)


@EVERY
def test_expiry_pays_intrinsic_value_and_costs_nothing(programme: HedgeProgramme) -> None:
    """Where a contract expired, its last price is what it pays and its trade is free; elsewhere trades cost."""
    known = market()
    priced, strikes = priced_once(programme), strikes_of(programme, known)
    is_on_future = isinstance(programme, VixOptions)
    for each in priced.contracts:
        if each.reason == "held":
            continue
        kind, _, expiry = quoted(each.label)
        assert (each.reason == "expired") == (known.dates[each.left] >= expiry)
        if each.reason == "expired":
            strike = strikes[each.entered, each.slot]
            settled = last_price(known, expiry) if is_on_future else known.price[each.left]
            paid = max((1.0 if kind == "call" else -1.0) * (settled - strike), 0.0)
            assert each.exit_price == pytest.approx(100.0 * paid, rel=1e-12, abs=1e-12)
            assert priced.unit_cost[each.left, each.slot] == 0.0
        else:
            assert priced.unit_cost[each.left, each.slot] > 1.0


@EVERY
def test_worst_loss_of_what_is_bought_is_its_price_and_closing_cost(programme: HedgeProgramme) -> None:
    """No later mark loses more, sold options within their stated stress; after the last trade there is none."""
    priced = priced_once(programme)
    for each in priced.contracts:
        held = slice(each.entered, min(each.left, len(priced.dates)))
        units, worst = priced.units[each.entered, each.slot], priced.worst_loss[held, each.slot]
        price, cost = priced.prices[held, each.slot], priced.unit_cost[held, each.slot]
        if units > 0.0:
            np.testing.assert_allclose(worst, price + cost, rtol=1e-13)
        else:
            assert (worst >= cost).all()
        if each.left < len(priced.dates):
            assert priced.worst_loss[each.left, each.slot] == 0.0
    sold = isinstance(programme, Collars) or (isinstance(programme, VixOptions) and programme.side == "short")
    assert priced.budget_by == ("reserve" if sold else "premium")


@EVERY
def test_shocked_gain_is_nothing_without_a_shock_and_signed_with_one(programme: HedgeProgramme) -> None:
    """A fall with higher volatility pays whoever bought puts or calls on volatility."""
    priced = priced_once(programme)
    assert not programme.shocked_gain(market(), priced, 0.0, 0.0).any()
    gain = programme.shocked_gain(market(), priced, -0.2, 20.0)
    assert gain.shape == (len(priced.dates),)
    held = (priced.units != 0.0).any(axis=1)
    assert (gain[~held] == 0.0).all()
    if not (isinstance(programme, VixOptions) and programme.side == "short" and programme.sign > 0.0):
        assert (gain[held] > 0.0).all()
    else:
        assert (gain[held] < 0.0).all()


@EVERY
def test_size_follows_the_portfolio_and_nothing_else_does(programme: HedgeProgramme) -> None:
    """Twice the portfolio holds twice the contracts at the same prices."""
    one = priced_once(programme)
    two = programme.priced(market(), type(PORTFOLIO)(10_000_000.0, 0.8))
    np.testing.assert_allclose(two.units, 2.0 * one.units, rtol=1e-15)
    np.testing.assert_array_equal(two.prices, one.prices)


@EVERY
def test_every_price_is_stamped_with_its_model(programme: HedgeProgramme) -> None:
    """Without quotes of options nothing is a quote."""
    priced = priced_once(programme)
    assert priced.is_synthetic
    models = ("a skew fitted to one week of 2011", "a stated volatility of it: 86% a year")
    assert any(words in priced.synthetic[0] for words in models)
    assert priced.source is programme
