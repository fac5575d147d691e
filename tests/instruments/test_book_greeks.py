"""Greeks of a book: sums, differences of its value, money, currencies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import Book, EuropeanOption, Future, MarketState, Position, Underlying
from hedgerow.pricing import black_scholes
from hedgerow.pricing.record import GREEK_NAMES
from instrument_cases import AT, MARKET, SPX, changed, mixed, options

BOOK = Book(mixed())


def test_position_figures_are_unit_figures_times_quantity_and_multiplier() -> None:
    greeks = BOOK.greeks(MARKET)
    unit, position = greeks.per_unit, greeks.per_position
    for name in GREEK_NAMES:
        expected = unit[name] * unit["quantity"] * unit["multiplier"]
        np.testing.assert_allclose(position[name], expected, rtol=1e-14)


@pytest.mark.parametrize("by", ["by_underlying", "by_expiry", "by_expiry_and_strike"])
def test_groups_add_up_to_the_totals_and_so_do_positions(by: str) -> None:
    greeks = BOOK.greeks(MARKET)
    totals = greeks.totals()
    grouped, positions = getattr(greeks, by)(), greeks.per_position
    for name in ("value", *GREEK_NAMES):
        assert grouped[name].sum() == pytest.approx(totals[name], rel=1e-11, abs=1e-9)
        assert positions[name].sum() == pytest.approx(totals[name], rel=1e-11, abs=1e-9)


def test_value_is_the_sum_of_position_values_and_futures_count_nothing() -> None:
    per_position = BOOK.greeks(MARKET, ["delta"]).per_position
    assert BOOK.value(MARKET) == pytest.approx(per_position["value"].sum(), rel=1e-11)
    margined = per_position["instrument"].isin(["future", "vix_future"])
    assert (per_position.loc[margined, "value"] == 0.0).all()
    assert (per_position.loc[margined, "delta"] != 0.0).all()


def test_unit_figures_are_those_of_the_formula() -> None:
    greeks = Book(options("SPX", (3600.0, 4400.0))).greeks(MARKET).per_unit
    years = (greeks["expiry"] - AT) / pd.Timedelta(days=365)
    alone = black_scholes.greeks(
        greeks["kind"].astype(str), 4000.0, greeks["strike"], years.to_numpy(), 0.2, 0.04, 0.02
    )
    for name in GREEK_NAMES:
        assert greeks[name].to_numpy() == pytest.approx(getattr(alone, name), rel=1e-12)


def totals(name: str, market: MarketState, underlying: str) -> float:
    return float(BOOK.greeks(market).by_underlying().loc[underlying, name])


def priced(market: MarketState, underlying: str) -> float:
    """Return the value with futures at their price, which is what moves."""
    table = BOOK.greeks(market, ["delta"]).per_unit
    worth = table["price"] * table["quantity"] * table["multiplier"]
    return float(worth[table["underlying"] == underlying].sum())


@pytest.mark.parametrize("underlying", ["SPX", "XYZ"])
@pytest.mark.parametrize(
    ("name", "of", "field", "step"),
    [
        ("delta", "price", "spot", 1e-4),
        ("gamma", "delta", "spot", 1e-4),
        ("speed", "gamma", "spot", 1e-4),
        ("vega", "price", "vol", 1e-5),
        ("volga", "vega", "vol", 1e-5),
        ("vanna", "delta", "vol", 1e-5),
        ("zomma", "gamma", "vol", 1e-5),
        ("rho", "price", "rate", 1e-5),
        ("dividend_rho", "price", "dividend_yield", 1e-5),
    ],
)
def test_greek_is_the_difference_of_what_it_derives(
    underlying: str, name: str, of: str, field: str, step: float
) -> None:
    base = getattr(MARKET.underlyings[underlying], field)
    step = step * base if field == "spot" else step
    ends = [changed(underlying, **{field: base + side * step}) for side in (1.0, -1.0)]
    up, down = (priced(end, underlying) if of == "price" else totals(of, end, underlying) for end in ends)
    expected = (up - down) / (2.0 * step)
    assert totals(name, MARKET, underlying) == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize("underlying", ["SPX", "XYZ", "VIX"])
@pytest.mark.parametrize(("name", "of"), [("theta", "price"), ("charm", "delta"), ("color", "gamma")])
def test_time_greek_is_the_difference_over_an_hour_discrete_dividends_included(
    underlying: str, name: str, of: str
) -> None:
    hour = pd.Timedelta(hours=1)
    ends = [replace(MARKET, at=AT + hour), replace(MARKET, at=AT - hour)]
    up, down = (priced(end, underlying) if of == "price" else totals(of, end, underlying) for end in ends)
    expected = (up - down) * 365.0 * 12.0
    assert totals(name, MARKET, underlying) == pytest.approx(expected, rel=2e-5)


def test_index_options_derive_against_their_own_future() -> None:
    step = 1e-3
    ends = [changed("VIX", forwards={"2027-01-20": 19.5 + side * step}) for side in (1.0, -1.0)]
    up, down = (priced(end, "VIX") for end in ends)
    assert totals("delta", MARKET, "VIX") == pytest.approx((up - down) / (2.0 * step), rel=1e-8)


def test_quoted_forward_is_what_a_future_costs_and_options_are_priced_on() -> None:
    market = changed("SPX", forwards={"2027-06-18": 4100.0})
    book = Book([(Future("SPX", "2027-06-18"), 1.0), *straddle_pair(4100.0)])
    unit = book.greeks(market).per_unit
    assert unit["price"][0] == pytest.approx(4100.0, rel=1e-14)
    assert unit["price"][1] == pytest.approx(unit["price"][2], rel=1e-12)  # call = put at the forward


def straddle_pair(strike: float) -> list[tuple[EuropeanOption, float]]:
    return [(EuropeanOption("SPX", kind, strike, "2027-06-18"), 1.0) for kind in ("call", "put")]


def test_dividends_lower_calls_and_raise_puts_as_parity_says() -> None:
    options_on_it = [EuropeanOption("XYZ", kind, 50.0, "2027-06-18") for kind in ("call", "put")]
    call, put = Book([(each, 1.0) for each in options_on_it]).values(MARKET)
    days = [(pd.Timestamp(day) - AT) / pd.Timedelta(days=365) for day in ("2026-12-10 09:30", "2027-03-10 09:30")]
    paid = sum(0.6 * np.exp(-0.04 * years) for years in days)
    years = (pd.Timestamp("2027-06-18 16:00") - AT) / pd.Timedelta(days=365)
    assert call - put == pytest.approx(50.0 - paid - 50.0 * np.exp(-0.04 * years), abs=1e-12)


def test_borrow_lowers_the_carry_as_a_yield_does() -> None:
    book = Book(options("SPX", (4000.0,)))
    lent = replace(SPX, dividend_yield=0.0, borrow=0.02)
    assert book.value(MARKET) == pytest.approx(book.value(changed("SPX", dividend_yield=0.02, borrow=0.0)), rel=1e-15)
    assert book.value(MARKET) == pytest.approx(book.value(MarketState(AT, {"SPX": lent})), rel=1e-15)


def test_money_figures_follow_their_names() -> None:
    greeks = BOOK.greeks(MARKET)
    raw, money = greeks.per_position, greeks.in_money()
    spot = raw["spot"]
    expected = {
        "dollar_delta": raw["delta"] * spot,
        "dollar_gamma_per_percent": raw["gamma"] * spot**2 / 100.0,
        "vega_per_point": raw["vega"] / 100.0,
        "theta_per_calendar_day": raw["theta"] / 365.0,
        "theta_per_trading_day": raw["theta"] / 252.0,
        "rho_per_basis_point": raw["rho"] / 10_000.0,
    }
    whole = greeks.in_money("total")
    for name, figures in expected.items():
        np.testing.assert_allclose(money[name], figures, rtol=1e-14)
        assert whole[name].iloc[0] == pytest.approx(figures.sum(), rel=1e-12)


def test_dollar_gamma_is_the_change_of_dollar_delta_per_percent_through_gamma() -> None:
    book = Book(options("SPX", (3900.0, 4000.0)))
    up, down = (
        book.greeks(changed("SPX", spot=4000.0 * (1.0 + move))).totals()["delta"] * 4000.0 for move in (5e-5, -5e-5)
    )
    gamma = book.greeks(MARKET).in_money("total")["dollar_gamma_per_percent"].iloc[0]
    assert gamma == pytest.approx((up - down) * 100.0, rel=1e-5)


def test_every_table_says_its_units() -> None:
    greeks = BOOK.greeks(MARKET, ["vega"])
    assert greeks.per_position.attrs["units"] == {"value": "money", "vega": "money per 1.00 of volatility"}
    assert set(greeks.in_money("underlying").attrs["units"]) == {"value", "vega_per_point"}
    assert greeks.by_underlying().attrs["currency"] == "USD"


def test_only_the_greeks_asked_for_are_there() -> None:
    assert list(BOOK.greeks(MARKET, "gamma").by_underlying().columns) == ["value", "gamma"]


def euro_and_dollar() -> Book:
    euro = EuropeanOption("SX5E", "call", 5000.0, "2027-01-15", currency="EUR")
    return Book([(euro, 2.0), (EuropeanOption("SPX", "call", 4000.0, "2027-01-15"), 1.0)])


def test_currencies_are_never_added_without_a_rate() -> None:
    market = MarketState(AT, {"SPX": SPX, "SX5E": Underlying(5000.0, 0.2)})
    with pytest.raises(
        InputError, match=r"figures in EUR and USD cannot be added without a rate; give MarketState\(fx="
    ):
        euro_and_dollar().value(market)
    with pytest.raises(InputError, match="cannot be added without a rate"):
        euro_and_dollar().greeks(market).totals()
    assert len(euro_and_dollar().greeks(market).per_position) == 2


def test_currencies_are_converted_by_the_market_rate() -> None:
    market = MarketState(AT, {"SPX": SPX, "SX5E": Underlying(5000.0, 0.2)}, fx={"EUR": 1.1})
    euros, dollars = euro_and_dollar().values(market)
    assert euro_and_dollar().value(market) == pytest.approx(1.1 * euros + dollars, rel=1e-14)
    assert euro_and_dollar().greeks(market).by_underlying().loc["SX5E", "value"] == pytest.approx(1.1 * euros)


def test_kink_bought_and_sold_has_no_net_gamma_and_says_so() -> None:
    market = MarketState("2027-01-15", {"SPX": Underlying(100.0, 0.2)})
    legs = [
        (EuropeanOption("SPX", kind, 100.0, "2027-01-15"), quantity)
        for kind, quantity in (("call", 1.0), ("put", -1.0))
    ]
    greeks = Book(legs).greeks(market)
    assert greeks.per_unit["limit"].all()
    with pytest.raises(InputError, match="adds infinite figures of opposite signs"):
        greeks.totals()


def test_unknown_grouping_and_greek_are_refused() -> None:
    with pytest.raises(InputError, match="by must be one of underlying, expiry, expiry_and_strike or total"):
        BOOK.greeks(MARKET).in_money("strike")
    with pytest.raises(InputError, match="'gama', which is no Greek; did you mean 'gamma'"):
        BOOK.greeks(MARKET, ["gama"])


def test_position_object_keeps_its_own_mark() -> None:
    option = EuropeanOption("SPX", "call", 4000.0, "2027-01-15")
    marked, flat = Book([Position(option, 1.0, vol=0.3), Position(option, 1.0)]).values(MARKET)
    assert marked == pytest.approx(Book([(option, 1.0)]).value(changed("SPX", vol=0.3)), rel=1e-15)
    assert flat == pytest.approx(Book([(option, 1.0)]).value(MARKET), rel=1e-15)
