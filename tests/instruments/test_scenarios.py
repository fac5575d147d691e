"""Scenario matrices: each cell is a revaluation; what expires pays; the worst cell has its coordinates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import Book, EuropeanOption, Future, MarketState, Underlying, put_spread, straddle
from instrument_cases import AT, MARKET, VIX, mixed

SPOT_MOVES, VOL_MOVES = [-0.1, 0.0, 0.05], [-0.02, 0.0, 0.04]


def moved(spot_move: float, vol_move: float, days: float) -> MarketState:
    """Return the market after the move, made by hand."""
    underlyings = {
        name: replace(
            each,
            spot=each.spot * (1.0 + spot_move),
            vol=each.vol + vol_move,
            forwards={day: price * (1.0 + spot_move) for day, price in each.forwards.items()},
        )
        for name, each in MARKET.underlyings.items()
    }
    return replace(MARKET, underlyings=underlyings, at=AT + pd.Timedelta(days=days))


def priced(market: MarketState) -> float:
    table = Book(mixed()).greeks(market, ["delta"]).per_unit
    return float((table["price"] * table["quantity"] * table["multiplier"]).sum())


def test_every_cell_is_the_revaluation_of_the_book_against_now() -> None:
    matrix = Book(mixed()).scenarios(MARKET, SPOT_MOVES, VOL_MOVES, [0.0, 30.0])
    now = priced(MARKET)
    for row, spot_move in enumerate(SPOT_MOVES):
        for column, vol_move in enumerate(VOL_MOVES):
            for number, days in enumerate([0.0, 30.0]):
                expected = priced(moved(spot_move, vol_move, days)) - now
                assert matrix.profit[number, row, column] == pytest.approx(expected, rel=1e-10, abs=1e-6)


def test_nothing_moves_nothing_gained() -> None:
    matrix = Book(mixed()).scenarios(MARKET, [0.0], [0.0])
    assert matrix.table().iloc[0, 0] == 0.0


def test_small_moves_are_delta_gamma_and_vega() -> None:
    book = Book(straddle("SPX", 4000.0, "2027-06-18", 10.0))
    greeks = book.greeks(MARKET).totals()
    matrix = book.scenarios(MARKET, [0.001], [0.001])
    move = 4.0
    taylor = greeks["delta"] * move + 0.5 * greeks["gamma"] * move**2 + greeks["vega"] * 0.001
    taylor += greeks["vanna"] * move * 0.001 + 0.5 * greeks["volga"] * 1e-6
    assert matrix.profit[0, 0, 0] == pytest.approx(taylor, rel=1e-4)


def test_option_that_expires_within_the_days_pays_at_the_moved_spot() -> None:
    book = Book(put_spread("SPX", 4000.0, 3800.0, "2027-01-15"))
    cost = book.value(MARKET)
    matrix = book.scenarios(MARKET, [-0.1, 0.1], [0.0], [90.0])
    assert matrix.table()[0.0].to_list() == pytest.approx([200.0 - cost, -cost], rel=1e-12)


def test_future_counts_its_change_of_price() -> None:
    book = Book([(Future("SPX", "2027-03-19", multiplier=50), -2.0)])
    price = book.greeks(MARKET).per_unit["price"][0]
    assert book.value(MARKET) == 0.0
    assert book.scenarios(MARKET, [0.1]).profit[0, 0, 0] == pytest.approx(-2.0 * 50.0 * 0.1 * price, rel=1e-12)


def test_worst_and_best_cells_carry_their_coordinates() -> None:
    matrix = Book(straddle("SPX", 4000.0, "2027-01-15", -5.0)).scenarios(
        MARKET, [-0.2, 0.0, 0.2], [-0.05, 0.1], [0, 14]
    )
    worst = matrix.worst
    assert (worst.spot_move, worst.vol_move) == (-0.2, 0.1) or (worst.spot_move, worst.vol_move) == (0.2, 0.1)
    assert worst.profit == matrix.profit.min()
    assert matrix.table(worst.days).loc[worst.spot_move, worst.vol_move] == worst.profit
    assert (matrix.best.spot_move, matrix.best.vol_move, matrix.best.days) == (0.0, -0.05, 14.0)


def test_long_table_has_a_row_per_cell() -> None:
    matrix = Book(straddle("SPX", 4000.0, "2027-01-15")).scenarios(MARKET, SPOT_MOVES, VOL_MOVES, [0, 5])
    table = matrix.long_table()
    assert len(table) == 18
    one = table[(table["days"] == 5.0) & (table["spot_move"] == 0.05) & (table["vol_move"] == -0.02)]
    assert one["profit"].to_list() == [matrix.profit[1, 2, 0]]


def test_currencies_are_converted() -> None:
    market = MarketState(AT, {"SX5E": Underlying(100.0, 0.2), "SPX": Underlying(100.0, 0.2)}, fx={"EUR": 1.5})
    euro = EuropeanOption("SX5E", "call", 100.0, "2027-01-15", currency="EUR")
    dollar = EuropeanOption("SPX", "call", 100.0, "2027-01-15")
    one = Book([(dollar, 1.0)]).scenarios(market, [0.1]).profit[0, 0, 0]
    both = Book([(dollar, 1.0), (euro, 1.0)]).scenarios(market, [0.1])
    assert both.profit[0, 0, 0] == pytest.approx(2.5 * one, rel=1e-13)
    assert both.currency == "USD"


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        (([-1.0], [0.0], 0.0), "spot_moves must be above -1"),
        (([0.0], [-0.3], 0.0), "would have a negative volatility"),
        (([0.0], [0.0], -1.0), "days must not be negative"),
        (([np.nan], [0.0], 0.0), "spot_moves must be a list of finite numbers"),
        ((["down"], [0.0], 0.0), "spot_moves must be numbers"),
        (([], [0.0], 0.0), "spot_moves must be a list of finite numbers"),
    ],
)
def test_impossible_move_is_refused(moves: tuple[object, object, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Book(straddle("SPX", 4000.0, "2027-01-15")).scenarios(MARKET, *moves)


def test_days_that_were_not_asked_for_are_refused() -> None:
    with pytest.raises(InputError, match="days 3 was not asked for; it holds 0, 5"):
        Book(straddle("SPX", 4000.0, "2027-01-15")).scenarios(MARKET, days=[0, 5]).table(3)


def test_index_future_moves_by_the_relative_move_of_its_own_price() -> None:
    from hedgerow.instruments import VixFuture

    book = Book([(VixFuture("VIX", "2027-01-20", multiplier=1000), 1.0)])
    assert book.scenarios(MARKET, [0.5]).profit[0, 0, 0] == pytest.approx(0.5 * 19.5 * 1000.0)
    assert VIX.spot == 18.0
