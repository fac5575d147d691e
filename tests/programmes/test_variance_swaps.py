"""Variance swaps: payoff, marks, cap, spread, ladder, costs, worst loss, shocks and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing.variance_swap import realised_variance
from hedgerow.programmes import HedgeCosts, VarianceSwaps
from hedgerow.programmes.variance_curve import variance_curve
from volatility_markets import accounts, drawn_market, market_of, price, real_market

FREE = HedgeCosts()


def zigzag(n_dates: int, move: float) -> np.ndarray:
    """Return closes whose log returns are +move, -move, +move ..."""
    return 100.0 * np.exp(move * (np.arange(n_dates) % 2))


def test_swap_hand_worked_earns_realised_less_strike_at_expiry() -> None:
    """21 moves of 1 % realise 252 squared points; strike 20: 10,000 / 40 x (252 - 400) = -37,000."""
    vix = np.full(22, 20.0)
    vix[7] = 25.0
    priced = price(VarianceSwaps(10_000.0, costs=FREE), market_of(zigzag(22, 0.01), vix))
    assert priced.gain.sum() == pytest.approx(-37_000.0, rel=1e-12)
    # After 7 of 21 fixings, with the index at 25: a third of 252, two thirds of 625.
    assert priced.prices[7, 0] == pytest.approx((252.0 / 3.0 + 625.0 * 2.0 / 3.0 - 400.0) / 40.0, rel=1e-12)
    assert priced.contracts[0].reason == "expired"
    assert (priced.contracts[0].entered, priced.contracts[0].left) == (0, 21)


def test_swap_marks_follow_the_formula_with_discounting() -> None:
    """Every mark of a random year equals the formula worked date by date in plain arithmetic."""
    market = drawn_market(200)
    priced = price(VarianceSwaps(1.0, months=3, costs=FREE), market)
    curve = variance_curve(market, 90.0)
    for record in priced.contracts:
        strike = curve.volatility(np.array([90.0]))[record.entered, 0]
        summed = 0.0
        for row in range(record.entered, min(record.left, len(market) - 1) + 1):
            passed = row - record.entered
            if passed:
                summed += float(np.log(market.price[row] / market.price[row - 1]) ** 2)
            fair = curve.volatility(np.array([(63 - passed) * 30.0 / 21.0]))[row, 0] if passed < 63 else 0.0
            expected = 1e4 * 252.0 / 63.0 * summed + (1.0 - passed / 63.0) * fair**2
            discount = 1.0 / (1.0 + 0.02 * (63 - passed) / 252.0)
            mark = discount * (expected - strike**2) / (2.0 * strike)
            assert priced.prices[row, record.slot] == pytest.approx(mark, rel=1e-11, abs=1e-12)


def test_swap_on_real_data_every_contract_pays_realised_less_strike() -> None:
    """Each expired swap of 1998-2016 pays the variance of its own closes, by the library's own measure of a path."""
    market = real_market()
    priced = price(VarianceSwaps(1.0), market)
    expired = [each for each in priced.contracts if each.reason == "expired"]
    assert len(expired) == (len(market) - 1) // 21
    for each in expired:
        strike = market.vix[each.entered]
        realised = 1e4 * realised_variance(market.price[each.entered : each.left + 1])
        assert each.exit_price - each.entry_price == pytest.approx((realised - strike**2) / (2.0 * strike), rel=1e-10)


def test_swap_with_a_cap_pays_at_most_the_cap() -> None:
    """Moves of 10 % a day realise 159 points; a strike of 20 capped at 2.5 pays 20 / 2 x (2.5^2 - 1) = 52.5 points."""
    market = market_of(zigzag(22, 0.10), 20.0)
    capped = price(VarianceSwaps(1.0, cap=2.5), market)
    assert capped.contracts[0].exit_price == pytest.approx(52.5, rel=1e-12)
    assert capped.prices.max() == pytest.approx(52.5, rel=1e-12)
    assert price(VarianceSwaps(1.0), market).contracts[0].exit_price > 600.0


def test_swap_with_a_strike_spread_costs_nothing_at_opening_and_pays_less_at_expiry() -> None:
    """The strike is 20.5; no cash moves on the first day, and the account ends at the payoff against 20.5."""
    market = market_of(zigzag(22, 0.01), 20.0)
    priced = price(VarianceSwaps(1.0, strike_spread_points=0.5, costs=FREE), market)
    ledger = accounts(priced)
    assert ledger.cash[0, 0] == pytest.approx(0.0, abs=1e-12)
    spread_again = priced.costs["strike_spread"][21, 1]  # of the swap that follows
    paid = (252.0 - 20.5**2) / 41.0
    assert ledger.wealth[0, -1] == pytest.approx(paid - spread_again, rel=1e-12)


def test_swap_sold_earns_what_the_buyer_loses() -> None:
    """Without costs and below the cap, the two sides add to zero."""
    market = drawn_market(150)
    bought = price(VarianceSwaps(5.0, cap=9.0, costs=FREE), market)
    sold = price(VarianceSwaps(-5.0, cap=9.0, costs=FREE), market)
    assert bought.gain == pytest.approx(-sold.gain, rel=1e-12)


def test_swap_ladder_fills_up_and_rolls_rung_by_rung() -> None:
    """Three rungs of a third each: one opens every 21 fixings, on the row on which the oldest leaves."""
    priced = price(VarianceSwaps(9.0, months=3, ladder=3), drawn_market(300))
    assert [each.entered for each in priced.contracts[:5]] == [0, 21, 42, 63, 84]
    assert priced.contracts[3].entered == priced.contracts[0].left
    assert priced.contracts[3].slot != priced.contracts[0].slot
    assert priced.units.sum(axis=1)[[0, 21, 42, 63, 250]].tolist() == [3.0, 6.0, 9.0, 9.0, 9.0]


def test_swap_that_follows_wealth_is_sized_at_its_opening() -> None:
    """Each swap has the notional x the wealth of its opening, kept for life."""
    market = drawn_market(150)
    priced = price(VarianceSwaps(9.0, months=3, ladder=3, follow_wealth=True), market)
    for each in priced.contracts:
        held = priced.units[each.entered : each.left, each.slot]
        assert held == pytest.approx(np.full(len(held), 3.0 * market.wealth[each.entered]), rel=1e-15)


def test_swap_costs_expiry_is_free_and_a_roll_pays_on_the_vega_left() -> None:
    """Opening pays 0.5 points on a vega of 1; leaving 7 fixings early pays a third of it times 25 / 20."""
    vix = np.full(30, 20.0)
    vix[14] = 25.0
    market = market_of(zigzag(30, 0.01), vix)
    costs = HedgeCosts(volatility_points=0.5)
    expiring = price(VarianceSwaps(1.0, costs=costs), market).unit_cost
    assert (expiring[0, 0], expiring[21, 0], expiring[21, 1]) == pytest.approx((0.5, 0.0, 0.5), rel=1e-12)
    rolled = price(VarianceSwaps(1.0, roll=7, costs=costs), market).unit_cost
    assert rolled[14] == pytest.approx([0.5 * 25.0 / 20.0 / 3.0, 0.5], rel=1e-12)


@pytest.mark.parametrize("cap", [None, 2.5])
def test_swap_worst_loss_is_reached_when_nothing_more_moves(cap: float | None) -> None:
    """From a close on which prices stop, a long swap loses exactly its worst loss by expiry, and never more before."""
    closes = zigzag(22, 0.04)
    closes[11:] = closes[10]
    market = market_of(closes, np.linspace(20.0, 45.0, 22), rate=0.03)
    priced = price(VarianceSwaps(1.0, cap=cap, costs=FREE), market)
    lost = priced.prices[10, 0] - priced.prices[21, 0]
    assert priced.worst_loss[10, 0] == pytest.approx(lost, rel=1e-12)


def test_swap_sold_worst_loss_is_the_distance_to_the_cap() -> None:
    """A strike of 20 capped at 2.5 costs its seller 52.5 a point at most, plus what the mark has already lost."""
    priced = price(VarianceSwaps(-1.0, cap=2.5, costs=FREE), market_of(zigzag(22, 0.01), 20.0))
    marked = priced.prices[5, 0]
    assert priced.worst_loss[5, 0] == pytest.approx(52.5 - marked, rel=1e-12)


def test_swap_shock_counts_the_jump_once_and_moves_what_is_left() -> None:
    """A fall of 20 % is 12 x ln(0.8)^2 x 10^4 squared points; 10 points more act on two thirds of a third-old swap."""
    market = market_of(zigzag(22, 0.01), 20.0)
    hedge = VarianceSwaps(1.0)
    gain = hedge.shocked_gain(market, price(hedge, market), -0.2, 10.0)
    jump = 12e4 * np.log(0.8) ** 2
    assert gain[7] == pytest.approx((jump + 2.0 / 3.0 * (30.0**2 - 20.0**2)) / 40.0, rel=1e-12)
    assert gain[0] == pytest.approx((jump + 30.0**2 - 20.0**2) / 40.0, rel=1e-12)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"vega_notional": 0.0}, "vega_notional must be money per volatility point and not 0"),
        ({"vega_notional": float("nan")}, "vega_notional"),
        ({"months": 2}, r"months of variance swaps must be one of \(1, 3, 6, 12\), not 2"),
        ({"roll": 21}, "fixings from 0 to 20, not 21"),
        ({"roll": "weekly"}, "roll must be 'at expiry'"),
        ({"ladder": 0}, "ladder must be a whole number from 1 to 21"),
        ({"ladder": 12, "roll": 10}, "ladder must be a whole number from 1 to 11"),
        ({"cap": 1.0}, "cap is a multiple of the strike above 1"),
        ({"vega_notional": -1.0}, "short variance swaps need a cap"),
        ({"strike_spread_points": -0.5}, "strike_spread_points"),
        ({"term": "linear"}, "term must be one of 'auto', 'indices', 'futures', 'flat'"),
    ],
)
def test_swap_that_is_no_programme_is_refused_by_a_sentence(wrong: dict[str, Any], words: str) -> None:
    """Each names the field, the rule and the value."""
    with pytest.raises(InputError, match=words):
        VarianceSwaps(**wrong)


def test_swap_costs_default_to_the_tenor_and_are_shown() -> None:
    """Costs are never implicit."""
    assert "volatility_points=0.5" in repr(VarianceSwaps())
    assert "volatility_points=0.25" in repr(VarianceSwaps(months=6))
    assert any("no swap was quoted" in each for each in price(VarianceSwaps(), drawn_market(60)).synthetic)
