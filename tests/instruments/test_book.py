"""Books at their limits: nothing held, huge notionals, tiny prices, thousands of strikes, minutes before the close."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import InputError
from hedgerow.instruments import (
    AsianOption,
    Book,
    EuropeanOption,
    MarketState,
    Position,
    Spot,
    Underlying,
    straddle,
)
from hedgerow.pricing.record import GREEK_NAMES
from instrument_cases import MARKET, mixed

EXPIRY = "2027-01-15"
PRICES = st.floats(1e-9, 1e6)
VOLS = st.floats(0.01, 3.0)
KINDS = st.sampled_from(["call", "put"])


def market(spot: float, vol: float = 0.2, at: object = "2026-11-20") -> MarketState:
    return MarketState(at, {"SPX": Underlying(spot, vol, rate=0.03, dividend_yield=0.01)})


@settings(max_examples=40, deadline=None)
@given(kind=KINDS, spot=PRICES, moneyness=st.floats(0.0, 5.0), vol=st.floats(0.0, 3.0), days=st.integers(0, 3650))
def test_nothing_held_is_worth_nothing_and_has_no_greek(
    kind: str, spot: float, moneyness: float, vol: float, days: int
) -> None:
    expiry = pd.Timestamp("2026-11-20") + pd.Timedelta(days=days)
    book = Book([(EuropeanOption("SPX", kind, spot * moneyness, expiry), 0.0)])
    totals = book.greeks(market(spot, vol)).totals()
    assert (totals == 0.0).all()


@settings(max_examples=40, deadline=None)
@given(kind=KINDS, spot=st.floats(1.0, 1e4), moneyness=st.floats(0.5, 2.0), vol=VOLS)
def test_notional_of_a_million_millions_is_as_many_times_one(
    kind: str, spot: float, moneyness: float, vol: float
) -> None:
    option = EuropeanOption("SPX", kind, spot * moneyness, EXPIRY, multiplier=1e6)
    large = Book([(option, 1e6)]).greeks(market(spot, vol)).totals()
    one = Book([(option, 1e-6)]).greeks(market(spot, vol)).totals()
    np.testing.assert_allclose(large.to_numpy(), 1e12 * one.to_numpy(), rtol=1e-13)
    assert np.isfinite(large.to_numpy()).all()


@settings(max_examples=40, deadline=None)
@given(kind=KINDS, moneyness=st.floats(0.7, 1.4), vol=VOLS)
def test_prices_of_a_billionth_are_a_billionth_of_prices(kind: str, moneyness: float, vol: float) -> None:
    """Value is homogeneous in spot and strike, delta has degree 0 and gamma degree -1."""
    tiny = Book([(EuropeanOption("SPX", kind, 1e-9 * moneyness, EXPIRY), 1.0)]).greeks(market(1e-9, vol)).totals()
    unit = Book([(EuropeanOption("SPX", kind, moneyness, EXPIRY), 1.0)]).greeks(market(1.0, vol)).totals()
    for name, degree in (("value", 1), ("delta", 0), ("gamma", -1), ("vega", 1), ("vanna", 0), ("speed", -2)):
        assert tiny[name] == pytest.approx(unit[name] * 1e-9**degree, rel=1e-7, abs=1e-13 * 1e-9**degree)


@pytest.mark.compiled
def test_ten_thousand_strikes_are_convex_and_add_up() -> None:
    strikes = np.linspace(1.0, 300.0, 10_000)
    frame = pd.DataFrame(
        {
            "underlying": "SPX",
            "instrument": "european",
            "kind": "call",
            "strike": strikes,
            "expiry": EXPIRY,
            "quantity": 1,
        }
    )
    book = Book.from_frame(frame)
    values = book.values(market(100.0)).to_numpy()
    assert (np.diff(values) <= 1e-12).all()
    assert (np.diff(values, 2) >= -1e-11).all()
    grouped = book.greeks(market(100.0)).by_expiry_and_strike()
    assert len(grouped) == 10_000
    np.testing.assert_allclose(grouped["value"], values, rtol=1e-11)


def test_one_strike_is_a_book() -> None:
    greeks = Book([(EuropeanOption("SPX", "call", 100.0, EXPIRY), 1.0)]).greeks(market(100.0))
    assert greeks.totals()["delta"] == greeks.per_unit["delta"][0]
    assert len(greeks.by_expiry_and_strike()) == 1


@settings(max_examples=40, deadline=None)
@given(kind=KINDS, moneyness=st.floats(0.8, 1.25), vol=st.floats(0.05, 2.0))
def test_five_minutes_before_the_close_every_figure_is_a_number(kind: str, moneyness: float, vol: float) -> None:
    at = pd.Timestamp(f"{EXPIRY} 15:55")
    option = EuropeanOption("SPX", kind, 100.0 * moneyness, EXPIRY)
    greeks = Book([(option, 10.0)]).greeks(market(100.0, vol, at))
    totals = greeks.totals()
    assert np.isfinite(totals.to_numpy()).all()
    assert not greeks.limit.any()
    years = 5.0 / (365.0 * 24.0 * 60.0)
    at_most = 10.0 * 100.0 * 0.4 * vol * math.sqrt(years)  # the time value at the money bounds all others
    intrinsic = 10.0 * option.payoff(100.0)
    assert intrinsic - 1e-3 <= totals["value"] <= intrinsic + at_most * 1.01 + 1e-3


def test_at_the_close_of_the_last_day_an_option_is_its_payoff_and_says_so() -> None:
    legs = [EuropeanOption("SPX", "call", 90.0, EXPIRY), EuropeanOption("SPX", "put", 90.0, EXPIRY)]
    greeks = Book([(each, 1.0) for each in legs]).greeks(market(100.0, at=EXPIRY))
    unit = greeks.per_unit
    assert unit["price"].to_list() == [10.0, 0.0]
    assert unit["delta"].to_list() == [1.0, 0.0]
    assert unit["gamma"].to_list() == [0.0, 0.0]
    assert greeks.limit.all()


def test_zero_volatility_is_the_discounted_forward_payoff() -> None:
    book = Book([(EuropeanOption("SPX", "call", 90.0, EXPIRY), 1.0)])
    years = 56.0 / 365.0
    assert book.value(market(100.0, 0.0)) == pytest.approx(
        100.0 * math.exp(-0.01 * years) - 90.0 * math.exp(-0.03 * years), rel=1e-14
    )


def test_book_takes_legs_and_positions_together_and_says_its_size() -> None:
    book = Book([*straddle("SPX", 100.0, EXPIRY), Position(Spot("SPX"), -1.0)])
    assert len(book) == 3
    assert repr(book) == "<Book of 3 positions in SPX>"


@pytest.mark.compiled
def test_large_book_is_the_sum_of_its_halves() -> None:
    rng = np.random.default_rng(5)
    n = 20_000
    frame = pd.DataFrame(
        {
            "underlying": "SPX",
            "instrument": "european",
            "kind": rng.choice(["call", "put"], n),
            "strike": rng.uniform(50.0, 150.0, n),
            "expiry": pd.Timestamp("2026-12-01") + pd.to_timedelta(rng.integers(0, 700, n), "D"),
            "quantity": rng.integers(-9, 10, n),
        }
    )
    whole = Book.from_frame(frame).greeks(market(100.0)).totals()
    halves = [Book.from_frame(part).greeks(market(100.0)).totals() for part in (frame[: n // 2], frame[n // 2 :])]
    for name in ("value", *GREEK_NAMES):
        scale = max(abs(halves[0][name]), abs(halves[1][name]))
        assert whole[name] == pytest.approx(halves[0][name] + halves[1][name], abs=1e-9 * scale)


def test_part_of_a_book_in_one_underlying_is_worth_its_share() -> None:
    book = Book(mixed())
    parts = [book.of(name) for name in ("SPX", "XYZ", "VIX")]
    assert sum(map(len, parts)) == len(book)
    assert sum(part.value(MARKET) for part in parts) == pytest.approx(book.value(MARKET), rel=1e-12)
    with pytest.raises(InputError, match="the book holds nothing in 'SPY'; did you mean 'SPX'"):
        book.of("SPY")


def test_part_of_a_book_adds_currencies_only_where_it_holds_several() -> None:
    euro = EuropeanOption("SX5E", "call", 100.0, EXPIRY, currency="EUR")
    both = Book([(euro, 1.0), (EuropeanOption("SPX", "call", 100.0, EXPIRY), 1.0)])
    quoted = MarketState("2026-11-20", {name: Underlying(100.0, 0.2) for name in ("SPX", "SX5E")})
    assert both.of("SX5E").value(quoted) == both.of("SPX").value(quoted)


def test_columns_of_a_book_cannot_be_written_to() -> None:
    columns = Book(straddle("SPX", 100.0, EXPIRY)).columns
    with pytest.raises(ValueError, match="read-only"):
        columns.quantity[0] = 5.0


def test_refusal_within_a_type_names_the_position_in_the_book() -> None:
    held = [(Spot("XYZ"), 1.0), (AsianOption("XYZ", "call", 50.0, "2027-06-18"), 1.0)]
    with pytest.raises(InputError, match=r"position 1 \(XYZ asian call 50\) pays discrete dividends"):
        Book(held).value(MARKET)
