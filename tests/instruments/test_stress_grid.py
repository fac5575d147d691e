"""Book stress: cells against a revaluation by hand, the correlation axis, named scenarios, what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import (
    NAMED_SCENARIOS,
    AmericanOption,
    Book,
    BookScenario,
    BookStress,
    EuropeanOption,
    MarketState,
    Spot,
    StressOptions,
    Underlying,
    book_stress,
    straddle,
)

MARKET = MarketState("2026-11-20", {"IDX": Underlying(4000.0, 0.2, rate=0.02), "ONE": Underlying(100.0, 0.3)})
EXPIRY = "2027-01-15"
BOOK = Book([
    *straddle("IDX", 4000.0, EXPIRY, -1.0), *straddle("ONE", 100.0, EXPIRY, 30.0), (Spot("ONE"), 20.0),
    (AmericanOption("ONE", "put", 95.0, EXPIRY), 5.0),
])  # fmt: skip
AXES: Any = ([-0.2, 0.0, 0.1], [-0.02, 0.0, 0.1], [0.0, 10.0])


def by_hand(spots: dict[str, float], vol_move: float, at: str) -> float:
    """Value the book again in a market that is written down anew."""
    moved = {
        name: replace(each, spot=each.spot * (1.0 + spots[name]), vol=float(each.vol) + vol_move)  # type: ignore[arg-type]
        for name, each in MARKET.underlyings.items()
    }
    return BOOK.value(MarketState(at, moved)) - BOOK.value(MARKET)


def test_cells_are_the_book_valued_again_with_the_other_at_its_beta() -> None:
    stress = book_stress(BOOK, MARKET, *AXES, correlations=[-0.5, 0.0, 1.0])
    assert stress.driver == "IDX"
    for place, correlation in enumerate(stress.correlations):
        for row, move in enumerate(stress.spot_moves):
            other = (1.0 + move) ** (correlation * 0.3 / 0.2) - 1.0
            for column, vol in enumerate(stress.vol_moves):
                for day, at in enumerate(("2026-11-20", "2026-11-30")):
                    expected = by_hand({"IDX": move, "ONE": other}, vol, at)
                    assert stress.profit[place, day, row, column] == pytest.approx(expected, abs=1e-8)


def test_one_underlying_is_the_plain_scenario_matrix_whatever_the_correlation() -> None:
    book = BOOK.of("IDX")
    stress, matrix = book_stress(book, MARKET, *AXES), book.scenarios(MARKET, *AXES)
    assert stress.profit.shape == (1, 2, 3, 3)
    np.testing.assert_array_equal(stress.profit[0], matrix.profit)
    assert stress.worst.profit == matrix.worst.profit


def test_dispersion_book_loses_where_correlation_breaks_and_not_where_all_moves_together() -> None:
    """Short the index, long the stock: at correlation 1 the stock's own move pays for the index's."""
    legs = (*straddle("IDX", 4000.0, EXPIRY, -1.0), *straddle("ONE", 100.0, EXPIRY, 30.0))
    stress = book_stress(Book(legs), MARKET, [-0.2, 0.2], [0.0])
    by = stress.by_correlation()["profit"]
    assert by.loc[0.0] < by.loc[0.5] < by.loc[1.0]


def test_worst_loss_looks_at_the_grid_and_at_named_scenarios() -> None:
    ruin = BookScenario("ruin", -0.9, vol_factor=3.0, correlation=0.0)
    plain, with_ruin = (
        book_stress(BOOK, MARKET, *AXES, options=StressOptions(scenarios=each)) for each in ((), (ruin,))
    )
    assert plain.worst_loss == -plain.worst.profit
    assert plain.worst_name == "spot -20.0%, volatility -2 points, correlation 0.5, 10 days on"
    assert with_ruin.worst_name == "ruin"
    assert with_ruin.worst_loss == pytest.approx(-with_ruin.named.loc["ruin", "profit"])
    assert book_stress(Book(straddle("ONE", 100.0, EXPIRY)), MARKET, [0.2], [0.2],
                       options=StressOptions(scenarios=())).worst_loss == 0.0  # fmt: skip


def test_named_scenarios_are_the_book_valued_again() -> None:
    options = StressOptions(scenarios=(*NAMED_SCENARIOS, BookScenario("mine", 0.05, vol_move=0.03, correlation=0.0)))
    stress = book_stress(BOOK, MARKET, *AXES, options=options)
    mine = by_hand({"IDX": 0.05, "ONE": 0.0}, 0.03, "2026-11-20")
    assert stress.named.loc["mine", "profit"] == pytest.approx(mine, abs=1e-8)
    together = {"IDX": -0.10, "ONE": 0.9**1.5 - 1.0}
    moved = {
        name: replace(each, spot=each.spot * (1.0 + together[name]), vol=1.5 * float(each.vol))  # type: ignore[arg-type]
        for name, each in MARKET.underlyings.items()
    }
    expected = BOOK.value(MarketState("2026-11-20", moved)) - BOOK.value(MARKET)
    assert stress.named.loc["fall with correlation to 1", "profit"] == pytest.approx(expected, abs=1e-8)


def test_driver_and_volatilities_may_be_given() -> None:
    stress = book_stress(
        BOOK, MARKET, [-0.1], [0.0], correlations=1.0, options=StressOptions("ONE", {"IDX": 0.1, "ONE": 0.2})
    )
    expected = by_hand({"ONE": -0.1, "IDX": 0.9**0.5 - 1.0}, 0.0, "2026-11-20")
    assert stress.profit.item() == pytest.approx(expected, abs=1e-8)


def run(**change: Any) -> BookStress:
    how = {"spot_moves": [0.0], "vol_moves": [0.0], "days": 0.0, "correlations": 1.0} | change
    return book_stress(BOOK, MARKET, **how)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"spot_moves": [-1.0]}, "spot_moves must be above -1"),
        ({"vol_moves": [-0.5]}, "negative volatility"),
        ({"days": -1.0}, "days must not be negative"),
        ({"correlations": [0.0, 1.2]}, "correlations must be from -1 to 1, not 1.2"),
        ({"options": StressOptions("IDY")}, "driver 'IDY' is no underlying.*IDX"),
        ({"options": StressOptions(volatilities={"ONE": 0.0})}, "needs its volatility as a number above 0"),
    ],
)
def test_moves_that_nothing_can_make_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        run(**change)


@pytest.mark.parametrize("wrong", [{"spot_move": -1.0}, {"vol_factor": -0.1}, {"correlation": 2.0}, {"days": np.nan}])
def test_scenario_of_nothing_possible_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="scenario 'x'"):
        BookScenario("x", **wrong)


def test_surface_needs_volatilities_to_say_how_far_spots_move() -> None:
    market = replace(MARKET, underlyings={**MARKET.underlyings, "ONE": Underlying(100.0, lambda strike, t, f: 0.3)})
    book = Book([(EuropeanOption("IDX", "call", 4000.0, EXPIRY), 1.0), (Spot("ONE"), 1.0)])
    with pytest.raises(InputError, match="StressOptions"):
        book_stress(book, market)
