from __future__ import annotations

import numpy as np
import pytest

from hedgerow.attribution import volatility_crush
from hedgerow.errors import InputError
from hedgerow.instruments import Book, EuropeanOption, Future, MarketState, Position, Underlying, straddle

MARKET = MarketState("2026-11-19", {"ACME": Underlying(100.0, 0.45, rate=0.03)})
LONG = Book(straddle("ACME", 100.0, "2026-12-18", quantity=10))


def test_table_is_the_revaluation_after_the_event_by_spot_move() -> None:
    found = volatility_crush(LONG, MARKET, -0.15).table
    for move, row in found.iterrows():
        after = MarketState("2026-11-20", {"ACME": Underlying(100.0 * (1.0 + move), 0.30, rate=0.03)})
        assert row["total"] == pytest.approx(LONG.value(after) - LONG.value(MARKET), rel=1e-12)
    np.testing.assert_allclose(found.drop(columns="total").sum(axis=1), found["total"], atol=1e-10)


def test_break_even_moves_pay_for_the_crush() -> None:
    down, up = volatility_crush(LONG, MARKET, -0.15).break_evens
    assert down < 0.0 < up
    for move in (down, up):
        row = volatility_crush(LONG, MARKET, -0.15, spot_moves=[move]).table.iloc[0]
        assert abs(row["total"]) < 1e-8
        assert row["spot"] == pytest.approx(-row["carry"] - row["volatility level"])


def test_crush_of_the_sold_book_is_reversed_and_breaks_even_at_the_same_moves() -> None:
    sold = volatility_crush(Book(straddle("ACME", 100.0, "2026-12-18", quantity=-10)), MARKET, -0.15)
    bought = volatility_crush(LONG, MARKET, -0.15)
    np.testing.assert_array_equal(sold.table, -bought.table)
    assert sold.break_evens == pytest.approx(bought.break_evens)
    assert (sold.table["volatility level"] > 0.0).all()


def test_own_marks_and_later_expiries_fall_by_their_own_moves() -> None:
    near = Position(EuropeanOption("ACME", "call", 100.0, "2026-12-18"), 10, vol=0.6)
    far = Position(EuropeanOption("ACME", "call", 100.0, "2027-12-17"), -10)
    held = Book([near, far, (Future("ACME", "2026-12-18"), 1)])
    only_near = volatility_crush(held, MARKET, [-0.2, 0.0, 0.0], days=0.0, spot_moves=[0.0]).table.iloc[0]
    after = [Book([Position(near.instrument, 10, vol=vol)]).value(MARKET) for vol in (0.6, 0.4)]
    assert only_near["total"] == pytest.approx(after[1] - after[0])


def test_future_gains_its_price_change() -> None:
    row = volatility_crush(Book([(Future("ACME", "2026-12-18"), 2)]), MARKET, 0.0, days=0.0, spot_moves=[0.05]).table
    growth = np.exp(0.03 * 29 / 365)
    assert row["spot"].item() == pytest.approx(2 * 5.0 * growth, rel=1e-4)


@pytest.mark.parametrize(
    ("vol_move", "options", "words"),
    [
        (-0.5, {}, "would have a volatility below 0"),
        ([-0.1], {}, r"one per position \(2\)"),
        (-0.1, {"days": -1.0}, "days must not be negative"),
        (-0.1, {"spot_moves": [0.1, -0.1]}, "must ascend"),
        (-0.1, {"spot_moves": [-1.0]}, "above -1"),
    ],
)
def test_events_that_cannot_be_are_refused(vol_move: object, options: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        volatility_crush(LONG, MARKET, vol_move, **options)  # type: ignore[arg-type]
