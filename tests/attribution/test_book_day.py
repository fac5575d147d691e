from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hedgerow.attribution import MOVES, Trade, explain
from hedgerow.errors import DataError, InputError
from hedgerow.instruments import (
    AmericanOption,
    Book,
    EuropeanOption,
    Forward,
    Future,
    MarketState,
    Position,
    Spot,
    Underlying,
    VarianceSwap,
    VixFuture,
    VixOption,
    straddle,
)


def smile(level: float, slope: float):  # type: ignore[no-untyped-def]
    def volatility(strike, years, forward):  # type: ignore[no-untyped-def]
        return level + slope * np.log(np.asarray(strike) / forward) + 0.02 * np.asarray(years)

    return volatility


def market(day: str, spot: float, vol: object, **more: float) -> MarketState:
    vix = Underlying(20.0, 0.8, forwards={"2027-01-20": 17.0 + 0.01 * (4000.0 - spot)})
    terms = {"rate": 0.03, "dividend_yield": 0.01, **more}
    euro = Underlying(50.0 + spot / 1000.0, 0.25, rate=0.02)
    known = {"SPX": Underlying(spot, vol, dividends={"2026-12-15": 12.0}, **terms), "VIX": vix, "DAX": euro}
    return MarketState(day, known, fx={"EUR": 1.1 + (spot - 4000.0) / 1e4})


BEFORE = market("2026-11-19", 4000.0, smile(0.20, -0.3))
AFTER = market("2026-11-20", 3880.0, smile(0.24, -0.5), rate=0.028, borrow=0.001)
MIXED = Book(
    [
        (Spot("SPX", multiplier=10.0), -3),
        (EuropeanOption("SPX", "put", 3800.0, "2026-12-18", multiplier=100.0), -10),
        (EuropeanOption("SPX", "call", 4100.0, "2027-06-18"), 25),
        Position(EuropeanOption("SPX", "call", 4000.0, "2027-01-15"), 5, vol=0.3),
        (AmericanOption("DAX", "put", 55.0, "2027-03-19", currency="EUR"), 20),
        (Future("SPX", "2026-12-18", multiplier=50.0), -2),
        (Forward("SPX", 3990.0, "2027-01-15"), 7),
        (VixFuture("VIX", "2027-01-20", multiplier=1000.0), 1),
        (VixOption("VIX", "call", 20.0, "2027-01-20", multiplier=100.0), 8),
    ]
)


def test_both_explanations_of_a_mixed_book_add_up_to_the_profit_by_position() -> None:
    day = explain(MIXED, BEFORE, AFTER)
    parts = day.explain.drop(columns=["total", "residual"])
    np.testing.assert_allclose(parts.sum(axis=1), day.explain["total"], atol=1e-8)
    np.testing.assert_allclose(day.predict.drop(columns="total").sum(axis=1), day.explain["total"], atol=1e-8)
    margined = day.positions["instrument"].isin(["future", "vix_future"])
    values = [MIXED.values(each) * [1, 1, 1, 1, each.fx["EUR"], 1, 1, 1, 1] for each in (BEFORE, AFTER)]
    np.testing.assert_allclose(day.explain["total"][~margined], (values[1] - values[0])[~margined], rtol=1e-12)
    assert (day.explain["total"][margined] != 0.0).all()
    assert day.residuals().loc["explain", "share"] < 1e-12
    assert day.by_underlying().index.tolist() == ["SPX", "DAX", "VIX"]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_explanation_of_the_opposite_book_is_reversed(sign: float) -> None:
    book = Book([(each.instrument, sign * each.quantity) for each in MIXED.positions if each.vol is None])
    long = Book([(each.instrument, each.quantity) for each in MIXED.positions if each.vol is None])
    np.testing.assert_array_equal(explain(book, BEFORE, AFTER).explain, sign * explain(long, BEFORE, AFTER).explain)


def test_order_changes_the_parts_and_never_the_sum() -> None:
    trades = [Trade(EuropeanOption("SPX", "put", 3900.0, "2026-12-18"), 4, price=70.0, fee=3.0)]
    stated = explain(MIXED, BEFORE, AFTER, trades=trades)
    turned = explain(MIXED, BEFORE, AFTER, trades=trades, order=MOVES[::-1])
    assert stated.order == MOVES
    assert turned.pnl == pytest.approx(stated.pnl, rel=1e-12)
    assert abs(turned.explain_totals()["spot"] - stated.explain_totals()["spot"]) > 100.0
    assert turned.explain_totals().drop("total").sum() == pytest.approx(turned.pnl, rel=1e-12)


def test_market_in_which_one_thing_moved_gives_one_part_that_is_the_direct_revaluation() -> None:
    book, start = Book(straddle("SPX", 4000.0, "2027-01-15", quantity=-10)), Underlying(4000.0, 0.2, rate=0.03)
    before = MarketState("2026-11-19", {"SPX": start})
    moved = {
        "carry": MarketState("2026-11-22", {"SPX": start}),
        "spot": MarketState("2026-11-19", {"SPX": replace(start, spot=4100.0)}),
        "volatility level": MarketState("2026-11-19", {"SPX": replace(start, vol=0.26)}),
        "rates": MarketState("2026-11-19", {"SPX": replace(start, rate=0.04)}),
        "dividends": MarketState("2026-11-19", {"SPX": replace(start, borrow=0.01)}),
    }
    for name, after in moved.items():
        totals = explain(book, before, after).explain_totals()
        assert totals[name] == pytest.approx(book.value(after) - book.value(before), rel=1e-12)
        assert totals.drop([name, "total", "residual"]).abs().max() == 0.0


def test_level_moves_at_the_money_and_the_rest_of_the_smile_is_skew() -> None:
    steeper = market("2026-11-19", 4000.0, smile(0.20, -0.5))
    higher = market("2026-11-19", 4000.0, smile(0.22, -0.3))
    wing = Book([(EuropeanOption("SPX", "put", 3500.0, "2026-12-18"), 10)])
    tilted, lifted = (explain(wing, BEFORE, each).explain_totals() for each in (steeper, higher))
    assert abs(tilted["volatility level"]) < 1e-9 < tilted["skew and term"]
    assert abs(lifted["skew and term"]) < 1e-9 < lifted["volatility level"]


def test_own_mark_does_not_move_with_the_underlying() -> None:
    day = explain(Book([Position(EuropeanOption("SPX", "put", 3800.0, "2026-12-18"), 1, vol=0.25)]), BEFORE, AFTER)
    assert (day.explain_totals()[["volatility level", "skew and term"]] == 0.0).all()
    assert day.predict_totals()["vega"] == 0.0


def test_trades_gain_from_their_price_and_fees_are_paid() -> None:
    book = Book([(Spot("SPX"), 1)])
    trades = [Trade(Spot("SPX"), -2, price=3900.0, fee=1.5), Trade(Future("SPX", "2026-12-18"), 1, price=3880.0)]
    day = explain(book, BEFORE, AFTER, trades=trades, flows={"financing": -0.7})
    totals = day.explain_totals()
    future = Book([(Future("SPX", "2026-12-18"), 1)]).greeks(AFTER, ["price"]).per_unit["price"].item()
    assert totals["trades"] == pytest.approx(-2 * (3880.0 - 3900.0) + future - 3880.0)
    assert (totals["fees"], totals["financing"]) == (-1.5, -0.7)
    assert day.pnl == pytest.approx(-120.0 + totals["trades"] - 1.5 - 0.7)
    assert day.predict_totals()["trades"] == pytest.approx(totals["trades"])
    assert day.positions["trade"].tolist() == [False, True, True]


def test_crash_week_leaves_a_large_prediction_error_while_the_waterfall_closes() -> None:
    book = Book(straddle("SPX", 4000.0, "2026-12-18", quantity=-10))
    before = MarketState("2026-11-16", {"SPX": Underlying(4000.0, 0.20, rate=0.03)})
    after = MarketState("2026-11-20", {"SPX": Underlying(3400.0, 0.55, rate=0.03)})
    day = explain(book, before, after)
    left = day.residuals()
    assert left.loc["predict", "share"] > 0.2
    assert left.loc["explain", "share"] < 1e-9
    gross = 10 * 2 * 4000.0
    assert abs(left.loc["explain", "residual"]) <= 1e-9 * gross
    assert day.predict_totals()["unexplained"] == pytest.approx(left.loc["predict", "residual"])


def test_event_that_takes_volatility_away_stands_under_the_level() -> None:
    """IV crush: a straddle bought before earnings, spot unmoved, loses on volatility what its vega says."""
    book = Book(straddle("SPX", 4000.0, "2026-12-18", quantity=10))
    before = MarketState("2026-11-19", {"SPX": Underlying(4000.0, 0.45)})
    after = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.30)})
    totals = explain(book, before, after).explain_totals()
    assert totals["volatility level"] / totals["total"] > 0.9
    assert totals["spot"] == 0.0


def test_variance_swap_accrues_the_squared_move() -> None:
    swap = Book([(VarianceSwap("SPX", 0.2, "2027-11-19", start="2026-11-19"), 1e6)])
    before = MarketState("2026-11-19", {"SPX": Underlying(4000.0, 0.2)})
    after = MarketState("2026-11-20", {"SPX": Underlying(3900.0, 0.2)})
    totals = explain(swap, before, after).explain_totals()
    assert totals["spot"] == pytest.approx(1e6 * np.log(3900.0 / 4000.0) ** 2, rel=1e-6)
    assert totals["carry"] == pytest.approx(-1e6 * 0.04 / 365, rel=1e-6)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"market_after": market("2026-11-18", 4000.0, 0.2)}, "is before market_before"),
        ({"order": MOVES[:-1]}, "leaves out fees"),
        ({"market_after": market("2027-11-18", 4000.0, 0.2)}, "expired"),
    ],
)
def test_days_that_cannot_be_explained_are_refused(changed: dict[str, object], words: str) -> None:
    given = {"book": MIXED, "market_before": BEFORE, "market_after": AFTER, **changed}
    with pytest.raises(InputError, match=words):
        explain(given.pop("book"), given.pop("market_before"), given.pop("market_after"), **given)  # type: ignore[arg-type]


def test_start_at_the_kink_of_an_option_is_refused() -> None:
    book = Book([(EuropeanOption("SPX", "call", 4000.0, "2026-11-19"), 1)])
    day = MarketState("2026-11-19", {"SPX": Underlying(4000.0, 0.2)})
    with pytest.raises(DataError, match="at its kink"):
        explain(book, day, day)


def test_fee_below_zero_is_refused() -> None:
    with pytest.raises(InputError, match="fee must not be negative"):
        Trade(Spot("SPX"), 1, price=1.0, fee=-1.0)


@pytest.mark.parametrize("name", ["delta", "spot", "fees", "total", "residual"])
def test_flow_with_the_name_of_a_part_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"label '{name}', which is a part"):
        explain(MIXED, BEFORE, AFTER, flows={name: 1.0})
