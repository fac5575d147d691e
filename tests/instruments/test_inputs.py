"""What formulas are given: dividends, borrow, calendars and time, held to QuantLib where it has the same premises."""

from __future__ import annotations

import pandas as pd
import pytest

from hedgerow.instruments import AmericanOption, Book, EuropeanOption, MarketState, Underlying
from hedgerow.pricing import american

AT = pd.Timestamp("2026-11-20 09:30")
EXPIRY = pd.Timestamp("2027-06-18 09:30")
DIVIDENDS = (("2026-12-10", 0.9), ("2027-03-10", 1.1), ("2027-09-10", 5.0))


def with_quantlib(kind: str, strike: float) -> dict[str, float]:
    """Return price and Greeks of an option on a share with discrete dividends, the escrowed model."""
    ql = pytest.importorskip("QuantLib")
    today = ql.Date(20, 11, 2026)
    ql.Settings.instance().evaluationDate = today
    days, calendar = ql.Actual365Fixed(), ql.NullCalendar()
    rate = ql.YieldTermStructureHandle(ql.FlatForward(today, 0.05, days))
    carry = ql.YieldTermStructureHandle(ql.FlatForward(today, 0.0, days))
    vol = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, calendar, 0.3, days))
    process = ql.BlackScholesMertonProcess(ql.QuoteHandle(ql.SimpleQuote(50.0)), carry, rate, vol)
    payoff = ql.PlainVanillaPayoff(ql.Option.Call if kind == "call" else ql.Option.Put, strike)
    option = ql.VanillaOption(payoff, ql.EuropeanExercise(ql.Date(18, 6, 2027)))
    dates = [ql.Date(10, 12, 2026), ql.Date(10, 3, 2027)]
    option.setPricingEngine(ql.AnalyticDividendEuropeanEngine(process, ql.DividendVector(dates, [0.9, 1.1])))
    return {"price": option.NPV(), "delta": option.delta(), "gamma": option.gamma(), "vega": option.vega()}


@pytest.mark.parametrize("kind", ["call", "put"])
@pytest.mark.parametrize("strike", [40.0, 50.0, 65.0])
def test_option_on_a_share_with_dividends_is_that_of_quantlib(kind: str, strike: float) -> None:
    market = MarketState(AT, {"XYZ": Underlying(50.0, 0.3, rate=0.05, dividends=DIVIDENDS)})
    unit = Book([(EuropeanOption("XYZ", kind, strike, EXPIRY), 1.0)]).greeks(market).per_unit
    for name, expected in with_quantlib(kind, strike).items():
        assert unit[name][0] == pytest.approx(expected, rel=1e-10)


def test_dividend_leaves_the_price_on_the_morning_of_its_ex_date() -> None:
    option = EuropeanOption("XYZ", "put", 50.0, EXPIRY)
    values = []
    for at in ("2026-12-09", "2026-12-10"):  # closes before and after
        share = Underlying(50.0, 0.3, dividends=(("2026-12-10", 0.9),))
        values.append(Book([(option, 1.0)]).value(MarketState(at, {"XYZ": share})))
    without = Book([(option, 1.0)]).value(MarketState("2026-12-10", {"XYZ": Underlying(50.0, 0.3)}))
    assert values[0] > values[1] == without


def test_american_options_get_the_dividends_of_their_own_underlying() -> None:
    """The lattice takes the whole spot and the dividends; what has none takes the other way."""
    shares = {"A": Underlying(50.0, 0.3, 0.05, dividends=DIVIDENDS), "B": Underlying(70.0, 0.3, 0.05, 0.02)}
    held = [(AmericanOption(name, "put", 55.0, EXPIRY), 1.0) for name in ("B", "A", "B")]
    unit = Book(held).greeks(MarketState(AT, shares), ["delta"]).per_unit
    paid = american.Dividends((20.0 / 365.0, 110.0 / 365.0, 294.0 / 365.0), (0.9, 1.1, 5.0))
    terms = {"names": ("price", "delta")}
    with_dividends = american.greeks("put", 50.0, 55.0, 210.0 / 365.0, 0.3, 0.05, dividends=paid, **terms)
    without = american.greeks("put", 70.0, 55.0, 210.0 / 365.0, 0.3, 0.05, 0.02, **terms)
    for name in terms["names"]:
        expected = [getattr(each, name) for each in (without, with_dividends, without)]
        assert unit[name].to_list() == pytest.approx(expected, rel=1e-9)


def test_american_option_is_worth_at_least_the_european_one() -> None:
    market = MarketState(AT, {"B": Underlying(70.0, 0.3, 0.05, 0.02)})
    styles = [make("B", kind, 75.0, EXPIRY) for kind in ("call", "put") for make in (AmericanOption, EuropeanOption)]
    values = Book([(each, 1.0) for each in styles]).values(market)
    assert values[0] >= values[1] - 1e-9
    assert values[2] > values[3]


@pytest.mark.parametrize("make", [AmericanOption, EuropeanOption])
def test_dividends_of_one_day_are_added_up(make: type[EuropeanOption]) -> None:
    option = make("XYZ", "put", 50.0, EXPIRY)
    once, twice = (
        Book([(option, 1.0)]).value(MarketState(AT, {"XYZ": Underlying(50.0, 0.3, dividends=paid)}))
        for paid in ((("2026-12-10", 0.9),), (("2026-12-10", 0.5), ("2026-12-10", 0.4)))
    )
    assert twice == pytest.approx(once, rel=1e-12)
