"""Each type of instrument of a book is priced by its own formula, and the whole by one pass per type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import (
    AsianOption,
    BarrierOption,
    Book,
    DigitalOption,
    EuropeanOption,
    MarketState,
    Model,
    Spot,
    Underlying,
    VarianceSwap,
    VixOption,
)
from hedgerow.pricing import asian, bachelier, barrier, black76, digital, displaced
from hedgerow.pricing.record import GREEK_NAMES
from instrument_cases import AT, MARKET, changed

EXPIRY = "2027-06-18"
YEARS = 210.0 / 365.0
FLAT = (4000.0, 4100.0, YEARS, 0.2, 0.04, 0.02)
"""Spot, strike, years, volatility, rate and carry of the cases below."""


def unit(*instruments: Any, market: MarketState = MARKET, **options: Any) -> pd.DataFrame:
    return Book([(each, 1.0) for each in instruments]).greeks(market, **options).per_unit


@pytest.mark.parametrize(
    ("instrument", "module", "terms"),
    [
        (DigitalOption("SPX", "put", 4100.0, EXPIRY), digital, {"pays": "cash"}),
        (DigitalOption("SPX", "put", 4100.0, EXPIRY, pays="asset"), digital, {"pays": "asset"}),
        (
            BarrierOption("SPX", "put", 4100.0, EXPIRY, 3500.0, "down-and-in", rebate=3.0),
            barrier,
            {"barrier": 3500.0, "barrier_kind": "down-and-in", "rebate": 3.0},
        ),
        (AsianOption("SPX", "put", 4100.0, EXPIRY, average="geometric"), asian, {"average": "geometric"}),
        (AsianOption("SPX", "put", 4100.0, EXPIRY, fixings=4), asian, {"fixings": 4}),
        (
            AsianOption("SPX", "put", 4100.0, EXPIRY, fixings=3, fixings_done=2, average_so_far=3950.0),
            asian,
            {"fixings": 3, "fixings_done": 2, "average_so_far": 3950.0},
        ),
        (
            AsianOption("SPX", "put", 4100.0, EXPIRY, average="geometric", start="2026-09-11", average_so_far=3950.0),
            asian,
            {"average": "geometric", "years_done": 70.0 / 365.0, "average_so_far": 3950.0},
        ),
    ],
    ids=["cash", "asset", "barrier", "geometric", "fixings", "fixings begun", "geometric begun"],
)
def test_figures_are_those_of_its_formula(instrument: Any, module: Any, terms: dict[str, Any]) -> None:
    found = unit(instrument)
    alone = module.greeks("put", *FLAT, names=("price", *GREEK_NAMES), **terms)
    for name in ("price", *GREEK_NAMES):
        assert found[name][0] == pytest.approx(getattr(alone, name), rel=1e-10)


def test_types_in_one_book_keep_their_places() -> None:
    instruments = [
        AsianOption("SPX", "call", 4100.0, EXPIRY, fixings=2),
        EuropeanOption("SPX", "call", 4100.0, EXPIRY),
        AsianOption("SPX", "call", 4100.0, EXPIRY, average="geometric"),
        Spot("SPX"),
        DigitalOption("SPX", "call", 4100.0, EXPIRY),
    ]
    together = unit(*instruments)
    for place, each in enumerate(instruments):
        alone = unit(each)
        for name in ("price", "delta", "theta"):
            assert together[name][place] == pytest.approx(alone[name][0], rel=1e-14)


@pytest.mark.parametrize(
    ("model", "module", "terms"),
    [
        (Model("displaced", {"displacement": 500.0}), displaced, {"displacement": 500.0}),
        ("bachelier", bachelier, {}),
    ],
)
def test_model_of_european_options_can_be_chosen(model: Any, module: Any, terms: dict[str, float]) -> None:
    found = unit(EuropeanOption("SPX", "call", 4100.0, EXPIRY), model=model)
    assert found["price"][0] == pytest.approx(module.price("call", *FLAT, **terms), rel=1e-12)


def test_unknown_model_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="there is no model 'black_schole'; did you mean 'black_scholes'"):
        unit(EuropeanOption("SPX", "call", 4100.0, EXPIRY), model="black_schole")


def test_index_option_is_black_on_its_future() -> None:
    found = unit(VixOption("VIX", "call", 25.0, "2027-01-20"))
    alone = black76.greeks("call", 19.5, 25.0, 61.0 / 365.0, 0.9, 0.04, names=("price", *GREEK_NAMES))
    for name in ("price", *GREEK_NAMES):
        assert found[name][0] == pytest.approx(getattr(alone, name), rel=1e-11)


def test_index_option_without_the_price_of_its_future_is_refused() -> None:
    with pytest.raises(InputError, match=r"needs the price of the future of its expiry; .*forwards=\{'2027-02-17'"):
        unit(VixOption("VIX", "call", 25.0, "2027-02-17"))


@pytest.mark.parametrize("make", [BarrierOption, AsianOption])
def test_discrete_dividends_are_refused_where_the_formula_has_none(make: Any) -> None:
    extra = (45.0, "down-and-out") if make is BarrierOption else ()
    with pytest.raises(InputError, match="pays discrete dividends, which its formula does not cover"):
        unit(make("XYZ", "call", 50.0, EXPIRY, *extra))


SWAP = VarianceSwap("SPX", 0.21, EXPIRY, start="2026-04-18", realised=0.18, multiplier=1000.0)
LIFE = 426.0 / 365.0


def test_variance_swap_is_what_is_left_and_what_is_realised_less_its_strike() -> None:
    left = YEARS / LIFE
    expected = np.exp(-0.04 * YEARS) * (left * 0.2**2 + (1.0 - left) * 0.18**2 - 0.21**2)
    assert unit(SWAP)["price"][0] == pytest.approx(expected, rel=1e-12)
    assert Book([(SWAP, 2.0)]).value(MARKET) == pytest.approx(2000.0 * expected, rel=1e-12)


@pytest.mark.parametrize(("name", "field", "step"), [("vega", "vol", 1e-5), ("rho", "rate", 1e-5)])
def test_variance_swap_greeks_are_differences(name: str, field: str, step: float) -> None:
    base = getattr(MARKET.underlyings["SPX"], field)
    up, down = (unit(SWAP, market=changed("SPX", **{field: base + side * step}))["price"][0] for side in (1.0, -1.0))
    assert unit(SWAP)[name][0] == pytest.approx((up - down) / (2.0 * step), rel=1e-8)


def test_variance_swap_earns_its_theta_back_when_the_spot_moves_as_implied() -> None:
    """Its price obeys theta + s^2 S^2 gamma / 2 = r V: carry on the spot drops out as delta is 0."""
    found = unit(SWAP).iloc[0]
    assert found["theta"] + 0.5 * 0.2**2 * 4000.0**2 * found["gamma"] == pytest.approx(0.04 * found["price"], abs=1e-15)


def test_variance_swap_gains_the_square_of_a_sudden_move() -> None:
    matrix = Book([(SWAP, 1.0)]).scenarios(MARKET, [-0.1, 0.0])
    expected = 1000.0 * np.exp(-0.04 * YEARS) * np.log(0.9) ** 2 / LIFE
    assert matrix.table()[0.0].to_list() == pytest.approx([expected, 0.0], rel=1e-11)


@pytest.mark.parametrize(
    ("swap", "sentence"),
    [
        (VarianceSwap("SPX", 0.2, EXPIRY, start="2026-12-18"), "starts after the valuation"),
        (VarianceSwap("SPX", 0.2, EXPIRY, start=EXPIRY), "does not start before its expiry"),
    ],
)
def test_variance_swap_that_has_not_begun_is_refused(swap: VarianceSwap, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        unit(swap)


class Skew:
    """A surface that slopes in the logarithm of the strike."""

    def volatility(self, strike: Any, years: Any) -> Any:
        assert np.shape(strike) == np.shape(years)
        assert (np.asarray(years) > 0.0).all()
        return 0.2 - 0.1 * np.log(np.asarray(strike) / 4000.0).clip(-1.0, 1.0)


def test_surface_gives_each_strike_its_volatility() -> None:
    options = [EuropeanOption("SPX", "put", strike, EXPIRY) for strike in (3600.0, 4000.0, 4400.0)]
    found = Book([(each, 1.0) for each in options]).values(changed("SPX", vol=Skew()))
    for option, value in zip(options, found, strict=True):
        vol = 0.2 - 0.1 * np.log(option.strike / 4000.0)
        assert value == pytest.approx(Book([(option, 1.0)]).value(changed("SPX", vol=float(vol))), rel=1e-13)


def test_function_as_a_surface_gets_the_forward_of_each_expiry() -> None:
    seen = []

    def surface(strike: Any, years: Any, forward: Any) -> Any:
        seen.extend(forward)
        return np.full(np.shape(strike), 0.2)

    Book([(EuropeanOption("SPX", "put", 4000.0, EXPIRY), 1.0)]).value(changed("SPX", vol=surface))
    assert seen == pytest.approx([4000.0 * np.exp(0.02 * YEARS)])


def test_surface_is_not_asked_where_no_time_is_left() -> None:
    market = replace(changed("SPX", vol=Skew()), at=EXPIRY)
    assert unit(EuropeanOption("SPX", "put", 4100.0, EXPIRY), market=market)["price"][0] == 100.0


@pytest.mark.parametrize(
    ("surface", "sentence"),
    [
        (lambda strike, years, forward: np.full(np.shape(strike), np.nan), "gets no volatility from its surface: nan"),
        (lambda strike, years, forward: np.ones(7), "answered .* strikes with .* figures"),
    ],
)
def test_surface_that_gives_no_volatility_is_refused(surface: Any, sentence: str) -> None:
    held = [(EuropeanOption("SPX", "put", strike, EXPIRY), 1.0) for strike in (3900.0, 4000.0)]
    with pytest.raises(InputError, match=sentence):
        Book(held).value(changed("SPX", vol=surface))


def test_fair_variance_on_a_flat_surface_is_its_square() -> None:
    flat = changed("SPX", vol=lambda strike, years, forward: np.full(np.shape(strike), 0.25))
    assert unit(SWAP, market=flat)["price"][0] == pytest.approx(
        unit(SWAP, market=changed("SPX", vol=0.25))["price"][0], rel=1e-9
    )


def test_fair_variance_on_a_skew_is_the_mean_of_variances_weighted_by_the_density_of_d2() -> None:
    """Fair variance is the integral of s(z)^2 times the normal density over z = d2, another way to the same figure."""
    market = changed("SPX", vol=Skew(), rate=0.0, dividend_yield=0.0, borrow=0.0)
    k = np.linspace(-2.0, 2.0, 400_001)
    vol = 0.2 - 0.1 * k.clip(-1.0, 1.0)
    d2 = -k / (vol * np.sqrt(YEARS)) - 0.5 * vol * np.sqrt(YEARS)
    expected = -np.trapezoid(vol**2 * np.exp(-0.5 * d2**2), d2) / np.sqrt(2.0 * np.pi)
    assert unit(VarianceSwap("SPX", 0.0, EXPIRY), market=market)["price"][0] == pytest.approx(expected, rel=1e-7)


def test_forwards_may_be_a_function_of_years() -> None:
    by_function = changed("SPX", forwards=lambda years: 4000.0 * np.exp(0.01 * years))
    by_day = changed("SPX", forwards={EXPIRY: 4000.0 * np.exp(0.01 * YEARS)})
    option = EuropeanOption("SPX", "put", 4100.0, EXPIRY)
    assert unit(option, market=by_function)["delta"][0] == pytest.approx(unit(option, market=by_day)["delta"][0])


def test_market_in_another_underlying_does_not_matter() -> None:
    market = MarketState(AT, {"SPX": MARKET.underlyings["SPX"], "OTHER": Underlying(1.0)})
    option = EuropeanOption("SPX", "put", 4100.0, EXPIRY)
    assert unit(option, market=market)["price"][0] == unit(option)["price"][0]
