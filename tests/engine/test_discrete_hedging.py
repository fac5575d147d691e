"""Hedging at discrete moments: Derman and Kamal's law, exact quadrature, the order of convergence, Hull's tables."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from discrete_hedging_oracle import call_and_delta, deviation_of_discrete_hedge
from engine_cases import START
from hedgerow.engine import BookExecution, SimulateOptions, SimulationResult, run_book, simulate
from hedgerow.hedgers import DeltaGammaHedger, DeltaHedger
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import EveryPeriods
from hedgerow.scenarios import GBM, MarketPaths

MONTH = 1.0 / 12.0
VEGA = (
    100.0
    * np.sqrt(MONTH)
    * np.exp(-0.5 * (0.05 * np.sqrt(MONTH) / 0.2 + 0.1 * np.sqrt(MONTH)) ** 2)
    / np.sqrt(2 * np.pi)
)
BARE = {"attribution": False, "drawdown": False, "variance": False}


def market(rate: float = 0.05, carry: float = 0.0, vol: float = 0.2) -> MarketState:
    return MarketState(START, {"XYZ": Underlying(100.0, vol, rate=rate, dividend_yield=carry)})


def call(years: float = MONTH, strike: float = 100.0) -> EuropeanOption:
    return EuropeanOption("XYZ", "call", strike, START + pd.Timedelta(days=365.0 * years))


def hedged(n_steps: int, n_paths: int, carry: float = 0.0, seed: int = 3, years: float = MONTH) -> SimulationResult:
    """Return the sale of one call for a month, hedged at equal steps and followed by its P&L alone."""
    drawn = GBM(market(carry=carry), antithetic=False)
    options = SimulateOptions(**BARE)
    return simulate(
        Book([(call(years), -1)]), scenario=drawn, n_paths=n_paths, n_steps=n_steps, seed=seed, options=options
    )


@cache
def derman_kamal(n_steps: int) -> SimulationResult:
    return hedged(n_steps, 200_000)


def law(n_steps: int) -> float:
    """Return Derman and Kamal's standard deviation, sqrt(pi / 4N) x vega x volatility."""
    return float(np.sqrt(np.pi / (4.0 * n_steps)) * VEGA * 0.2)


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("n_steps", "law_says", "measured"), [(21, 0.4432, 0.4291), (84, 0.2216, 0.2180), (252, 0.1279, 0.1266)]
)
def test_deviation_is_that_of_derman_and_kamal(n_steps: int, law_says: float, measured: float) -> None:
    table = derman_kamal(n_steps).summary()
    deviation, error = table.loc["standard deviation"]
    assert law(n_steps) == pytest.approx(law_says, abs=5e-5)
    assert deviation == pytest.approx(
        measured, abs=4.0 * np.sqrt(2.0) * error
    )  # measured once by other code, 200,000 paths
    assert 0.96 <= deviation / law(n_steps) <= 1.0
    mean, error = table.loc["mean"]
    assert abs(mean) < 3.0 * error


@pytest.mark.compiled
def test_deviation_comes_nearer_to_the_law_with_more_steps() -> None:
    shares = [derman_kamal(n).gathered.moments["pnl"].standard_deviation / law(n) for n in (21, 84, 252)]
    assert shares == sorted(shares)


@pytest.mark.compiled
@pytest.mark.parametrize(("n_steps", "carry"), [(1, 0.0), (2, 0.03), (3, 0.0), (5, 0.03)])
def test_deviation_is_the_exact_one_of_quadrature(n_steps: int, carry: float) -> None:
    deviation, error = hedged(n_steps, 200_000, carry, seed=11).summary().loc["standard deviation"]
    exact = deviation_of_discrete_hedge(n_steps, MONTH, carry=carry)
    assert abs(deviation - exact) < 4.0 * error
    assert error < 0.004 * exact


@pytest.mark.parametrize("n_steps", [2, 5])
def test_deviation_of_a_small_run_agrees_with_quadrature(n_steps: int) -> None:
    result = hedged(n_steps, 4000)
    deviation, error = result.summary().loc["standard deviation"]
    assert abs(deviation - deviation_of_discrete_hedge(n_steps, MONTH, nodes=200, fine=2000)) < 4.0 * error
    mean, error = result.summary().loc["mean"]
    assert abs(mean) < 4.0 * error


def test_quadrature_has_converged() -> None:
    coarse = deviation_of_discrete_hedge(3, MONTH, nodes=200, fine=2000)
    assert coarse == pytest.approx(deviation_of_discrete_hedge(3, MONTH), rel=1e-5)


def test_one_step_deviation_is_that_of_an_option_against_forwards() -> None:
    """Second moments in closed form: E[S^2; S > K] = F^2 exp(v^2 T) N(d1 + v sqrt T), and so on."""
    years, vol, rate = MONTH, 0.2, 0.05
    price, delta = call_and_delta(np.array([100.0]), 100.0, years, rate, 0.0, vol)
    root = vol * np.sqrt(years)
    d1 = rate * years / root + 0.5 * root
    forward = 100.0 * np.exp(rate * years)
    second = forward**2 * np.exp(root**2) * ndtr(d1 + root)
    payoff_squared = second - 2.0 * 100.0 * forward * ndtr(d1) + 100.0**2 * ndtr(d1 - root)
    cross = second - 100.0 * forward * ndtr(d1)
    mean = float(price[0]) * np.exp(rate * years)
    spot_variance = forward**2 * np.expm1(root**2)
    variance = payoff_squared - mean**2 + delta[0] ** 2 * spot_variance - 2.0 * delta[0] * (cross - mean * forward)
    assert deviation_of_discrete_hedge(1, years) == pytest.approx(float(np.sqrt(variance)), rel=1e-5)


@pytest.mark.compiled
def test_deviation_falls_with_the_root_of_the_number_of_steps() -> None:
    steps = np.array([32, 64, 128, 256])
    found = [hedged(int(n), 100_000).gathered.moments["pnl"].standard_deviation for n in steps]
    slope = np.polyfit(np.log(steps), np.log(found), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.015)


@pytest.mark.compiled
def test_cost_of_replication_tends_to_the_price_of_black_and_scholes() -> None:
    result = hedged(4000, 2000)
    price = call_and_delta(np.array([100.0]), 100.0, MONTH, 0.05, 0.0, 0.2)[0][0]
    replicated = price - result.pnl * np.exp(-0.05 * MONTH)
    assert np.abs(replicated - price).max() < 0.12 * price
    assert replicated.std() < 0.015 * price
    assert replicated.mean() == pytest.approx(price, abs=3.0 * replicated.std() / np.sqrt(2000))


def deviation_with_gamma(n_steps: int, n_paths: int) -> float:
    """Return the deviation where a longer option hedges gamma beside delta."""
    hedger = DeltaGammaHedger([call(6.0 * MONTH)])
    start = market()
    grid = TimeGrid.even(START, START + pd.Timedelta(days=365.0 * 3.0 * MONTH), n_steps)
    book = Book([(call(4.0 * MONTH, 102.0), -1)])
    drawn = GBM(start).draw(grid, n_paths, seed=2)
    return float(run_book(drawn, book, hedger).pnl.std(ddof=1))


def deviation_without_gamma(n_steps: int, n_paths: int) -> float:
    book, end = Book([(call(4.0 * MONTH, 102.0), -1)]), START + pd.Timedelta(days=365.0 * 3.0 * MONTH)
    options = SimulateOptions(horizon=end, **BARE)
    drawn = GBM(market())
    return float(
        simulate(book, scenario=drawn, n_paths=n_paths, n_steps=n_steps, seed=2, options=options).pnl.std(ddof=1)
    )


@pytest.mark.compiled  # long, and says nothing that shorter tests of the hedger do not to coverage
def test_error_of_a_hedge_of_delta_and_gamma_falls_a_whole_order_in_steps() -> None:
    steps = np.array([8, 16, 32])
    with_gamma = [deviation_with_gamma(int(n), 600) for n in steps]
    without = [deviation_without_gamma(int(n), 600) for n in steps]
    slopes = [np.polyfit(np.log(steps), np.log(each), 1)[0] for each in (with_gamma, without)]
    assert slopes[0] == pytest.approx(-1.0, abs=0.2)
    assert slopes[1] == pytest.approx(-0.5, abs=0.1)
    assert all(a < 0.5 * b for a, b in zip(with_gamma, without, strict=True))


# Hull, Options, Futures and Other Derivatives, "Simulation of delta hedging": tables 19.2 and 19.3 of the 9th to 11th
# editions. A call on 100,000 shares is sold; S 49, K 50, r 5 %, volatility 20 %, 20 weeks, delta to three decimals.
HULL_IN = (49.00, 48.12, 47.37, 50.25, 51.75, 53.12, 53.00, 51.87, 51.38, 53.00, 49.88, 48.50, 49.88, 50.37, 52.13)
HULL_IN += (51.88, 52.87, 54.87, 54.62, 55.87, 57.25)
HULL_OUT = (49.00, 49.75, 52.00, 50.00, 48.38, 48.25, 48.75, 49.63, 48.25, 48.25, 51.12, 51.50, 49.88, 49.88, 48.75)
HULL_OUT += (47.50, 48.00, 46.25, 48.13, 46.63, 48.12)
BOUGHT_IN = (522, -64, -58, 196, 97, 81, -3, -65, -32, 113, -237, -137, 129, 49, 177, -9, 106, 113, 12, 10)
DELTAS_OUT = (522, 568, 705, 579, 459, 443, 475, 540, 420, 410, 658, 692, 542, 538, 400, 236, 261, 62, 183, 7)


def hull(prices: tuple[float, ...], lots: float | None = 100.0) -> tuple[float, np.ndarray]:
    """Return the cost of writing and hedging at the end, and the shares held, in hundreds."""
    start = MarketState(START, {"XYZ": Underlying(49.0, 0.2, rate=0.05)})
    end = START + pd.Timedelta(days=365.0 * 20.0 / 52.0)
    grid = TimeGrid.even(START, end, 20)
    spots = np.array(prices).reshape(1, 21, 1)
    paths = MarketPaths(start, grid, ("XYZ",), spots, np.full_like(spots, 0.2))
    book = Book([(EuropeanOption("XYZ", "call", 50.0, end, multiplier=100_000), -1)])
    run = run_book(paths, book, DeltaHedger(lots=lots), EveryPeriods(1), options=BookExecution())
    premium = -book.value(start) * np.exp(0.05 * 20.0 / 52.0)
    return premium - float(run.pnl[0]), run.ledger.holdings[0, :-1, 1] / 100.0


def test_table_of_hull_that_closes_in_the_money_is_reproduced() -> None:
    cost, shares = hull(HULL_IN)
    assert np.diff(shares, prepend=0.0).tolist() == list(BOUGHT_IN)
    assert cost == pytest.approx(263_300.0, abs=150.0)  # the table rounds interest and costs to hundreds every week


def test_table_of_hull_that_closes_out_of_the_money_is_reproduced() -> None:
    cost, shares = hull(HULL_OUT)
    assert shares.tolist() == list(DELTAS_OUT)
    assert cost == pytest.approx(256_600.0, abs=300.0)  # the same: 41 figures, each rounded to a hundred


def test_tables_of_hull_cost_about_the_price_of_the_option() -> None:
    price, _ = call_and_delta(np.array([49.0]), 50.0, 20.0 / 52.0, 0.05, 0.0, 0.2)
    assert 100_000.0 * price[0] == pytest.approx(240_000.0, abs=100.0)
    for prices in (HULL_IN, HULL_OUT):
        exact = hull(prices, lots=None)[0]
        assert exact == pytest.approx(hull(prices)[0], abs=500.0)
