"""Laws of a hedged option: a wrong volatility, costs after Leland, symmetry, gamma against theta, width of a band."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from discrete_hedging_oracle import call_and_delta, mean_at_wrong_volatility
from engine_cases import BOOKS, PAYING, PLAIN, START, run
from hedgerow.costs import HalfSpread
from hedgerow.hedgers import DeltaHedger, LelandHedger, leland_volatility
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.policies import Band, GammaScaledBand, ToleranceBand, WhalleyWilmott
from hedgerow.scenarios import GBM, MeanRevertingVolatility, RegimeSwitching

QUARTER = 91.25
BARE = {"attribution": False, "drawdown": False, "variance": False}


def option(kind: str = "call", strike: float = 100.0, days: float = QUARTER) -> EuropeanOption:
    return EuropeanOption("XYZ", kind, strike, START + pd.Timedelta(days=days))


def market(vol: float = 0.2, rate: float = 0.0) -> MarketState:
    return MarketState(START, {"XYZ": Underlying(100.0, vol, rate=rate)})


SHORT_CALL = Book([(option(), -1)])


# A volatility that is not the market's


def known_gain(rate: float, realised: float, sold_at: float = 0.2) -> float:
    """Return exp(rT) x (price at which the call was sold - price at the volatility that comes about)."""
    years = QUARTER / 365.0
    dear, fair = (call_and_delta(np.array([100.0]), 100.0, years, rate, 0.0, vol)[0][0] for vol in (sold_at, realised))
    return float(np.exp(rate * years) * (dear - fair))


@pytest.mark.compiled
@pytest.mark.parametrize("realised", [0.15, 0.3])
@pytest.mark.parametrize("growth", [-0.1, 0.3])
def test_hedge_at_the_implied_volatility_earns_half_gamma_times_the_variance_gap(
    realised: float, growth: float
) -> None:
    drawn = GBM(market(rate=0.05), volatility=realised, drift=growth)
    result = run(SHORT_CALL, drawn, n_paths=50_000, n_steps=250, **BARE)
    mean, error = result.summary().loc["mean"]
    expected = mean_at_wrong_volatility(QUARTER / 365.0, 0.2, realised, 0.05, growth)
    assert mean == pytest.approx(expected, abs=3.5 * error + 0.003 * abs(expected))
    assert abs(expected) > 50.0 * error


@pytest.mark.parametrize("realised", [0.15, 0.3])
def test_gain_at_a_wrong_volatility_has_the_sign_of_the_gap_and_tends_to_the_integral(realised: float) -> None:
    result = run(SHORT_CALL, GBM(market(rate=0.05), volatility=realised, drift=0.1), n_paths=2000, n_steps=60, **BARE)
    mean, error = result.summary().loc["mean"]
    assert mean == pytest.approx(mean_at_wrong_volatility(0.25, 0.2, realised, 0.05, 0.1), abs=4.0 * error)
    assert np.sign(mean) == np.sign(0.2 - realised)


@pytest.mark.parametrize("growth", [-0.3, 0.3])
def test_hedge_at_the_realised_volatility_locks_in_the_difference_of_prices(growth: float) -> None:
    """Ahmad and Wilmott (2005): whatever the drift, the P&L at the end is known, but for the steps."""
    drawn = GBM(market(rate=0.05), volatility=0.3, drift=growth)
    sure, noisy = (
        run(SHORT_CALL, drawn, hedger=DeltaHedger(vol), n_paths=1000, n_steps=500, **BARE) for vol in (0.3, None)
    )
    mean, error = sure.summary().loc["mean"]
    assert mean == pytest.approx(known_gain(0.05, 0.3), abs=4.0 * error + 0.01)
    assert sure.pnl.std() < 0.13 * abs(mean)  # sqrt(pi / 4N) vega volatility, of 500 steps
    assert noisy.pnl.std() > 2.0 * sure.pnl.std()
    assert (noisy.pnl < 0.0).all()  # sold too cheap and hedged at what it was sold at: it loses on every path


@pytest.mark.compiled
@pytest.mark.parametrize("hedged_at", [0.15, 0.2, 0.25, 0.4])
def test_mean_at_the_risk_free_drift_does_not_depend_on_the_hedge(hedged_at: float) -> None:
    drawn = GBM(market(rate=0.05), volatility=0.3)
    result = run(SHORT_CALL, drawn, hedger=DeltaHedger(hedged_at), n_paths=20_000, n_steps=63, **BARE)
    mean, error = result.summary().loc["mean"]
    assert mean == pytest.approx(known_gain(0.05, 0.3), abs=3.5 * error)


# Leland: a cost that shrinks with the root of the step


def leland_gap(n_steps: int, n_paths: int = 4000) -> tuple[float, float]:
    """Return the mean error of a call sold and hedged at Leland's volatility, and its standard error.

    The first trade, which replicates nothing, is not in Leland's price.
    """
    years = QUARTER / 365.0
    step = years / n_steps
    rate = 0.05 * np.sqrt(step)
    raised = float(leland_volatility(0.2, rate, step))
    book = Book([(option(), -1)])
    result = run(
        book,
        GBM(market(raised), volatility=0.2),
        costs=HalfSpread(1e4 * rate),
        n_paths=n_paths,
        n_steps=n_steps,
        **BARE,
    )
    first = rate * 100.0 * call_and_delta(np.array([100.0]), 100.0, years, 0.0, 0.0, raised)[1][0]
    mean, error = result.summary().loc["mean"]
    return mean + first, error


@pytest.mark.compiled
def test_error_of_lelands_hedge_tends_to_nothing_where_cost_shrinks_with_the_root_of_the_step() -> None:
    coarse, middle, fine = (leland_gap(n, 40_000) for n in (16, 128, 1024))
    assert abs(fine[0]) < 0.01 + 3.0 * fine[1]
    assert abs(fine[0]) < 0.5 * abs(coarse[0])
    assert fine[1] < middle[1] < coarse[1]


def test_hedge_without_lelands_price_loses_what_the_costs_are() -> None:
    years, n_steps = QUARTER / 365.0, 64
    rate = 0.05 * np.sqrt(years / n_steps)
    raised = float(leland_volatility(0.2, rate, years / n_steps))
    cheap = run(SHORT_CALL, GBM(market()), costs=HalfSpread(1e4 * rate), n_paths=2000, n_steps=n_steps, **BARE)
    short = known_gain(0.0, raised)
    mean, error = cheap.summary().loc["mean"]
    assert mean < 0.8 * short < 0.0
    assert abs(leland_gap(n_steps, 2000)[0]) < 0.15 * abs(short) + 3.0 * error


def test_lelands_hedger_is_the_delta_hedge_at_his_volatility() -> None:
    rate, per_year = 0.001, 48.0 / (QUARTER / 365.0)
    raised = float(leland_volatility(0.2, rate, 1.0 / per_year))
    options: dict[str, Any] = {"costs": HalfSpread(10.0), "n_paths": 100, "n_steps": 48}
    leland = run(SHORT_CALL, GBM(market()), hedger=LelandHedger(rate, rebalances_per_year=per_year), **options)
    delta = run(SHORT_CALL, GBM(market()), hedger=DeltaHedger(raised), **options)
    assert leland.how == "arrays"
    np.testing.assert_allclose(leland.pnl, delta.pnl, atol=1e-8)


# Symmetry of the accounts


def test_long_and_short_are_mirror_images_without_costs() -> None:
    for name in ("straddle", "three expiries", "units and options"):
        book = BOOKS[name]
        mirrored = Book([(each.instrument, -each.quantity) for each in book.positions])
        results = [run(each, GBM(PAYING), policy=Band(0.03)) for each in (book, mirrored)]
        np.testing.assert_allclose(results[0].pnl, -results[1].pnl, atol=1e-8)
        ours, theirs = (each.attribution()["mean"] for each in results)
        np.testing.assert_allclose(ours, -theirs, atol=1e-8)


def test_long_and_short_together_lose_the_costs_twice() -> None:
    both = [run(Book([(option(), each)]), GBM(PAYING), costs=HalfSpread(5.0)) for each in (-1, 1)]
    paid = [each.summary().loc["costs", "value"] for each in both]
    assert paid[0] == pytest.approx(paid[1], rel=1e-12)
    # interest on the costs paid is lost as well
    lost = -(both[0].pnl + both[1].pnl).mean()
    assert 2.0 * paid[0] < lost < 2.0 * paid[0] * np.exp(0.05 * QUARTER / 365.0)


def test_hedged_put_is_the_hedged_call() -> None:
    calls, puts = (
        run(Book([(option(kind, 103.0), -1)]), GBM(market(rate=0.05)), costs=HalfSpread(0.0))
        for kind in ("call", "put")
    )
    np.testing.assert_allclose(calls.pnl, puts.pnl, atol=1e-10)
    assert np.abs(calls.pnl).max() > 0.1


def test_hedged_put_is_the_hedged_call_with_equal_costs_after_the_first_trade() -> None:
    results = [run(Book([(option(kind), -1)]), GBM(market()), costs=HalfSpread(5.0)) for kind in ("call", "put")]
    deltas = call_and_delta(np.array([100.0]), 100.0, QUARTER / 365.0, 0.0, 0.0, 0.2)[1][0]
    first = 5e-4 * 100.0 * (deltas - (1.0 - deltas))
    np.testing.assert_allclose(results[0].pnl + first, results[1].pnl, atol=1e-10)


# Where the P&L came from


@pytest.mark.parametrize("name", list(BOOKS)[:6])
@pytest.mark.parametrize("lag", [0, 1, 3])
def test_parts_and_what_they_leave_unexplained_add_up_to_the_gain(name: str, lag: int) -> None:
    drawn = GBM(PAYING, implied=MeanRevertingVolatility(0.25, 5.0, 1.0, -0.6))
    result = run(BOOKS[name], drawn, policy=Band(0.03), costs=HalfSpread(5.0), lag=lag, n_paths=50)
    table = result.attribution()["mean"]
    gross = max(result.facts.gross_notional, 100.0)
    assert table.drop("total").sum() == pytest.approx(table["total"], abs=1e-9 * gross)
    assert table["total"] == pytest.approx(result.pnl.mean(), abs=1e-9 * gross)
    explained = result.explained(5)
    parts = sum(money.sum(axis=1) for money in explained.parts.values())
    np.testing.assert_allclose(parts, result.pnl[:5], atol=1e-9 * gross)


@pytest.mark.parametrize("side", [-1, 1])
def test_gain_is_half_gamma_times_realised_less_implied_variance(side: int) -> None:
    """Reliability N13: slope 1 +- 0.02 against sum of 1/2 gamma S^2 (move^2 - implied^2 dt), worked out here."""
    drawn = RegimeSwitching(market(), (0.1, 0.4), ((1.0, 0.0), (0.0, 1.0)))
    n_paths, n_steps = 600, 120
    gains, gaps = [], []
    for start in (0, 1):
        regime = replace(drawn, start=start)
        result = run(Book([(option(), side)]), regime, n_paths=n_paths, n_steps=n_steps, **BARE)
        spots = regime.draw(result.grid, n_paths, 4).spots[..., 0]
        gains.append(result.pnl)
        gaps.append(side * variance_gap(spots, result.grid.years, 0.2))
    gain, gap = np.concatenate(gains), np.concatenate(gaps)
    slope, level = np.polyfit(gap, gain, 1)
    assert slope == pytest.approx(1.0, abs=0.02)
    assert abs(level) < 0.02
    assert abs((gain - gap).mean()) < 2.0 * (gain - gap).std() / np.sqrt(len(gain)) + 0.01
    calm, wild = gains[0].mean(), gains[1].mean()
    assert side * (wild - calm) > 0.0  # who owns gamma gains where much moves, out of the accounts


def variance_gap(spots: np.ndarray, years: np.ndarray, implied: float) -> np.ndarray:
    """Return the sum of half cash gamma times (squared move - implied variance) of a call at 100, (n_paths,)."""
    left, steps = years[-1] - years[:-1], np.diff(years)
    root = implied * np.sqrt(left)
    d1 = np.log(spots[:, :-1] / 100.0) / root + 0.5 * root
    cash_gamma = spots[:, :-1] * np.exp(-0.5 * d1**2) / np.sqrt(2.0 * np.pi) / root
    moves = np.diff(spots, axis=1) / spots[:, :-1]
    return (0.5 * cash_gamma * (moves**2 - implied**2 * steps)).sum(axis=1)


def test_short_options_lose_on_gamma_and_earn_theta_and_long_ones_the_reverse() -> None:
    for side in (-1, 1):
        table = run(Book([(option(), side)]), GBM(market()), n_paths=500, n_steps=60).attribution()["mean"]
        assert side * table["gamma"] > 0.0 > side * table["theta"]


# The width of a band


def bands(kind: str) -> list[Any]:
    if kind == "whalley_wilmott":
        return [WhalleyWilmott(risk) for risk in (1e3, 1e2, 30.0, 10.0, 3.0, 1.0, 0.3)]
    makers = {"band": Band, "tolerance_band": ToleranceBand, "gamma_band": GammaScaledBand}
    widths = (0.004, 0.008, 0.016, 0.03, 0.06, 0.12, 0.24)
    return [makers[kind](width if kind != "gamma_band" else width / 4.0) for width in widths]


LONGER = [pytest.param(kind, marks=pytest.mark.compiled) for kind in ("tolerance_band", "gamma_band")]


@pytest.mark.parametrize("kind", ["band", "whalley_wilmott", *LONGER])
def test_wider_band_costs_less_and_risks_more(kind: str) -> None:
    results = [
        run(SHORT_CALL, GBM(PLAIN), policy=each, costs=HalfSpread(10.0), n_paths=2000, n_steps=63, **BARE)
        for each in bands(kind)
    ]
    tables = [each.summary()["value"] for each in results]
    for figure, sign in (("costs", -1.0), ("trades", -1.0), ("standard deviation", 1.0)):
        steps = sign * np.diff([table[figure] for table in tables])
        assert (steps > 0.0).all(), figure
